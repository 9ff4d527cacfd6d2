import { SluiceError } from '../../../../contract/error.ts';
import type { GovernedHost } from '../../../core/flow/governed-host.ts';
import type { Account, SshTarget } from '../target.ts';
import { openEditorTerminal } from './editor-terminal.ts';

/** A host as the editor uses it: every line is decided as one of SSH is. */
export function editorHost(host: SshTarget, onFault: (error: SluiceError) => void): GovernedHost {
  const { target, accounts } = host;
  return {
    target,
    accounts: accounts.map(({ name }) => name),
    openTerminal: async (principal, id, wanted, screen) => {
      const account = accountOf(host, wanted.account);
      const session = { id, surface: 'editor', principal, target, network: 'editor' } as const;
      return openEditorTerminal({ host, account, session, onFault }, wanted, screen);
    },
  };
}

function accountOf({ target, accounts }: SshTarget, name: string): Account {
  const account = accounts.find((one) => one.name === name);
  if (account !== undefined) return account;
  throw new SluiceError('internal.fault', `${target.name} has no account ${name}.`, '');
}

import { SluiceError } from '../../../../contract/error.ts';
import type { PrincipalHandle } from '../../../core/access/principals.ts';
import type { GovernedHost } from '../../../core/flow/governed-host.ts';
import type { HostFiles } from '../sftp/files.ts';
import type { Account, SshTarget } from '../target.ts';
import { openEditorTerminal } from './editor-terminal.ts';
import { fetchFile, listFolder } from './files.ts';
import { OpenFiles } from './open-files.ts';

export type EditorHost = GovernedHost & { close(): void };

/** A host as the editor uses it: every line, and every look at a file, is decided as one of SSH is. */
export function editorHost(host: SshTarget, onFault: (error: SluiceError) => void): EditorHost {
  const { target, accounts } = host;
  const open = new OpenFiles(host);
  const withFiles = <Result>(
    principal: PrincipalHandle,
    name: string,
    work: (files: HostFiles) => Promise<Result>,
  ) => open.use(ownerOf(principal), principal, accountOf(host, name), work);
  return {
    target,
    accounts: accounts.map(({ name }) => name),
    openTerminal: async (principal, id, wanted, screen) => {
      const account = accountOf(host, wanted.account);
      const session = { id, surface: 'editor', principal, target, network: 'editor' } as const;
      return openEditorTerminal({ host, account, session, onFault }, wanted, screen);
    },
    listFiles: async (principal, { account, path }, left) =>
      withFiles(principal, account, (files) => listFolder(files, path, left)),
    readFile: async (principal, { account, path }, left) =>
      withFiles(principal, account, (files) => fetchFile(files, path, left)),
    close: () => open.close(),
  };
}

function accountOf({ target, accounts }: SshTarget, name: string): Account {
  const account = accounts.find((one) => one.name === name);
  if (account !== undefined) return account;
  throw new SluiceError('internal.fault', `${target.name} has no account ${name}.`, '');
}

function ownerOf(principal: PrincipalHandle) {
  const owner = principal.current();
  if (owner !== null) return owner.id;
  throw new SluiceError('identity.tokenInvalid', 'Your sign-in has ended.', 'Sign in again.');
}

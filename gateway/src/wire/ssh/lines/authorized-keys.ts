import { SluiceError } from '../../../../contract/error.ts';
import type { PublicKey } from '../keys/public-key.ts';
import { keyLine } from './key-line.ts';

export type AuthorizedKeyOptions = {
  /** The key is an authority's: certificates that it signed may sign in, for these principals. */
  certificateAuthorityFor?: readonly string[];
  /** Nothing but what `permit` names. */
  restrict?: boolean;
  permit?: readonly ('pty' | 'port-forwarding' | 'agent-forwarding' | 'X11-forwarding' | 'user-rc')[];
  /** The only command that may be run. */
  command?: string;
  /** The only networks or host patterns that it may be used from. */
  from?: readonly string[];
};

/**
 * A line of authorized_keys (sshd(8), "AUTHORIZED_KEYS FILE FORMAT"), without a line break.
 * @throws SluiceError `request.invalid` for an option that sshd would read as another one.
 */
export function authorizedKeyLine(
  { blob }: PublicKey,
  options: AuthorizedKeyOptions = {},
  comment = '',
): string {
  const { certificateAuthorityFor, restrict = false, permit = [], command, from } = options;
  const words = [
    ...(certificateAuthorityFor
      ? ['cert-authority', option('principals', list(certificateAuthorityFor))]
      : []),
    ...(restrict ? ['restrict', ...permit] : []),
    ...(command === undefined ? [] : [option('command', command)]),
    ...(from === undefined ? [] : [option('from', list(from))]),
  ];
  return words.length === 0 ? keyLine(blob, comment) : `${words.join(',')} ${keyLine(blob, comment)}`;
}

/** An item with a comma would be read as two. */
function list(items: readonly string[]): string {
  if (items.length === 0 || items.some((item) => item === '' || item.includes(','))) throw unwritable(items);
  return items.join(',');
}

/** sshd knows `\"` in a value and nothing else: a backslash at its end would swallow the closing quote. */
function option(name: string, value: string): string {
  if (/\p{Cc}|\\$/u.test(value)) throw unwritable([value]);
  return `${name}="${value.replaceAll('"', '\\"')}"`;
}

function unwritable(values: readonly string[]): SluiceError {
  const shown = values.map((value) => JSON.stringify(value)).join(' and ');
  return new SluiceError(
    'request.invalid',
    `authorized_keys has no way to write ${shown === '' ? 'an empty list' : shown}.`,
    'Use values without commas, control characters and a backslash at the end.',
  );
}

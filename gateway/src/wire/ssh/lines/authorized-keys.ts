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

/** A line of authorized_keys (sshd(8), "AUTHORIZED_KEYS FILE FORMAT"), without a line break. */
export function authorizedKeyLine(
  { blob }: PublicKey,
  options: AuthorizedKeyOptions = {},
  comment = '',
): string {
  const { certificateAuthorityFor, restrict = false, permit = [], command, from } = options;
  const words = [
    ...(certificateAuthorityFor
      ? ['cert-authority', option('principals', certificateAuthorityFor.join(','))]
      : []),
    ...(restrict ? ['restrict', ...permit] : []),
    ...(command === undefined ? [] : [option('command', command)]),
    ...(from === undefined ? [] : [option('from', from.join(','))]),
  ];
  return words.length === 0 ? keyLine(blob, comment) : `${words.join(',')} ${keyLine(blob, comment)}`;
}

function option(name: string, value: string): string {
  return `${name}="${value.replace(/\p{Cc}/gu, ' ').replaceAll('"', '\\"')}"`;
}

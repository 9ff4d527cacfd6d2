import type { Person } from '../../../gateway/contract/approval-request.ts';
import type { LineState, TerminalPlace } from './terminal-line.ts';

/** What a terminal is called: the host, and the account where one is named. */
export function terminalTitle({ target }: TerminalPlace, account: string, state: LineState): string {
  const name = account === '' ? target : `${account}@${target}`;
  switch (state.kind) {
    case 'connecting':
      return `${name} (connecting)`;
    case 'lost':
      return `${name} (reconnecting)`;
    case 'ended':
      return `${name} (ended)`;
    default:
      return name;
  }
}

/** "Dora Berg is watching", "Dora Berg and 2 others are watching"; empty where nobody is. */
export function watchersInWords(watchers: readonly Person[]): string {
  const [first, ...others] = watchers;
  if (first === undefined) return '';
  if (others.length === 0) return `${first.name} is watching`;
  if (others.length === 1) return `${first.name} and ${others[0]?.name} are watching`;
  return `${first.name} and ${others.length} others are watching`;
}

/** What a terminal shows below its last line when its shell has ended otherwise than by its person. */
export function endingInWords(why: string): string {
  const words = why === '' ? '' : `${why.replace(/\p{Cc}/gu, ' ')}\r\n`;
  return `\r\n\x1b[m${words}Press Enter to open a new session.\r\n`;
}

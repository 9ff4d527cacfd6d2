import type { Session } from '../../../core/flow/session.ts';
import { type Decidable, decidableDeed } from '../action.ts';

/** What asks for a terminal that nobody looks into: a line of the governed shell, or `ssh -t HOST sluice terminal`. */
export const RAW_TERMINAL = 'sluice terminal';

/** What its person is told when it opens. */
export const RAW_TERMINAL_WORDS =
  'From here on your lines are not looked at, but all that you see is recorded. Type exit to come back.';

export function asksForRawTerminal(line: string): boolean {
  return line.trim().replace(/\s+/g, ' ') === RAW_TERMINAL;
}

/** The account's own shell, as one thing that is decided and recorded when it opens. */
export function decidableRawTerminal(place: { session: Session; account: string }): Decidable {
  return decidableDeed(place, {
    statement: RAW_TERMINAL,
    uses: [{ kind: 'terminal' }],
    readOnly: false,
    // biome-ignore lint/suspicious/noTemplateCurlyInString: a line of shell
    granted: { kind: 'exec', command: '"${SHELL:-/bin/sh}" -l' },
  });
}

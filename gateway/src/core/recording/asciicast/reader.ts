import { type Header, readEvent, readHeader, type TerminalEvent } from '../../../../contract/asciicast.ts';

export type ReadRecording =
  | {
      kind: 'read';
      header: Header;
      events: readonly TerminalEvent[];
      /** Whether it ends within a line: the recording process died, and what follows was never kept. */
      isCut: boolean;
    }
  /** `why` names the line. */
  | { kind: 'unreadable'; why: string };

/** Reads the text of an asciicast v2 file. A last line that was cut off is left out; any other bad line is refused. */
export function readAsciicast(text: string): ReadRecording {
  const lines = text.split('\n');
  const last = lines.pop() ?? '';
  const [first = '', ...rest] = lines;
  const header = readHeader(first);
  if (header === null) return { kind: 'unreadable', why: 'Line 1 is no header of asciicast v2.' };
  const events: TerminalEvent[] = [];
  for (const [index, line] of rest.entries()) {
    const event = readEvent(line);
    if (event === null) return { kind: 'unreadable', why: `Line ${index + 2} is no event of asciicast v2.` };
    events.push(event);
  }
  return { kind: 'read', header, events, isCut: last !== '' };
}

import type { TerminalEvent } from '../../../../../gateway/contract/asciicast.ts';

/** Something that was found, and when it was shown. */
export type Found = { readonly atS: number; readonly excerpt: string };

const AROUND = 30;

/** Where in the output of these events the words stand, whatever their case; a program's control sequences aside. */
export function found(events: readonly TerminalEvent[], words: string): Found[] {
  const wanted = words.toLowerCase();
  if (wanted === '') return [];
  const { text, times } = plain(events);
  // A letter whose small form is longer would shift everything behind it.
  const small = text.toLowerCase().length === text.length ? text.toLowerCase() : text;
  const all: Found[] = [];
  for (let at = small.indexOf(wanted); at >= 0; at = small.indexOf(wanted, at + wanted.length)) {
    const end = at + wanted.length;
    const excerpt = text.slice(Math.max(0, at - AROUND), end + AROUND);
    all.push({ atS: timeAt(times, end - 1), excerpt: excerpt.replaceAll(/\s+/g, ' ').trim() });
  }
  return all;
}

/** From which character on something was written, and when. */
type Time = { readonly from: number; readonly atS: number };

function plain(events: readonly TerminalEvent[]): { text: string; times: Time[] } {
  const parts: string[] = [];
  const times: Time[] = [];
  let length = 0;
  for (const { atS, text } of whole(events)) {
    const shown = text.replaceAll(SEQUENCES, sequenceAsText).replaceAll(/\r\n?/g, '\n');
    times.push({ from: length, atS });
    parts.push(shown);
    length += shown.length;
  }
  return { text: parts.join(''), times };
}

/** Output, in pieces that end no control sequence in its midst. */
function whole(events: readonly TerminalEvent[]): { atS: number; text: string }[] {
  const pieces: { atS: number; text: string }[] = [];
  let rest = '';
  for (const event of events) {
    if (event.kind !== 'output') continue;
    const text = rest + event.text;
    const cut = UNFINISHED.exec(text)?.index ?? text.length;
    rest = text.slice(cut);
    pieces.push({ atS: event.atS, text: text.slice(0, cut) });
  }
  return pieces;
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: escape sequences are looked for
const UNFINISHED = /\u001b(?:\[[ -?]{0,64}|[\]PX^_][^\u0007\u001b]{0,256})?$/;
const SEQUENCES =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: escape sequences are looked for
  /\u001b(?:\[[ -?]*([@-~])|[\]PX^_][^\u0007\u001b]*(?:\u0007|\u001b\\)?|[ -/]*[0-~])|[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f]/g;

/** What moves the cursor to another line ends a line; the rest changes nothing of the words. */
function sequenceAsText(_: string, final?: string): string {
  if (final === 'C') return ' ';
  return final !== undefined && 'ABEFHdf'.includes(final) ? '\n' : '';
}

function timeAt(times: readonly Time[], at: number): number {
  let [low, high] = [0, times.length - 1];
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if ((times[middle]?.from ?? 0) <= at) low = middle;
    else high = middle - 1;
  }
  return times[low]?.atS ?? 0;
}

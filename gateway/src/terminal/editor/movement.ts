import { clusterEnd, clusterStart } from '../text/graphemes.ts';
import { lineEnd, lineStart, wordEnd, wordStart } from '../text/words.ts';
import { type Command, type Editor, moved } from './state.ts';

export const forwardCharacter: Command = (state) => moved(state, clusterEnd(state.text, state.cursor));
export const backwardCharacter: Command = (state) => moved(state, clusterStart(state.text, state.cursor));
export const forwardWord: Command = (state) => moved(state, wordEnd(state.text, state.cursor));
export const backwardWord: Command = (state) => moved(state, wordStart(state.text, state.cursor));
export const beginningOfLine: Command = (state) => ({
  state: { ...state, cursor: lineStart(state.text, state.cursor) },
  events: [],
});
export const endOfLine: Command = (state) => ({
  state: { ...state, cursor: lineEnd(state.text, state.cursor) },
  events: [],
});

/** Offset of the same column one line up; null in the first line. Columns are counted in clusters. */
export function lineAbove(state: Editor): number | null {
  const start = lineStart(state.text, state.cursor);
  if (start === 0) return null;
  return offsetInLine(state.text, lineStart(state.text, start - 1), columnOf(state));
}

/** Offset of the same column one line down; null in the last line. */
export function lineBelow(state: Editor): number | null {
  const end = lineEnd(state.text, state.cursor);
  return end === state.text.length ? null : offsetInLine(state.text, end + 1, columnOf(state));
}

function columnOf({ text, cursor }: Editor): number {
  let column = 0;
  for (let at = lineStart(text, cursor); at < cursor; at = clusterEnd(text, at)) column += 1;
  return column;
}

function offsetInLine(text: string, start: number, column: number): number {
  const end = lineEnd(text, start);
  let at = start;
  for (let passed = 0; passed < column && at < end; passed += 1) at = clusterEnd(text, at);
  return at;
}

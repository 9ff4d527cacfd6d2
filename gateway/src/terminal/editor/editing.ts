import { clusterEnd, clusterStart } from '../text/graphemes.ts';
import { lineStart, wordEnd, wordStart } from '../text/words.ts';
import { bell, type Command, changed, type Editor, replaced, type Step, step } from './state.ts';

/** Inserts what was typed or pasted, as it is. */
export function inserted(state: Editor, text: string, kind: 'typed' | 'other'): Step {
  return replaced(state, state.cursor, state.cursor, text, { kind });
}

export const newline: Command = (state) => inserted(state, '\n', 'other');

export const deleteCharacter: Command = (state) =>
  state.cursor === state.text.length
    ? bell(state)
    : replaced(state, state.cursor, clusterEnd(state.text, state.cursor), '');

export const backwardDeleteCharacter: Command = (state) =>
  state.cursor === 0
    ? bell(state)
    : replaced(state, clusterStart(state.text, state.cursor), state.cursor, '');

/** Ctrl-D: end of file where nothing is typed. */
export const deleteOrEndOfFile: Command = (state) =>
  state.text === '' ? step({ ...state, mode: 'ended' }, { kind: 'endOfFile' }) : deleteCharacter(state);

/** The characters before and at the cursor change places; at the end of the line, the last two. */
export const transposeCharacters: Command = (state) => {
  const { text, cursor } = state;
  const atEnd = cursor === text.length || text[cursor] === '\n';
  const middle = atEnd ? clusterStart(text, cursor) : cursor;
  const start = clusterStart(text, middle);
  if (middle <= lineStart(text, cursor)) return bell(state);
  const end = clusterEnd(text, middle);
  return replaced(state, start, end, text.slice(middle, end) + text.slice(start, middle));
};

/** The word before the cursor and the one at or behind it change places. */
export const transposeWords: Command = (state) => {
  const { text } = state;
  const end = wordEnd(text, state.cursor);
  const second = wordStart(text, end);
  const first = wordStart(text, second);
  const firstEnd = wordEnd(text, first);
  if (first === second || firstEnd > second) return bell(state);
  const swapped = text.slice(second, end) + text.slice(firstEnd, second) + text.slice(first, firstEnd);
  return replaced(state, first, end, swapped);
};

/** A command that rewrites the rest of the word at or behind the cursor. */
function onWord(rewrite: (word: string) => string): Command {
  return (state) => {
    const end = wordEnd(state.text, state.cursor);
    return end === state.cursor
      ? bell(state)
      : replaced(state, state.cursor, end, rewrite(state.text.slice(state.cursor, end)));
  };
}

export const upcaseWord = onWord((word) => word.toUpperCase());
export const downcaseWord = onWord((word) => word.toLowerCase());
export const capitalizeWord = onWord((word) =>
  word.toLowerCase().replace(/\p{L}|\p{N}/u, (letter) => letter.toUpperCase()),
);

export const undo: Command = (state) => {
  const before = state.undo.at(-1);
  if (before === undefined) return bell(state);
  const { state: restored } = changed(state, before.text, before.cursor);
  return step({ ...restored, undo: state.undo.slice(0, -1) });
};

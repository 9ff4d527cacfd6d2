import { lastArgument } from '../text/words.ts';
import { lineAbove, lineBelow } from './movement.ts';
import { bell, type Command, type Editor, moved, type Recall, replaced, type Step, step } from './state.ts';

/** The text of an entry as it was left when it was last edited in this line; the new line is behind all entries. */
export function entryText({ history, recall }: Editor, entry: number): string {
  return recall.edited.get(entry) ?? history.entries[entry] ?? '';
}

/** The recall with what is being edited kept in its place. */
export function leaving({ text, recall, history }: Editor, entry: number): Recall {
  if (text === (history.entries[recall.entry] ?? '')) return { ...recall, entry };
  return { entry, edited: new Map(recall.edited).set(recall.entry, text) };
}

function recalled(state: Editor, entry: number): Step {
  if (entry < 0 || entry > state.history.entries.length || entry === state.recall.entry) return bell(state);
  const text = entryText(state, entry);
  return step({ ...state, text, cursor: text.length, recall: leaving(state, entry), undo: [] });
}

export const previousEntry: Command = (state) => recalled(state, state.recall.entry - 1);
export const nextEntry: Command = (state) => recalled(state, state.recall.entry + 1);
export const firstEntry: Command = (state) => recalled(state, 0);
export const newLineEntry: Command = (state) => recalled(state, state.history.entries.length);

/** One line up in a text of several lines, and from its first line to the entry before. */
export const up: Command = (state) => {
  const above = lineAbove(state);
  return above === null ? previousEntry(state) : moved(state, above);
};

/** One line down in a text of several lines, and from its last line to the next entry. */
export const down: Command = (state) => {
  const below = lineBelow(state);
  return below === null ? nextEntry(state) : moved(state, below);
};

/** The last word of the entry before; again: of the one before that, in its place. */
export const yankLastArgument: Command = (state) => {
  const again = state.last.kind === 'argument' ? state.last : null;
  const from = again?.from ?? state.cursor;
  for (let entry = (again?.entry ?? state.history.entries.length) - 1; entry >= 0; entry -= 1) {
    const argument = lastArgument(state.history.entries[entry] ?? '');
    if (argument !== null) {
      return replaced(state, from, state.cursor, argument, { kind: 'argument', from, entry });
    }
  }
  return bell(state);
};

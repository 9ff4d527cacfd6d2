import { emptyHistory, type History } from '../history/history.ts';
import { snapped } from '../text/graphemes.ts';

/** Longest line, newlines included, in UTF-16 units. */
export const MAX_LINE_LENGTH = 32_768;

/** What to insert for a word, and how to show it in a list. Both are the caller's own: quoted, and with its end. */
export type Candidate = {
  /** In place of the word: `'my file'`, `/etc/`. */
  readonly text: string;
  /** In the list: `my file`. */
  readonly shown: string;
  /** Follows when it is the only one: a blank, or nothing behind a folder. */
  readonly suffix: string;
};

export type EditorEvent =
  /** A line was entered: answer with `answered`. */
  | { readonly kind: 'submit'; readonly line: string }
  /** The word before `cursor` is to be completed: answer with `completed`. */
  | { readonly kind: 'complete'; readonly text: string; readonly cursor: number }
  /** Candidates to be listed below the line. */
  | { readonly kind: 'list'; readonly candidates: readonly Candidate[] }
  /** Ctrl-C: the line is gone. */
  | { readonly kind: 'abandoned' }
  /** Ctrl-D on an empty line. */
  | { readonly kind: 'endOfFile' }
  | { readonly kind: 'clearScreen' }
  /** The key could do nothing. */
  | { readonly kind: 'bell' }
  /** The line would be too long; nothing of what came was taken. After typing it is only left by Ctrl-C. */
  | { readonly kind: 'tooLong' };

/** What the key before did, where the next one goes on from it. */
export type LastAction =
  | { readonly kind: 'other' }
  /** Text was typed: one step to undo. */
  | { readonly kind: 'typed' }
  | { readonly kind: 'killed' }
  | { readonly kind: 'yanked'; readonly from: number; readonly ring: number }
  | { readonly kind: 'argument'; readonly from: number; readonly entry: number }
  | { readonly kind: 'completed'; readonly candidates: readonly Candidate[] };

/** Where in the history the text is from: `entries.length` is the new line. Entries edited on the way are kept. */
export type Recall = { readonly entry: number; readonly edited: ReadonlyMap<number, string> };

export type Search = {
  readonly query: string;
  readonly older: boolean;
  readonly failed: boolean;
  /** To come back to when the search is given up. */
  readonly origin: { readonly text: string; readonly cursor: number; readonly recall: Recall };
};

export type Snapshot = { readonly text: string; readonly cursor: number };

/**
 * The line that is being edited. `cursor` is an offset in UTF-16 units, always at the border of a grapheme cluster.
 * `mode`: keys count while `editing`; the other modes wait for `answered`, `completed` or `nextLine`.
 */
export type Editor = {
  readonly mode: 'editing' | 'submitted' | 'completing' | 'ended';
  readonly text: string;
  readonly cursor: number;
  readonly history: History;
  readonly recall: Recall;
  readonly search: Search | null;
  readonly lastQuery: string;
  /** Newest first. */
  readonly killRing: readonly string[];
  readonly undo: readonly Snapshot[];
  readonly last: LastAction;
  /** Some of what was typed found no room: what is left is another line, and is not submitted. */
  readonly isCut: boolean;
  /** An ESC alone came: the next character counts as with Alt. */
  readonly meta: boolean;
};

export type Step = { readonly state: Editor; readonly events: readonly EditorEvent[] };

/** What a key does. */
export type Command = (state: Editor) => Step;

const MAX_UNDO = 50;
const nothing: LastAction = { kind: 'other' };

/** An editor with an empty line. */
export function newEditor(history: History = emptyHistory, killRing: readonly string[] = []): Editor {
  return {
    mode: 'editing',
    text: '',
    cursor: 0,
    history,
    recall: { entry: history.entries.length, edited: new Map() },
    search: null,
    lastQuery: '',
    killRing,
    undo: [],
    last: nothing,
    isCut: false,
    meta: false,
  };
}

export function step(state: Editor, ...events: EditorEvent[]): Step {
  return { state, events };
}

export function bell(state: Editor): Step {
  return step(state, { kind: 'bell' });
}

/** The cursor elsewhere; a bell if it is there already. */
export function moved(state: Editor, cursor: number): Step {
  return cursor === state.cursor ? bell(state) : step({ ...state, cursor: snapped(state.text, cursor) });
}

/** Another text, to be undone in one step. A text that would be too long changes nothing. */
export function changed(state: Editor, text: string, cursor: number, last: LastAction = nothing): Step {
  if (text.length > MAX_LINE_LENGTH) return step(state, { kind: 'tooLong' });
  const goesOn = last.kind === 'typed' && state.last.kind === 'typed';
  const undo = goesOn
    ? state.undo
    : [...state.undo, { text: state.text, cursor: state.cursor }].slice(-MAX_UNDO);
  return step({ ...state, text, cursor: snapped(text, cursor), undo, last });
}

/** The text with what stands between two offsets replaced, the cursor behind it. */
export function replaced(state: Editor, from: number, to: number, by: string, last?: LastAction): Step {
  const text = state.text.slice(0, from) + by + state.text.slice(to);
  return changed(state, text, from + by.length, last);
}

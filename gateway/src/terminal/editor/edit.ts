import { remember } from '../history/history.ts';
import type { Key } from '../keys/key.ts';
import { bindings, keyName } from './bindings.ts';
import { inserted } from './editing.ts';
import { accepted, searchKey } from './search.ts';
import { bell, changed, type Editor, newEditor, type Step, step } from './state.ts';

/**
 * What a key makes of the line, and what the caller has to see to. Only in mode `editing` keys count, and while a
 * completion is awaited Ctrl-C; the caller keeps the others for later. Never throws.
 */
export function edit(state: Editor, key: Key): Step {
  if (state.mode !== 'editing' && !(state.mode === 'completing' && isInterrupt(key))) return step(state);
  if (state.meta) return edit({ ...state, meta: false }, withAlt(key));
  const result = state.search === null ? bound(state, key) : searching(state, key);
  // Only a command that says so lets the next key go on from it.
  return result.state.last === state.last && state.last.kind !== 'other'
    ? { ...result, state: { ...result.state, last: { kind: 'other' } } }
    : result;
}

/** Ctrl-C. */
export function isInterrupt(key: Key): boolean {
  return key.kind === 'control' && key.character === 'c';
}

function searching(state: Editor, key: Key): Step {
  const found = state.search === null ? null : searchKey(state, state.search, key);
  return found ?? bound(accepted(state), key);
}

function bound(state: Editor, key: Key): Step {
  if (key.kind === 'text') return typed(state, key.text);
  if (key.kind === 'paste') return inserted(state, key.text, 'other');
  if (key.kind === 'pasteTooLong') return step(state, { kind: 'tooLong' });
  if (key.kind === 'named' && key.name === 'escape') return step({ ...state, meta: true });
  const command = bindings.get(keyName(key) ?? '');
  return command === undefined ? bell(state) : command(state);
}

function typed(state: Editor, text: string): Step {
  const result = inserted(state, text, 'typed');
  const isCut = result.events.some(({ kind }) => kind === 'tooLong');
  return isCut ? { ...result, state: { ...state, isCut } } : result;
}

/** ESC and then a key is Alt with it. */
function withAlt(key: Key): Key {
  if (key.kind === 'named') return { ...key, alt: true };
  if (key.kind !== 'text') return key;
  const [character = '', ...rest] = key.text;
  return rest.length === 0 ? { kind: 'alt', character } : key;
}

/**
 * The answer to a `submit` event. `complete`: the line is remembered and this editor has ended, `nextLine` begins
 * another. `incomplete`: the text goes on in a new line. `refused`: it may be edited further as it stands.
 */
export function answered(state: Editor, answer: 'complete' | 'incomplete' | 'refused'): Step {
  if (state.mode !== 'submitted') return step(state);
  const editing: Editor = { ...state, mode: 'editing' };
  if (answer === 'refused') return step(editing);
  if (answer === 'incomplete') return changed(editing, `${state.text}\n`, state.text.length + 1);
  return step({ ...state, mode: 'ended', history: remember(state.history, state.text) });
}

/** An empty line that knows the history, what was killed and what was searched for. */
export function nextLine({ history, killRing, lastQuery }: Editor): Editor {
  return { ...newEditor(history, killRing), lastQuery };
}

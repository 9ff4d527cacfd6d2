import { snapped } from '../text/graphemes.ts';
import { bell, type Candidate, type Command, type Editor, replaced, type Step, step } from './state.ts';

/** Candidates that are looked at. */
export const MAX_CANDIDATES = 2000;

/** Tab: asks for candidates; again, when they are known and there are several, lists them. */
export const complete: Command = (state) => {
  if (state.last.kind === 'completed') {
    const { candidates } = state.last;
    return step({ ...state, last: { kind: 'completed', candidates } }, { kind: 'list', candidates });
  }
  const { text, cursor } = state;
  return step({ ...state, mode: 'completing' }, { kind: 'complete', text, cursor });
};

/**
 * The answer to a `complete` event: what may stand from offset `from` up to the cursor. One candidate is inserted, of
 * several what they have in common. Changes nothing where no answer is awaited.
 */
export function completed(state: Editor, from: number, candidates: readonly Candidate[]): Step {
  if (state.mode !== 'completing') return step(state);
  const editing: Editor = { ...state, mode: 'editing' };
  const known = candidates.slice(0, MAX_CANDIDATES);
  const [first, second] = known;
  if (first === undefined || from < 0 || from > state.cursor) return bell(editing);
  if (second === undefined) return replaced(editing, from, state.cursor, first.text + first.suffix);
  return withCommon(editing, from, known);
}

function withCommon(state: Editor, from: number, candidates: readonly Candidate[]): Step {
  const common = commonPrefix(candidates.map(({ text }) => text));
  const last = { kind: 'completed', candidates } as const;
  if (common.length <= state.cursor - from) return bell({ ...state, last });
  return replaced(state, from, state.cursor, common, last);
}

/** What all texts begin with, whole characters only. */
function commonPrefix(texts: readonly string[]): string {
  const [first = '', ...rest] = texts;
  let length = first.length;
  for (const text of rest) {
    let same = 0;
    while (same < length && text.charCodeAt(same) === first.charCodeAt(same)) same += 1;
    length = same;
  }
  return snapped(first, length) === length ? first.slice(0, length) : withoutPart(first, length);
}

function withoutPart(text: string, length: number): string {
  let end = length;
  while (end > 0 && snapped(text, end) !== end) end -= 1;
  return text.slice(0, end);
}

import { lineEnd, lineStart, NO_BLANKS, wordEnd, wordStart } from '../text/words.ts';
import { bell, type Command, type Editor, replaced, type Step } from './state.ts';

const MAX_KILLS = 16;

/** Kills what `to` reaches from the cursor, either way. Kills in a row are yanked as one. */
function kill(to: (state: Editor) => number): Command {
  return (state) => {
    const other = to(state);
    if (other === state.cursor) return bell(state);
    const from = Math.min(other, state.cursor);
    const end = Math.max(other, state.cursor);
    const killed = state.text.slice(from, end);
    const killRing = ringWith(state, killed, other < state.cursor);
    return replaced({ ...state, killRing }, from, end, '', { kind: 'killed' });
  };
}

function ringWith({ killRing, last }: Editor, killed: string, backward: boolean): readonly string[] {
  const [newest = '', ...older] = killRing;
  if (last.kind !== 'killed') return [killed, ...killRing].slice(0, MAX_KILLS);
  return [backward ? killed + newest : newest + killed, ...older];
}

/** At the end of a line that has one below: its newline. */
export const killLine = kill(({ text, cursor }) => Math.max(lineEnd(text, cursor), newlineAt(text, cursor)));
/** At the beginning of a line that has one above: the newline between. */
export const killBackwardLine = kill(({ text, cursor }) => {
  const start = lineStart(text, cursor);
  return start === cursor ? Math.max(0, start - 1) : start;
});
export const killWord = kill(({ text, cursor }) => wordEnd(text, cursor));
export const backwardKillWord = kill(({ text, cursor }) => wordStart(text, cursor));
export const backwardKillBlankWord = kill(({ text, cursor }) => wordStart(text, cursor, NO_BLANKS));

function newlineAt(text: string, at: number): number {
  return text[at] === '\n' ? at + 1 : at;
}

export const yank: Command = (state) => insertKill(state, state.cursor, state.cursor, 0);

/** Directly behind a yank: what was killed before that in its place. */
export const yankPop: Command = (state) => {
  if (state.last.kind !== 'yanked') return bell(state);
  const { from, ring } = state.last;
  return insertKill(state, from, state.cursor, (ring + 1) % state.killRing.length);
};

function insertKill(state: Editor, from: number, to: number, ring: number): Step {
  const text = state.killRing[ring];
  return text === undefined ? bell(state) : replaced(state, from, to, text, { kind: 'yanked', from, ring });
}

import type { Key } from '../keys/key.ts';
import { clusterStart, snapped } from '../text/graphemes.ts';
import { entryText, leaving } from './recall.ts';
import { bell, type Command, type Editor, type Search, type Step, step } from './state.ts';

const MAX_QUERY_LENGTH = 256;

/** Begins an incremental search through the history. */
export function beginSearch(older: boolean): Command {
  return (state) => {
    const { text, cursor, recall } = state;
    return step({
      ...state,
      search: { query: '', older, failed: false, origin: { text, cursor, recall } },
    });
  };
}

/** What a key does in a search; null when it ends the search and then counts as ever. */
export function searchKey(state: Editor, search: Search, key: Key): Step | null {
  if (key.kind === 'text') return withQuery(state, search, search.query + key.text);
  if (key.kind === 'paste') return withQuery(state, search, search.query + key.text);
  if (key.kind === 'named' && key.name === 'backspace' && !key.alt) return shortened(state, search);
  if (key.kind === 'named' && key.name === 'escape') return step(accepted(state));
  if (key.kind !== 'control') return null;
  if (key.character === 'r' || key.character === 's') return again(state, search, key.character === 'r');
  return key.character === 'g' ? bell(givenUp(state, search)) : null;
}

/** The search ends and what it found is the line. */
export function accepted(state: Editor): Editor {
  return { ...state, search: null, lastQuery: state.search?.query || state.lastQuery };
}

function givenUp(state: Editor, { origin }: Search): Editor {
  return { ...accepted(state), ...origin };
}

function withQuery(state: Editor, search: Search, query: string): Step {
  if (query.length > MAX_QUERY_LENGTH) return bell(state);
  return found(state, { ...search, query }, state.recall.entry);
}

/** Without its last character, found anew from where the search began. */
function shortened(state: Editor, search: Search): Step {
  const query = search.query.slice(0, clusterStart(search.query, search.query.length));
  const { text, cursor, recall } = search.origin;
  return found({ ...state, text, cursor, recall }, { ...search, query }, recall.entry);
}

/** The next match; without a query the last search's one. */
function again(state: Editor, search: Search, older: boolean): Step {
  if (search.query === '') return withQuery(state, { ...search, older }, state.lastQuery);
  return found(state, { ...search, older }, state.recall.entry + (older ? -1 : 1));
}

/** Looks from `entry` on, the entry itself first; a text that is shown already is no new match. */
function found(state: Editor, search: Search, entry: number): Step {
  if (search.query === '') return step({ ...state, search: { ...search, failed: false } });
  const direction = search.older ? -1 : 1;
  for (let at = entry; at >= 0 && at <= state.history.entries.length; at += direction) {
    const text = at === state.recall.entry ? state.text : entryText(state, at);
    const cursor = text.lastIndexOf(search.query);
    if (cursor !== -1 && (at === state.recall.entry || text !== state.text)) {
      const recall = at === state.recall.entry ? state.recall : leaving(state, at);
      return step({
        ...state,
        text,
        cursor: snapped(text, cursor),
        recall,
        search: { ...search, failed: false },
      });
    }
  }
  return bell({ ...state, search: { ...search, failed: true } });
}

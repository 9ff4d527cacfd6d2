import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  type ResultsState,
  ResultsState as ResultsStateSchema,
} from '../../../../../extension/contract/results-state.ts';
import {
  INITIAL,
  selectedRun,
  selectedTab,
  tabsOf,
  type ViewState,
  withGrid,
  withProgress,
  withResults,
  withRun,
  withTab,
} from './view-state.ts';

const arrangement = { version: 0, order: [], filters: [], rowCount: 10 };

function resultsOf(...ids: string[]): ResultsState {
  return ResultsStateSchema.parse({
    document: { uri: 'file:///a.sql', name: 'a.sql' },
    readiness: 'ready',
    runs: ids.map((id) => ({
      id,
      target: 'shop',
      status: 'running',
      startedAt: '2026-03-02T10:00:00Z',
      elapsedMs: 5,
      statements: [],
      resultSets: [
        {
          id: `${id}-1`,
          statement: 0,
          columns: [],
          rowCount: 10,
          complete: false,
          limitedToRows: null,
          arrangement,
        },
      ],
      notices: [],
      transaction: 'idle',
    })),
  });
}

test('a new run comes to the front; a change of an old one does not', () => {
  let view = withResults(INITIAL, resultsOf('a'));
  assert.equal(selectedRun(view)?.id, 'a');
  view = withResults(view, resultsOf('b', 'a'));
  assert.equal(selectedRun(view)?.id, 'b');
  view = withResults(withRun(view, 'a'), resultsOf('b', 'a'));
  assert.equal(selectedRun(view)?.id, 'a');
});

test('the selected run survives a reload, and its loss', () => {
  const kept: ViewState = { ...INITIAL, ui: { ...INITIAL.ui, selectedRun: 'a' } };
  assert.equal(selectedRun(withResults(kept, resultsOf('b', 'a')))?.id, 'a');
  assert.equal(selectedRun(withResults(kept, resultsOf('b')))?.id, 'b');
});

test('progress moves counts and status of its run only', () => {
  const view = withResults(INITIAL, resultsOf('b', 'a'));
  const [first, second] = view.results?.runs ?? [];
  const set = second?.resultSets[0];
  assert.ok(first && second && set);
  const sets = [{ id: set.id, rowCount: 99, complete: true, arrangement: { ...arrangement, rowCount: 99 } }];
  const next = withProgress(view, { run: second.id, status: 'done', elapsedMs: 7, sets });
  assert.equal(next.results?.runs[0], first);
  assert.equal(next.results?.runs[1]?.resultSets[0]?.arrangement.rowCount, 99);
  assert.equal(next.results?.runs[1]?.status, 'done');
});

test('tabs: the first result, until a person chooses', () => {
  const view = withResults(INITIAL, resultsOf('a'));
  const run = selectedRun(view);
  assert.ok(run);
  assert.deepEqual(
    tabsOf(run).map(({ key }) => key),
    ['a-1', 'messages'],
  );
  assert.equal(selectedTab(view, run).key, 'a-1');
  assert.equal(selectedTab(withTab(view, 'a', 'messages'), run).key, 'messages');
  assert.equal(selectedTab(withTab(view, 'a', 'gone'), run).key, 'a-1');
});

test('what is remembered of grids is bounded, the latest kept', () => {
  let view = INITIAL;
  const grid = { topRow: 0, scrollLeftPx: 0, widthsPx: {}, frozenColumns: 0, active: null };
  for (let set = 0; set < 100; set++) view = withGrid(view, `set-${set}`, grid);
  assert.equal(Object.keys(view.ui.grids).length, 40);
  assert.ok(view.ui.grids['set-99']);
});

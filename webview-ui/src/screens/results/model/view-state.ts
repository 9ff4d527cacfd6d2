import type { z } from 'zod';
import type { resultsHost } from '../../../../../extension/contract/results-messages.ts';
import type {
  ResultSet,
  ResultsState,
  Run,
  StatementRun,
} from '../../../../../extension/contract/results-state.ts';
import { EMPTY_UI, type GridUi, type ResultsUi } from '../../../../../extension/contract/results-ui.ts';

/** How many result sets' scroll and widths are remembered. */
const GRIDS_REMEMBERED = 40;

/** All that the screen shows, rows apart: what the host said, and what the person did with it. */
export type ViewState = { readonly results: ResultsState | null; readonly ui: ResultsUi };
export type Progress = z.output<(typeof resultsHost.events)['progress']>;

export type Tab =
  | { readonly key: string; readonly kind: 'set'; readonly set: ResultSet }
  | { readonly key: 'held'; readonly kind: 'held'; readonly statement: number }
  | { readonly key: 'failure'; readonly kind: 'failure'; readonly statement: number }
  | { readonly key: 'messages'; readonly kind: 'messages'; readonly count: number };

export const INITIAL: ViewState = { results: null, ui: EMPTY_UI };

/** The host's word replaces the last; a run that is gone loses its selection, a new newest run takes it. */
export function withResults(view: ViewState, results: ResultsState): ViewState {
  const newest = results.runs[0]?.id ?? null;
  const wasNewest = view.results?.runs[0]?.id ?? null;
  const still = results.runs.some(({ id }) => id === view.ui.selectedRun);
  const follows = view.results !== null && newest !== wasNewest;
  const selectedRun = still && !follows ? view.ui.selectedRun : newest;
  return { results, ui: { ...view.ui, selectedRun } };
}

export function withProgress(view: ViewState, progress: Progress): ViewState {
  if (!view.results) return view;
  const runs = view.results.runs.map((run) => (run.id === progress.run ? advance(run, progress) : run));
  return { ...view, results: { ...view.results, runs } };
}

/** One result set was rearranged by the host. */
export function withArrangement(
  view: ViewState,
  set: string,
  arrangement: ResultSet['arrangement'],
): ViewState {
  if (!view.results) return view;
  const apply = (one: ResultSet) => (one.id === set ? { ...one, arrangement } : one);
  const runs = view.results.runs.map((run) => ({ ...run, resultSets: run.resultSets.map(apply) }));
  return { ...view, results: { ...view.results, runs } };
}

export function withRun(view: ViewState, selectedRun: string): ViewState {
  return { ...view, ui: { ...view.ui, selectedRun } };
}

export function withTab(view: ViewState, run: string, key: string): ViewState {
  return { ...view, ui: { ...view.ui, tabs: { ...view.ui.tabs, [run]: key } } };
}

export function withDetail(view: ViewState, detailOpen: boolean): ViewState {
  return { ...view, ui: { ...view.ui, detailOpen } };
}

/** Remembers how a grid stands; the oldest are forgotten. */
export function withGrid(view: ViewState, set: string, grid: GridUi): ViewState {
  const { [set]: _, ...others } = view.ui.grids;
  const entries = [...Object.entries(others), [set, grid] as const].slice(-GRIDS_REMEMBERED);
  return { ...view, ui: { ...view.ui, grids: Object.fromEntries(entries) } };
}

export function selectedRun({ results, ui }: ViewState): Run | null {
  return results?.runs.find(({ id }) => id === ui.selectedRun) ?? results?.runs[0] ?? null;
}

/** The statement that waits for approval, if one does. */
export function heldStatement(run: Run): StatementRun | null {
  if (run.status !== 'running') return null;
  const waits = ({ tag, failure, request }: StatementRun) =>
    tag === null && failure === null && request?.status === 'pending';
  return run.statements.find(waits) ?? null;
}

/** A tab for each result set, one for what waits or has failed if anything does, and the messages. */
export function tabsOf(run: Run): Tab[] {
  const failed = run.statements.find(({ failure }) => failure !== null);
  const held = heldStatement(run);
  const tabs: Tab[] = run.resultSets.map((set) => ({ key: set.id, kind: 'set', set }));
  if (held) tabs.push({ key: 'held', kind: 'held', statement: held.index });
  if (failed) tabs.push({ key: 'failure', kind: 'failure', statement: failed.index });
  tabs.push({ key: 'messages', kind: 'messages', count: run.notices.length });
  return tabs;
}

/** The person's choice; else what they need to see first: what waits, the failure, the first rows, the messages. */
export function selectedTab({ ui }: ViewState, run: Run): Tab {
  const tabs = tabsOf(run);
  const chosen = tabs.find(({ key }) => key === ui.tabs[run.id]);
  const failure = tabs.find(({ kind }) => kind === 'held' || kind === 'failure');
  const first = tabs[0] ?? { key: 'messages', kind: 'messages', count: 0 };
  return chosen ?? failure ?? first;
}

function advance(run: Run, { status, elapsedMs, sets }: Progress): Run {
  const resultSets = run.resultSets.map((set) => {
    const grown = sets.find(({ id }) => id === set.id);
    return grown ? { ...set, ...grown } : set;
  });
  return { ...run, status, elapsedMs, resultSets };
}

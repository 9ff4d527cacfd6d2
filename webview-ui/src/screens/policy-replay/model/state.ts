import type { PolicyReplayState } from '../../../../../extension/contract/policy-replay-messages.ts';
import type { ReplayReport } from '../../../../../gateway/contract/policy-replay.ts';
import { type Way, waysOf } from './tree.ts';

/** Everything that the view shows. */
export type ViewState = {
  /** Null until the host has told. */
  readonly replay: PolicyReplayState | null;
  readonly ways: readonly Way[];
  readonly filter: string;
  readonly toggled: ReadonlySet<string>;
  /** Key of the line that the keyboard is on; empty before. */
  readonly active: string;
  /** What the host could not do; empty where nothing failed. */
  readonly failure: string;
};

export const INITIAL: ViewState = {
  replay: null,
  ways: [],
  filter: '',
  toggled: new Set(),
  active: '',
  failure: '',
};

/** The host tells of a step: another report begins anew. */
export function withReplay(state: ViewState, replay: PolicyReplayState): ViewState {
  const report = reportOf(replay);
  if (report === null) return { ...state, replay, ways: [], failure: '' };
  return { ...INITIAL, replay, ways: waysOf(report), filter: state.filter };
}

/** What was toggled while something was looked for means nothing without it. */
export function withFilter(state: ViewState, filter: string): ViewState {
  const isOther = (filter.trim() === '') !== (state.filter.trim() === '');
  return { ...state, filter, toggled: isOther ? new Set() : state.toggled };
}

export function withToggled(state: ViewState, key: string): ViewState {
  const toggled = new Set(state.toggled);
  if (!toggled.delete(key)) toggled.add(key);
  return { ...state, toggled, active: key };
}

export function reportOf(replay: PolicyReplayState | null): ReplayReport | null {
  return replay?.status.kind === 'done' ? replay.status.report : null;
}

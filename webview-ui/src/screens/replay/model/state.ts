import type { ReplaySession } from '../../../../../extension/contract/replay-messages.ts';
import type { RecordedAnswer } from '../../../../../gateway/contract/record.ts';
import type { Pace } from './clock.ts';
import type { Entry } from './entries.ts';
import type { Found } from './output-search.ts';

export type SearchState = {
  readonly isOpen: boolean;
  readonly words: string;
  readonly found: readonly Found[];
  /** Which of them is shown; -1 before the first. */
  readonly shown: number;
  readonly isSearching: boolean;
};

/** Everything that the replay shows. */
export type ReplayState = Pace & {
  readonly session: ReplaySession | null;
  /** Why there is nothing, or no more, to see; empty when there is. */
  readonly failure: string;
  readonly terminal: number;
  /** How far the recording has come, and whether more does. */
  readonly knownS: number;
  readonly tape: 'recorded' | 'live' | 'ended';
  readonly entries: readonly Entry[];
  readonly atS: number;
  readonly isPlaying: boolean;
  /** Shows what happens as it happens. */
  readonly follows: boolean;
  /** Grows whenever the screen has changed. */
  readonly drawn: number;
  /** How long the last jump took, and how many events it wrote. */
  readonly jump: { readonly ms: number; readonly events: number } | null;
  readonly search: SearchState;
  /** The kept result of the statement that is shown. */
  readonly answer: { readonly record: string; readonly answer: RecordedAnswer | null } | null;
};

export const NO_SEARCH: SearchState = { isOpen: false, words: '', found: [], shown: -1, isSearching: false };

export const INITIAL: ReplayState = {
  session: null,
  failure: '',
  terminal: 1,
  knownS: 0,
  tape: 'recorded',
  entries: [],
  atS: 0,
  isPlaying: false,
  follows: false,
  speed: 1,
  skipsIdle: true,
  drawn: 0,
  jump: null,
  search: NO_SEARCH,
  answer: null,
};

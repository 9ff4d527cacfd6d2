import type { Replay } from '../model/replay.ts';
import type { ReplayState } from '../model/state.ts';

const STEP_S = 5;
const LONG_STEP_S = 60;

/** What each key does wherever nothing is written. */
export function pressed(event: KeyboardEvent, replay: Replay, { search }: ReplayState): void {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.key === 'Escape' && search.isOpen) {
    taken(event, () => replay.openSearch(false));
    return;
  }
  if (isWritten(event.target)) return;
  const action = ACTIONS[event.key];
  // A button is pressed with the space bar.
  if (action === undefined || (event.key === ' ' && event.target instanceof HTMLButtonElement)) return;
  taken(event, () => action(replay, event.shiftKey));
}

const ACTIONS: Readonly<Record<string, (replay: Replay, isLong: boolean) => void>> = {
  ' ': (replay) => replay.toggle(),
  ArrowLeft: (replay, isLong) => replay.seekBy(isLong ? -LONG_STEP_S : -STEP_S),
  ArrowRight: (replay, isLong) => replay.seekBy(isLong ? LONG_STEP_S : STEP_S),
  Home: (replay) => void replay.seek(0),
  End: (replay) => void replay.seek(Number.POSITIVE_INFINITY),
  '[': (replay) => replay.seekMarker(-1),
  ']': (replay) => replay.seekMarker(1),
  '<': (replay) => replay.changeSpeed(-1),
  '>': (replay) => replay.changeSpeed(1),
  '/': (replay) => replay.openSearch(true),
};

function taken(event: KeyboardEvent, action: () => void): void {
  event.preventDefault();
  action();
}

function isWritten(target: EventTarget | null): boolean {
  if (target instanceof HTMLInputElement) return target.type === 'search' || target.type === 'text';
  return target instanceof HTMLSelectElement;
}

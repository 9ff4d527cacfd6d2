import type { Session } from './session.ts';

/** Told how long the flow took. It only counts: whoever tells it waits for nothing. */
export interface FlowMeter {
  /** A decision was made anew, rewriting included. */
  decided(session: Session, ms: number): void;
  /** An action was granted or refused, so long after it was stated; what was held is not told. */
  answered(session: Session, ms: number): void;
}

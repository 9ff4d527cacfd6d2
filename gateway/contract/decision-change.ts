import * as z from 'zod';

/** A way in which other rules would decide an action otherwise. */
export const DecisionChangeKind = z.enum([
  'nowBlocked',
  'nowHeld',
  'nowRuns',
  /** Held as before, and others must agree. */
  'otherApprovers',
  'maskAdded',
  'maskRemoved',
  'maskChanged',
  'rowsAdded',
  'rowsRemoved',
  'rowsChanged',
  'detectorAdded',
  'detectorRemoved',
]);
export type DecisionChangeKind = z.infer<typeof DecisionChangeKind>;

/** Whether an action is let do or see more by it, less, or neither can be said. */
export const ChangeDirection = z.enum(['looser', 'stricter', 'other']);
export type ChangeDirection = z.infer<typeof ChangeDirection>;

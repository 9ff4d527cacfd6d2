import * as z from 'zod';
import { ColumnRef } from './facts.ts';
import { RuleId } from './ids.ts';

/** What becomes of what a detector finds: `[card]`, stars of the same length, or stars but for the last four. */
export const Replacement = z.enum(['label', 'stars', 'last4']);
export type Replacement = z.infer<typeof Replacement>;

/** What a rule has looked for in the values that leave, below all masks. */
export const Detection = z.object({
  rule: RuleId,
  /** Names of detectors: "cards", "emails" … */
  detect: z.array(z.string()),
  /** The policy's own patterns, as they were when this was decided. */
  patterns: z.array(z.object({ name: z.string(), matches: z.string() })),
  replace: Replacement,
  /** Values that come from these columns are looked at; null: all that leave, but for the server's catalogue. */
  columns: z.array(ColumnRef).nullable(),
});
export type Detection = z.infer<typeof Detection>;

import { z } from 'zod';
import { isSafe } from './address.ts';

/** `audit`: how long contents are kept, and who keeps checkpoints outside. */
export const Audit = z.strictObject({
  retentionDays: z
    .int()
    .min(1)
    .max(36_500)
    .optional()
    .describe(
      'After how many days the contents of records are purged, once a day; their hashes stay, and legal holds are kept out. Without it they are kept for ever.',
    ),
  witness: z
    .string()
    .min(1)
    .optional()
    .refine((where) => where === undefined || !/^[a-z]+:\/\//i.test(where) || isSafe(where), {
      error: 'must be a folder, or an https address (http on loopback)',
    })
    .describe(
      'Who keeps signed checkpoints outside of the data folder: a folder (relative to this file), or an https address below which each is PUT. What was changed later does not fit them.',
    ),
});

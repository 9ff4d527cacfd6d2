import * as z from 'zod';
import { TargetName } from './ids.ts';

export const TargetKind = z.enum(['postgres', 'ssh']);
export type TargetKind = z.infer<typeof TargetKind>;

/**
 * How masks are enforced there: `prepared` by the database as well, which doesn't let the gateway's role read masked
 * columns; `zeroFootprint`, the weaker one, by the gateway alone.
 */
export const TargetMode = z.enum(['prepared', 'zeroFootprint']);
export type TargetMode = z.infer<typeof TargetMode>;

/** A target as its users see it. Never carries an address or a credential of the upstream. */
export const Target = z.object({
  name: TargetName,
  kind: TargetKind,
  labels: z.record(z.string(), z.string()),
  /** `zeroFootprint` when it isn't said. */
  mode: TargetMode.optional(),
  /** Of a host: who one may be there, the usual one first. */
  accounts: z.array(z.string()).optional(),
});
export type Target = z.infer<typeof Target>;

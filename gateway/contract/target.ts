import * as z from 'zod';
import { TargetName } from './ids.ts';

export const TargetKind = z.enum(['postgres']);
export type TargetKind = z.infer<typeof TargetKind>;

/** A target as its users see it. Never carries an address or a credential of the upstream. */
export const Target = z.object({
  name: TargetName,
  kind: TargetKind,
  labels: z.record(z.string(), z.string()),
});
export type Target = z.infer<typeof Target>;

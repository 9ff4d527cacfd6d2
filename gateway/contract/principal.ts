import * as z from 'zod';
import { PrincipalId } from './ids.ts';

/**
 * Who acts, as the identity room established it. `epoch` grows whenever groups or claims change, so that a
 * decision cached for an older epoch is never reused.
 */
export const Principal = z.object({
  id: PrincipalId,
  kind: z.enum(['person', 'service', 'agent']),
  /** For people to read: "Ana Ruiz". */
  name: z.string(),
  email: z.string().optional(),
  groups: z.array(z.string()),
  /** Further claims that CEL conditions may read as `claims.NAME`. */
  claims: z.record(z.string(), z.json()),
  epoch: z.int(),
  /** For an agent: the person it acts for. */
  actsFor: z.object({ id: PrincipalId, name: z.string() }).optional(),
});
export type Principal = z.infer<typeof Principal>;

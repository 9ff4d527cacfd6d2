import * as z from 'zod';

/**
 * Branded identifiers. A `RuleId` can't be passed where a `RecordId` is wanted, and every one of them is
 * parsed where it enters the process.
 */
const id = <Brand extends string>(brand: Brand) => z.string().min(1).max(200).brand(brand);

/** Who acts: `person:ana@shop.example`, `service:ci-migrations`. Stable across sign-ins. */
export const PrincipalId = id('PrincipalId');
export type PrincipalId = z.infer<typeof PrincipalId>;

/** A target's name as configured; also the database name a Postgres client asks for. */
export const TargetName = z
  .string()
  .regex(/^[a-z0-9][a-z0-9._-]{0,62}$/, 'a target name is 1 to 63 of a-z, 0-9, ".", "_" and "-"')
  .brand('TargetName');
export type TargetName = z.infer<typeof TargetName>;

/** One open connection of one principal to one target, whatever the surface. */
export const SessionId = id('SessionId');
export type SessionId = z.infer<typeof SessionId>;

/** One recorded action. Sorts by time (UUIDv7). */
export const RecordId = id('RecordId');
export type RecordId = z.infer<typeof RecordId>;

/** A rule's name in the policy, unique in one policy version. */
export const RuleId = id('RuleId');
export type RuleId = z.infer<typeof RuleId>;

/** SHA-256 over the normalised policy documents, hex. */
export const PolicyVersion = id('PolicyVersion');
export type PolicyVersion = z.infer<typeof PolicyVersion>;

/** Fingerprint of a target's catalogue (relations, columns, functions, definitions). */
export const CatalogueVersion = id('CatalogueVersion');
export type CatalogueVersion = z.infer<typeof CatalogueVersion>;

/** One run in a query channel, chosen by the client, unique in that channel. */
export const QueryId = z.int().nonnegative().brand('QueryId');
export type QueryId = z.infer<typeof QueryId>;

/** One request for approval. Sorts by time (UUIDv7). */
export const RequestId = id('RequestId');
export type RequestId = z.infer<typeof RequestId>;

/** SHA-256, hex, over all that decides what a statement would do: text, parameters, who, where, in which state. */
export const EffectHash = id('EffectHash');
export type EffectHash = z.infer<typeof EffectHash>;

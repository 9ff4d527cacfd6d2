import type { z } from 'zod';

export type Json = z.core.util.JSONType;

/**
 * Small durable state of other rooms (tokens, credentials, an identity provider's sessions): JSON values under
 * a key in a collection. Every promise of a change resolves once it is on disk. Rejections carry
 * `record.unavailable`.
 */
export interface Documents {
  /** Undefined when there is none or it has expired. */
  get(collection: string, key: string): Promise<Json | undefined>;
  /** Every living document whose key starts with `prefix`, by key. */
  list(collection: string, prefix?: string): Promise<Array<{ key: string; value: Json }>>;
  put(collection: string, key: string, value: Json, expiresAt?: Date): Promise<void>;
  /** The same for a value that is JSON text already. */
  putText(collection: string, key: string, json: string, expiresAt?: Date): Promise<void>;
  delete(collection: string, key: string): Promise<void>;
  /** Gets and deletes in one step, so that what may be used once is used once. */
  take(collection: string, key: string): Promise<Json | undefined>;
}

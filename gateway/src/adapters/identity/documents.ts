import type { z } from 'zod';

/** A JSON value as documents hold it. */
export type Json = z.core.util.JSONType;

/**
 * Small JSON documents by collection and id, with an end of life. The store room keeps them; `memory()` is
 * for tests and for gateways without a store.
 */
export interface Documents {
  get(collection: string, id: string): Promise<Json | null>;
  put(collection: string, id: string, value: Json, expiresAt: Date | null): Promise<void>;
  remove(collection: string, id: string): Promise<void>;
}

export function memoryDocuments(): Documents {
  const kept = new Map<string, { text: string; expiresAtMs: number }>();
  const key = (collection: string, id: string) => JSON.stringify([collection, id]);
  return {
    get: async (collection, id) => {
      const found = kept.get(key(collection, id));
      return found !== undefined && found.expiresAtMs > Date.now() ? JSON.parse(found.text) : null;
    },
    put: async (collection, id, value, expiresAt) => {
      kept.set(key(collection, id), {
        text: JSON.stringify(value),
        expiresAtMs: expiresAt?.getTime() ?? Number.POSITIVE_INFINITY,
      });
    },
    remove: async (collection, id) => {
      kept.delete(key(collection, id));
    },
  };
}

import type { Documents } from '../../core/documents/documents.ts';

/** Documents in memory, for tests. */
export function memoryDocuments(): Documents {
  const kept = new Map<string, { text: string; expiresAtMs: number }>();
  const name = (collection: string, key: string) => `${collection}\n${key}`;
  const get: Documents['get'] = async (collection, key) => {
    const found = kept.get(name(collection, key));
    return found !== undefined && found.expiresAtMs > Date.now() ? JSON.parse(found.text) : undefined;
  };
  const remove: Documents['delete'] = async (collection, key) => {
    kept.delete(name(collection, key));
  };
  const putText: Documents['putText'] = async (collection, key, text, expiresAt) => {
    const expiresAtMs = expiresAt?.getTime() ?? Number.POSITIVE_INFINITY;
    kept.set(name(collection, key), { text, expiresAtMs });
  };
  return {
    get,
    list: async (collection, prefix = '') =>
      [...kept]
        .filter(([key]) => key.startsWith(name(collection, prefix)))
        .map(([key, { text }]) => ({ key: key.slice(collection.length + 1), value: JSON.parse(text) })),
    put: (collection, key, value, expiresAt) => putText(collection, key, JSON.stringify(value), expiresAt),
    putText,
    delete: remove,
    take: async (collection, key) => {
      const value = await get(collection, key);
      await remove(collection, key);
      return value;
    },
  };
}

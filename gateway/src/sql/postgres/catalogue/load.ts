import { z } from 'zod';
import type { CatalogueVersion } from '../../../../contract/ids.ts';
import { keyQueries } from './key-queries.ts';
import { catalogueLockTimeout, catalogueQueries, catalogueSearchPath, fingerprintQuery } from './queries.ts';
import { type CatalogueFingerprint, decodeFingerprint, Snapshot, versionOf } from './snapshot.ts';

/** Everything that a snapshot is made of, by the name that it has there. */
export const snapshotQueries = { ...catalogueQueries, ...keyQueries } as const;

const searchPathQuery = 'SELECT pg_catalog.current_schemas(true)::pg_catalog.text[] AS schemas';
const SearchPath = z.tuple([z.object({ schemas: z.array(z.string()) })]);

/** Runs one statement on one connection and gives its rows as objects; `json` and arrays parsed. */
export type RunQuery = (sql: string) => Promise<readonly unknown[]>;

/**
 * Loads the catalogue in one read-only transaction. The connection must be outside a transaction; it is
 * outside one again when this settles. `fingerprint` was read in the same transaction as the rest; `version` names
 * the content.
 *
 * @throws ZodError when the server answers in a shape that isn't understood; what `run` throws otherwise.
 */
export async function loadCatalogue(
  run: RunQuery,
): Promise<{ fingerprint: CatalogueFingerprint; version: CatalogueVersion; snapshot: Snapshot }> {
  await run('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY');
  try {
    const defaultPath = SearchPath.parse(await run(searchPathQuery))[0].schemas;
    await run(catalogueSearchPath);
    await run(catalogueLockTimeout);
    const fingerprint = decodeFingerprint(await run(fingerprintQuery));
    const rows: Record<string, readonly unknown[]> = {};
    for (const [name, sql] of Object.entries(snapshotQueries)) rows[name] = await run(sql);
    const snapshot = Snapshot.parse({ ...rows, defaultPath });
    return { fingerprint, version: versionOf(fingerprint, snapshot), snapshot };
  } finally {
    await run('ROLLBACK');
  }
}

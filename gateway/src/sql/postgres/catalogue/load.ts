import { z } from 'zod';
import type { CatalogueVersion } from '../../../../contract/ids.ts';
import { keyQueries } from './key-queries.ts';
import {
  catalogueLockTimeout,
  catalogueQueries,
  catalogueSearchPath,
  fingerprintQuery,
  systemFingerprintQuery,
  systemQueries,
} from './queries.ts';
import {
  type CatalogueFingerprint,
  decodeFingerprint,
  Snapshot,
  type SystemCatalogue,
  SystemRows,
  versionOf,
} from './snapshot.ts';

const searchPathQuery = 'SELECT pg_catalog.current_schemas(true)::pg_catalog.text[] AS schemas';
const SearchPath = z.tuple([z.object({ schemas: z.array(z.string()) })]);

/** Runs one statement on one connection and gives its rows as objects; `json` and arrays parsed. */
export type RunQuery = (sql: string) => Promise<readonly unknown[]>;

/** One state of a catalogue. `fingerprint` was read with the rest of it; `version` names the content. */
export type ReadCatalogue = {
  fingerprint: CatalogueFingerprint;
  version: CatalogueVersion;
  snapshot: Snapshot;
  /** What of the snapshot initdb made: whoever reads the next state needn't read it again. */
  system: SystemCatalogue;
};

/**
 * Loads the catalogue in one read-only transaction. The connection must be outside a transaction; it is
 * outside one again when this settles.
 *
 * @throws ZodError when the server answers in a shape that isn't understood; what `run` throws otherwise.
 */
export async function loadCatalogue(
  run: RunQuery,
  known: SystemCatalogue | null = null,
): Promise<ReadCatalogue> {
  await run('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY');
  try {
    const defaultPath = SearchPath.parse(await run(searchPathQuery))[0].schemas;
    await run(catalogueSearchPath);
    await run(catalogueLockTimeout);
    return await readCatalogue(run, defaultPath, known);
  } finally {
    await run('ROLLBACK');
  }
}

/**
 * Reads the catalogue as the transaction sees it that `run` is in, with pg_catalog alone in its search path.
 *
 * @throws ZodError when the server answers in a shape that isn't understood; what `run` throws otherwise.
 */
export async function readCatalogue(
  run: RunQuery,
  defaultPath: readonly string[],
  known: SystemCatalogue | null,
): Promise<ReadCatalogue> {
  const fingerprint = decodeFingerprint(await run(fingerprintQuery));
  const system = await readSystem(run, known);
  const rows = await runAll(run, { ...catalogueQueries, ...keyQueries });
  const made = Snapshot.parse({ ...rows, defaultPath });
  const version = versionOf(fingerprint, system, made);
  const relations = [...system.relations, ...made.relations];
  const functions = [...system.functions, ...made.functions];
  return { fingerprint, version, snapshot: { ...made, relations, functions }, system };
}

async function readSystem(run: RunQuery, known: SystemCatalogue | null): Promise<SystemCatalogue> {
  const fingerprint = decodeFingerprint(await run(systemFingerprintQuery));
  if (known?.fingerprint === fingerprint) return known;
  return { fingerprint, ...SystemRows.parse(await runAll(run, systemQueries)) };
}

async function runAll(
  run: RunQuery,
  queries: Readonly<Record<string, string>>,
): Promise<Record<string, readonly unknown[]>> {
  const rows: Record<string, readonly unknown[]> = {};
  for (const [name, sql] of Object.entries(queries)) rows[name] = await run(sql);
  return rows;
}

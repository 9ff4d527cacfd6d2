import { z } from 'zod';
import { snapshotQueries } from '../../../sql/postgres/catalogue/load.ts';
import { fingerprintQuery } from '../../../sql/postgres/catalogue/queries.ts';
import { decodeFingerprint, Snapshot, versionOf } from '../../../sql/postgres/catalogue/snapshot.ts';
import { OwnQuestion } from '../upstream/own-question.ts';
import { LoadedCatalogue } from './keeper.ts';

/** Asks a session's own upstream connection and gives the rows. */
export type Ask = (question: OwnQuestion) => Promise<unknown>;

const Rows = z.array(z.unknown());
const SearchPath = z.tuple([z.object({ path: z.string() })]);

const FINGERPRINT = OwnQuestion.rows(fingerprintQuery);
const QUERIES = Object.entries(snapshotQueries).map(([name, sql]) => [name, OwnQuestion.rows(sql)] as const);

/**
 * The catalogue as one session sees it inside a transaction that has changed it: nobody else sees it before the
 * commit. The session's search path is put aside meanwhile, for that transaction alone.
 *
 * @throws QuestionFailed, ZodError
 */
export async function catalogueInTransaction(ask: Ask, known: LoadedCatalogue): Promise<LoadedCatalogue> {
  const [{ path }] = SearchPath.parse(await ask(OwnQuestion.putSearchPathAside));
  const fingerprint = decodeFingerprint(Rows.parse(await ask(FINGERPRINT)));
  const rows: Record<string, unknown> = {};
  for (const [name, question] of QUERIES) rows[name] = await ask(question);
  await ask(OwnQuestion.restoreSearchPath(path));
  const snapshot = Snapshot.parse({ ...rows, defaultPath: known.snapshot.defaultPath });
  const version = versionOf(fingerprint, snapshot);
  return new LoadedCatalogue({ fingerprint, version, snapshot }, known.explorer, known.initialState);
}

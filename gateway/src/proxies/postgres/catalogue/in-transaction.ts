import { z } from 'zod';
import { readCatalogue } from '../../../sql/postgres/catalogue/load.ts';
import { OwnQuestion } from '../upstream/own-question.ts';
import { LoadedCatalogue } from './keeper.ts';

/** Asks a session's own upstream connection and gives the rows. */
export type Ask = (question: OwnQuestion) => Promise<unknown>;

const Rows = z.array(z.unknown());
const SearchPath = z.tuple([z.object({ path: z.string() })]);

/**
 * The catalogue as one session sees it inside a transaction that has changed it: nobody else sees it before the
 * commit. The session's search path is put aside meanwhile, for that transaction alone.
 *
 * @throws QuestionFailed, ZodError
 */
export async function catalogueInTransaction(ask: Ask, known: LoadedCatalogue): Promise<LoadedCatalogue> {
  const [{ path }] = SearchPath.parse(await ask(OwnQuestion.putSearchPathAside));
  const run = async (sql: string) => Rows.parse(await ask(OwnQuestion.rows(sql)));
  const read = await readCatalogue(run, known.snapshot.defaultPath, known.system);
  await ask(OwnQuestion.restoreSearchPath(path));
  return new LoadedCatalogue(read, known.explorer, known.initialState);
}

import { type Problem, type Verdict, verifyLog } from '../../../core/audit/verify.ts';
import type { LogReader } from './kept-folder.ts';

/** What is wrong with a log and with the database that keeps it. `verdict` is null where that can't be read at all. */
export type Examined = { problems: Problem[]; verdict: Verdict | null };

/** Verifies a log; what its database can't tell any more is wrong too. `key`: a verifier key that is known to be right. */
export function examine(log: LogReader, key: string | null): Examined {
  try {
    const verdict = verifyLog(log, key);
    return { verdict, problems: [...verdict.problems, ...log.damage().map(ofDatabase)] };
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    return { verdict: null, problems: [ofDatabase(`it can not be read to its end: ${why}`)] };
  }
}

function ofDatabase(what: string): Problem {
  return { seq: null, record: null, what };
}

import { z } from 'zod';
import type { LockRef } from '../../../../contract/impact.ts';
import { OwnQuestion } from '../upstream/own-question.ts';

/** What a session's statements wait under: asked of the session's own connection when one begins to wait. */
export type Surroundings = {
  /** The client's `statement_timeout`; 0 is none. */
  statementTimeoutMs: number;
  /** Locks of its transaction on relations. */
  locks: LockRef[];
  /** A transaction stays open meanwhile, for so long at most; null: none does. */
  lockedSeconds: number | null;
};

/** The gateway's own looks lock nothing but the server's catalogue. */
export const SURROUNDINGS_QUESTION = OwnQuestion.rows(`SELECT
  (SELECT s.setting FROM pg_catalog.pg_settings s WHERE s.name OPERATOR(pg_catalog.=) 'statement_timeout') AS timeout,
  (SELECT coalesce(pg_catalog.json_agg(pg_catalog.json_build_object(
      'schema', n.nspname, 'relation', c.relname, 'mode', l.mode) ORDER BY n.nspname, c.relname, l.mode),
      '[]'::pg_catalog.json)
    FROM pg_catalog.pg_locks l
    JOIN pg_catalog.pg_class c ON c.oid OPERATOR(pg_catalog.=) l.relation
    JOIN pg_catalog.pg_namespace n ON n.oid OPERATOR(pg_catalog.=) c.relnamespace
    WHERE l.pid OPERATOR(pg_catalog.=) pg_catalog.pg_backend_pid() AND l.locktype OPERATOR(pg_catalog.=) 'relation'
      AND l.granted AND c.relkind OPERATOR(pg_catalog.<>) 'i'
      AND n.nspname OPERATOR(pg_catalog.<>) ALL ('{pg_catalog,pg_toast,information_schema}'::pg_catalog.name[])) AS locks`);

const Answer = z.tuple([
  z.object({
    timeout: z.coerce.number().int().nonnegative(),
    locks: z.array(z.object({ schema: z.string(), relation: z.string(), mode: z.string() })),
  }),
]);

/** @throws ZodError when the server answers in another shape. */
export function decodeSurroundings(answer: unknown): Omit<Surroundings, 'lockedSeconds'> {
  const [{ timeout, locks }] = Answer.parse(answer);
  return { statementTimeoutMs: timeout, locks };
}

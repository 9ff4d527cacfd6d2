import { type Kysely, type RawBuilder, sql } from 'kysely';
import { z } from 'zod';
import type { RecordSearch } from '../../../../contract/record-search.ts';
import type { RecordQuery } from '../../../core/recording/recorder.ts';
import type { RecordRow } from '../messages.ts';
import { pageOf } from '../pages.ts';
import type { StoreSchema } from '../schema.ts';
import { positionAt, positionOf } from './position.ts';
import { term } from './terms.ts';
import { textExpression } from './words.ts';

/** `bytes`: of all that is read of it. */
const Found = z.object({ record: z.string(), seq: z.int(), bytes: z.int() });
type Found = z.infer<typeof Found>;

/**
 * A page of the records that a search means, newest first: as many as were asked for and as fit. `next`: where the page
 * behind it begins; null where there is none.
 */
export async function findRecords(
  kysely: Kysely<StoreSchema>,
  query: RecordQuery,
): Promise<{ records: RecordRow[]; next: string | null }> {
  const found = await measured(kysely, query);
  const { rows } = pageOf(found.slice(0, query.limit), Found);
  const records = await read(kysely, rows);
  return { records, next: rows.length < found.length ? (rows.at(-1)?.record ?? null) : null };
}

/** What was found, by its length, which SQLite knows without reading it: one more than asked for, where there is. */
async function measured(kysely: Kysely<StoreSchema>, query: RecordQuery): Promise<unknown[]> {
  const expression = expressionOf(query);
  if (expression === null) return [];
  // Whose a record is, the log says: the index finds it by a hash of that, and anybody may have written there.
  const { rows } = await sql`
    select log.record, log.seq, octet_length(log.body) + coalesce(octet_length(closing.body), 0) as bytes
    from (${positions(query, expression)}) as found
    join searched on searched.position = found.position
    join log on log.record = searched.record and log.kind <> 'closed' and log.body is not null
      and log.principal = coalesce(${query.principal}, log.principal)
    left join log as closing on closing.record = searched.record and closing.kind = 'closed'
    order by found.position desc`.execute(kysely);
  return rows;
}

async function read(kysely: Kysely<StoreSchema>, found: readonly Found[]): Promise<RecordRow[]> {
  const seqs = JSON.stringify(found.map(({ seq }) => seq));
  const { rows } = await sql<RecordRow>`
    select log.record, log.body, closing.body as outcome
    from json_each(${seqs}) as wanted join log on log.seq = wanted.value
    left join log as closing on closing.record = log.record and closing.kind = 'closed'
    order by wanted.key`.execute(kysely);
  return rows;
}

function positions({ search = {}, before, limit }: RecordQuery, expression: string): RawBuilder<unknown> {
  const { from, to } = search;
  // To the millisecond: a part of one that is left over takes the next.
  const first = from === undefined ? 0n : positionAt(Date.parse(from));
  const end = to === undefined ? MAX_POSITION : positionAt(Date.parse(to));
  const cursor =
    before === null ? MAX_POSITION : sql`coalesce((${cursorOf(before)}), ${positionOf(before) ?? 0n})`;
  if (expression === '') {
    return sql`select position from searched where position >= ${first} and position < ${end}
      and position < ${cursor} order by position desc limit ${limit + 1}`;
  }
  return sql`select rowid as position from searched_words where searched_words match ${expression}
    and rowid >= ${first} and rowid < ${end} and rowid < ${cursor} order by rowid desc limit ${limit + 1}`;
}

function cursorOf(record: string): RawBuilder<unknown> {
  return sql`select position from searched where record = ${record}`;
}

/** What FTS5 is asked; empty: for everything; null: for something that nothing can be. */
function expressionOf({ principal, target, search = {} }: RecordQuery): string | null {
  const terms = [
    ...(principal === null ? [] : [term('owner', principal)]),
    ...(target === null ? [] : [term('target', target)]),
    ...wordsOf(search),
  ].map((word) => `terms : ${word}`);
  if (search.text === undefined) return terms.join(' ');
  const text = textExpression(search.text);
  return text === null ? null : [...terms, text].join(' ');
}

function wordsOf({ principal, session, rule, outcome, table, column, surface }: RecordSearch): string[] {
  const wanted = {
    who: principal,
    session,
    rule,
    outcome,
    table,
    column,
    surface,
  };
  return KINDS.flatMap((kind) => {
    const value = wanted[kind];
    return value === undefined ? [] : [term(kind, value)];
  });
}

const KINDS = ['who', 'session', 'rule', 'outcome', 'table', 'column', 'surface'] as const;
const MAX_POSITION = 2n ** 62n;

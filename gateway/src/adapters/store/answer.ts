import type { Kysely } from 'kysely';
import { assertNever } from '../../../contract/assert-never.ts';
import type { RecordQuery } from '../../core/recording/recorder.ts';
import type { Answer, Ask, DocumentRow, RecordRow } from './messages.ts';
import type { StoreSchema } from './schema.ts';

/** Answers questions, and does what changes documents. */
export async function answer(kysely: Kysely<StoreSchema>, ask: Ask): Promise<Answer> {
  switch (ask.type) {
    case 'records':
      return { records: await records(kysely, ask.query), documents: [] };
    case 'document':
      return { records: [], documents: await living(kysely, ask).where('key', '=', ask.key).execute() };
    case 'documents':
      return { records: [], documents: await byPrefix(kysely, ask) };
    case 'take':
      return { records: [], documents: await take(kysely, ask) };
    case 'put':
      await put(kysely, ask);
      return NOTHING;
    case 'delete':
      await removing(kysely, ask).execute();
      return NOTHING;
    default:
      return assertNever(ask);
  }
}

const NOTHING: Answer = { records: [], documents: [] };

/** One row more than asked for tells that there is a next page. */
function records(kysely: Kysely<StoreSchema>, query: RecordQuery): Promise<RecordRow[]> {
  let select = kysely
    .selectFrom('log')
    .leftJoin('log as closing', (join) =>
      join.onRef('closing.record', '=', 'log.record').on('closing.kind', '=', 'closed'),
    )
    .select(['log.record', 'log.body', 'closing.body as outcome'])
    .where('log.kind', '<>', 'closed')
    .orderBy('log.record', 'desc')
    .limit(query.limit + 1);
  if (query.principal !== null) select = select.where('log.principal', '=', query.principal);
  if (query.target !== null) select = select.where('log.target', '=', query.target);
  if (query.before !== null) select = select.where('log.record', '<', query.before);
  return select.execute();
}

function living(kysely: Kysely<StoreSchema>, { collection, nowMs }: { collection: string; nowMs: number }) {
  return kysely
    .selectFrom('documents')
    .select(['key', 'value'])
    .where('collection', '=', collection)
    .where((where) => where.or([where('expires_at_ms', 'is', null), where('expires_at_ms', '>', nowMs)]));
}

function byPrefix(
  kysely: Kysely<StoreSchema>,
  ask: { collection: string; prefix: string; nowMs: number },
): Promise<DocumentRow[]> {
  const all = living(kysely, ask).orderBy('key');
  if (ask.prefix === '') return all.execute();
  return all.where('key', '>=', ask.prefix).where('key', '<', `${ask.prefix}\u{10ffff}`).execute();
}

function removing(kysely: Kysely<StoreSchema>, { collection, key }: { collection: string; key: string }) {
  return kysely.deleteFrom('documents').where('collection', '=', collection).where('key', '=', key);
}

async function take(kysely: Kysely<StoreSchema>, ask: Extract<Ask, { nowMs: number; key: string }>) {
  const gone = await removing(kysely, ask).returning(['key', 'value', 'expires_at_ms']).execute();
  return gone.filter((row) => row.expires_at_ms === null || row.expires_at_ms > ask.nowMs);
}

async function put(
  kysely: Kysely<StoreSchema>,
  { collection, key, value, expiresAtMs }: Extract<Ask, { type: 'put' }>,
): Promise<void> {
  const kept = { value, expires_at_ms: expiresAtMs };
  await kysely
    .insertInto('documents')
    .values({ collection, key, ...kept })
    .onConflict((conflict) => conflict.columns(['collection', 'key']).doUpdateSet(kept))
    .execute();
}

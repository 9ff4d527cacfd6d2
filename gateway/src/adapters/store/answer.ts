import type { Kysely } from 'kysely';
import { assertNever } from '../../../contract/assert-never.ts';
import type { Answer, Ask, AuditAsk, DocumentRow } from './messages.ts';
import type { StoreSchema } from './schema.ts';
import { findRecords } from './search/find.ts';

/** Answers questions, and does what changes documents. */
export async function answer(kysely: Kysely<StoreSchema>, ask: Exclude<Ask, AuditAsk>): Promise<Answer> {
  switch (ask.type) {
    case 'records':
      return { ...NOTHING, ...(await findRecords(kysely, ask.query)) };
    case 'lastSeq':
      return { ...NOTHING, last: await lastSeq(kysely) };
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

async function lastSeq(kysely: Kysely<StoreSchema>): Promise<number> {
  const newest = await kysely
    .selectFrom('log')
    .select('seq')
    .orderBy('seq', 'desc')
    .limit(1)
    .executeTakeFirst();
  return newest?.seq ?? 0;
}

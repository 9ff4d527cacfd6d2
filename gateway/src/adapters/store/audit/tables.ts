import { type Kysely, sql } from 'kysely';

const APPEND_ONLY = `begin select raise(abort, 'the log is append-only'); end`;

/** What keeps the log, its tiles and its checkpoints as they are, by their names. */
export const TRIGGERS: Readonly<Record<string, string>> = {
  log_no_update: `create trigger log_no_update before update on log
    when new.body is not null or new.salt is not null or new.principal is not null or new.target is not null
      or new.seq is not old.seq or new.kind is not old.kind or new.record is not old.record
      or new.commitment is not old.commitment
      or not exists (select 1 from purging where seq = old.seq)
    ${APPEND_ONLY}`,
  ...refusing('log', ['delete']),
  ...refusing('tiles', ['update', 'delete']),
  ...refusing('checkpoints', ['update', 'delete']),
};

/**
 * Migration: rows of the log become leaves of a tree. A body may be purged, alone by a purge that says so; else nothing
 * in the log, its tiles and its checkpoints ever changes. Uses the function `sluice_commitment` of
 * `openDatabase`.
 */
export async function createTree(db: Kysely<unknown>): Promise<void> {
  await sql`create table log_anew (
    seq integer primary key autoincrement,
    kind text not null check (kind in ('opened', 'kept', 'closed', 'event')),
    record text not null,
    principal text,
    target text,
    body text,
    salt blob,
    commitment blob not null check (length(commitment) = 32),
    check ((body is null) = (salt is null)))`.execute(db);
  await sql`insert into log_anew (seq, kind, record, principal, target, body, salt, commitment)
    select seq, kind, record, principal, target, body, randomblob(16), zeroblob(32) from log order by seq`.execute(
    db,
  );
  await sql`update log_anew set commitment = sluice_commitment(salt, body)`.execute(db);
  await sql`drop table log`.execute(db);
  await sql`alter table log_anew rename to log`.execute(db);
  await sql`create unique index log_opening on log (record) where kind <> 'closed'`.execute(db);
  await sql`create unique index log_closing on log (record) where kind = 'closed'`.execute(db);
  // One row for each leaf that the purge under way takes; empty at all other times.
  await sql`create table purging (seq integer primary key)`.execute(db);
  // Which actions run: their openings have no closing.
  await sql`create table running (record text primary key) without rowid`.execute(db);
  await sql`insert into running (record) select record from log as opening where kind = 'opened'
    and not exists (select 1 from log where kind = 'closed' and record = opening.record)`.execute(db);
  await sql`create table tiles (level integer not null, "index" integer not null, hash blob not null,
    primary key (level, "index")) without rowid`.execute(db);
  await sql`create table checkpoints (number integer primary key autoincrement, size integer not null unique,
    key text not null, note text not null)`.execute(db);
  for (const trigger of Object.values(TRIGGERS)) await sql.raw(trigger).execute(db);
}

function refusing(table: string, changes: readonly string[]): Record<string, string> {
  const trigger = (change: string) =>
    `create trigger ${table}_no_${change} before ${change} on ${table} ${APPEND_ONLY}`;
  return Object.fromEntries(changes.map((change) => [`${table}_no_${change}`, trigger(change)]));
}

import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { after, test } from 'node:test';
import { aRecord } from './a-record.fixture.ts';
import { examine } from './audit/examine.ts';
import { readFolder } from './audit/kept-folder.ts';
import { DONE } from './audit/log.fixture.ts';
import { openStore } from './store.ts';

const dir = mkdtempSync(join(tmpdir(), 'sluice-migrations-'));
after(() => rmSync(dir, { recursive: true, force: true }));

/** More than two tiles. */
const RECORDS = 700;

/** What gateways before events and checkpoints had: migrations 0001 and 0002. */
function fillOld(raw: DatabaseSync): void {
  raw.exec(`
    create table kysely_migration (name varchar(255) not null primary key, timestamp varchar(255) not null);
    create table kysely_migration_lock (id varchar(255) not null primary key, is_locked integer default 0 not null);
    insert into kysely_migration_lock values ('migration_lock', 0);
    insert into kysely_migration values ('0001_log_and_documents', '2026-01-01'), ('0002_journal', '2026-01-02');
    create table log (seq integer primary key autoincrement,
      kind text not null check (kind in ('opened', 'kept', 'closed')), record text not null, principal text,
      target text, body text not null);
    create unique index log_opening on log (record) where kind <> 'closed';
    create unique index log_closing on log (record) where kind = 'closed';
    create index log_principal on log (principal, record) where kind <> 'closed';
    create index log_target on log (target, record) where kind <> 'closed';
    create trigger log_no_update before update on log begin select raise(abort, 'the log is append-only'); end;
    create trigger log_no_delete before delete on log begin select raise(abort, 'the log is append-only'); end;
    create table documents (collection text not null, key text not null, value text not null, expires_at_ms integer,
      primary key (collection, key));
    create index documents_expiry on documents (expires_at_ms);
    create table journal (segment integer not null, "offset" integer not null);
    insert into journal values (0, 0);`);
  const insert = raw.prepare(
    'insert into log (kind, record, principal, target, body) values (?, ?, ?, ?, ?)',
  );
  raw.exec('begin');
  for (let n = 0; n < RECORDS; n++) {
    const record = aRecord(n, { outcome: DONE });
    insert.run('kept', record.id, record.principal, record.target, JSON.stringify(record));
  }
  const { outcome: _, ...running } = aRecord(RECORDS);
  insert.run('opened', running.id, running.principal, running.target, JSON.stringify(running));
  raw.exec('commit');
}

test('a log from before checkpoints becomes one that verifies, with all that it had', async () => {
  const old = new DatabaseSync(join(dir, 'sluice.db'));
  fillOld(old);
  old.close();
  const store = await openStore({ dir });
  const page = await store.records.list({ principal: null, target: null, before: null, limit: RECORDS + 1 });
  assert.equal(page.records.length, RECORDS + 1);
  assert.equal(page.records[0]?.outcome?.status, 'lost');
  await store.close();
  const log = readFolder(dir);
  const { problems, verdict } = examine(log, null);
  log.close();
  assert.deepEqual(problems, []);
  assert.equal(verdict?.signed, RECORDS + 3);
});

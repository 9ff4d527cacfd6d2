import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { after, type TestContext, test } from 'node:test';
import { SluiceError } from '../../../../contract/error.ts';
import { PrincipalId, SessionId, TargetName } from '../../../../contract/ids.ts';
import { HOLDS } from '../../../core/audit/holds.ts';
import { LogVerifier } from '../../../core/audit/verify.ts';
import { aRecord } from '../a-record.fixture.ts';
import { openDatabase } from '../database.ts';
import { SearchIndex } from '../search/search-index.ts';
import { openStore, type Store } from '../store.ts';
import { AuditDesk } from './audit-desk.ts';
import { Checkpoints } from './checkpoints.ts';
import { examine } from './examine.ts';
import { readExport, writeExport } from './export.ts';
import { readFolder } from './kept-folder.ts';
import { ADA, anEvent, DONE, OLD_BEFORE, oldRecord, recordingIn } from './log.fixture.ts';
import { type PurgeParts, PurgeRun } from './purge.ts';
import { PurgeEnd, unfinishedPurge } from './purge-end.ts';
import { TreeLog } from './tree-log.ts';

const root = mkdtempSync(join(tmpdir(), 'sluice-purge-'));
after(() => rmSync(root, { recursive: true, force: true }));
let folders = 0;
const newDir = () => join(root, String(folders++));

const everything = { principal: null, target: null, before: null, limit: 100 };
const order = { before: OLD_BEFORE, reason: 'older than we may keep', by: ADA };
const EVE = PrincipalId.parse('person:eve@shop.example');

async function idsOf(store: Store): Promise<string[]> {
  return (await store.records.list(everything)).records.map(({ id }) => String(id));
}

function verdictOf(dir: string) {
  const log = readFolder(dir);
  const examined = examine(log, null);
  log.close();
  return examined;
}

const hold = (kind: string, value: string) => ({
  name: 'case-1',
  of: { kind, value },
  reason: 'a case',
  by: ADA,
  at: '',
});

test('contents of old records go, also from the file; their hashes stay, and the log says so', async () => {
  const dir = newDir();
  const store = await openStore({ dir });
  await store.recorder.keep(oldRecord(1, { statement: 'select needle_in_a_haystack' }));
  const { outcome: _, ...running } = oldRecord(2);
  await store.recorder.open(running).durable();
  const { outcome: __, ...ended } = oldRecord(3);
  await store.recorder.open(ended).durable();
  await store.audit.checkpoint();
  await store.recorder.close(ended.id, DONE);
  await store.recorder.keep(aRecord(4, { outcome: DONE }));
  assert.equal(await store.audit.purge(order), 3);
  assert.deepEqual(await idsOf(store), [aRecord(4).id, running.id]);
  assert.equal(await store.audit.purge(order), 0);
  await store.close();
  const { verdict, problems } = verdictOf(dir);
  assert.deepEqual(problems, []);
  assert.equal(verdict?.purged, 3);
  assert.ok(!readFileSync(join(dir, 'sluice.db')).includes('needle_in_a_haystack'));
});

test('words of what is gone stand nowhere in the database or beside it, also while the gateway runs', async () => {
  const dir = newDir();
  const store = await openStore({ dir });
  // So many that the index merges its parts, and frees pages, by itself.
  for (let n = 0; n < 2500; n++) {
    const kept = store.recorder.keep(
      oldRecord(n, { statement: `select needle${n} from t where a = 'needle_${n}'` }),
    );
    if (n % 100 === 99) await kept;
  }
  await store.audit.checkpoint();
  assert.equal(await store.audit.purge(order), 2500);
  for (const file of ['sluice.db', 'sluice.db-wal']) {
    assert.ok(!readFileSync(join(dir, file)).includes('needle'), file);
  }
  await store.close();
  assert.deepEqual(verdictOf(dir).problems, []);
});

for (const [kind, value] of [
  ['principal', EVE],
  ['target', 'ledger'],
  ['session', 'session-9'],
] as const) {
  test(`a legal hold on a ${kind} keeps its records, events and recordings`, async () => {
    const dir = newDir();
    const store = await openStore({ dir });
    await store.documents.put(HOLDS, 'case-1', hold(kind, value));
    const held = oldRecord(1, {
      principal: kind === 'principal' ? EVE : ADA.id,
      target: TargetName.parse(kind === 'target' ? 'ledger' : 'shop'),
      sessionId: SessionId.parse(kind === 'session' ? 'session-9' : 'session-1'),
    });
    await store.recorder.keep(held);
    await store.recorder.keep(oldRecord(2));
    assert.equal(await store.audit.purge(order), 1);
    assert.deepEqual(await idsOf(store), [held.id]);
    await store.documents.delete(HOLDS, 'case-1');
    assert.equal(await store.audit.purge(order), 1);
    await store.close();
    assert.deepEqual(verdictOf(dir).problems, []);
  });
}

test('a legal hold by an e-mail address keeps all of whoever has it, also what says their id alone', async () => {
  const dir = newDir();
  const store = await openStore({ dir });
  await store.documents.put(HOLDS, 'case-1', hold('principal', 'Eve@Shop.example'));
  const own = { principal: EVE, principalName: 'Eve' };
  const principal = {
    ...ADA,
    id: EVE,
    kind: 'person' as const,
    email: 'eve@shop.example',
    groups: [],
    claims: {},
    epoch: 1,
  };
  const asked = { labels: {}, network: '', columns: [], through: [] };
  await store.recorder.keep(oldRecord(1, { ...own, question: { ...asked, principal } }));
  await store.recorder.keep(oldRecord(2, { ...own, facts: null }));
  await store.recorder.keep(oldRecord(3));
  await store.recorder.note(recordingIn(dir, 'session-1', EVE));
  assert.equal(await store.audit.purge(order), 1);
  assert.deepEqual(await idsOf(store), [oldRecord(2).id, oldRecord(1).id]);
  assert.ok(existsSync(join(dir, 'recordings', 'session-1-1.cast')));
  await store.close();
  assert.deepEqual(verdictOf(dir).problems, []);
});

test('recordings go with their sessions, unless a hold is on whose they are; that they were stays in the log', async () => {
  const dir = newDir();
  const store = await openStore({ dir });
  await store.documents.put(HOLDS, 'case-1', hold('principal', EVE));
  await store.recorder.note(recordingIn(dir, 'session-1'));
  await store.recorder.note(recordingIn(dir, 'session-2', EVE));
  await store.audit.purge({ ...order, before: new Date(Date.now() + 60_000) });
  const file = (name: string) => existsSync(join(dir, 'recordings', `${name}-1.cast`));
  assert.deepEqual([file('session-1'), file('session-2')], [false, true]);
  await store.close();
  const { verdict, problems } = verdictOf(dir);
  assert.deepEqual(problems, []);
  assert.equal(verdict?.recordings, 2);
});

test('a log that is exported, or read on, while a purge runs is sound', async (context) => {
  const dir = newDir();
  const store = await openStore({ dir });
  for (let n = 0; n < 3; n++) await store.recorder.keep(oldRecord(n));
  await store.close();
  const database = await openDatabase(dir);
  context.after(() => database.close());
  const { raw } = database;
  const log = new TreeLog(raw);
  const checkpoints = new Checkpoints({ raw, dir, log, nowMs: Date.now, onSigned: () => undefined });
  const run = new PurgeRun({ raw, dir, log, checkpoints }, { ...order, beforeMs: OLD_BEFORE.getTime() });
  const follower = new LogVerifier({ tiles: null });
  const read = (behind?: { seq: number; checkpoint: number }) => {
    const part = readFolder(dir, behind);
    follower.take(part);
    part.close();
    assert.deepEqual(follower.verdict(null).problems, []);
  };
  read();
  const before = {
    seq: log.size,
    checkpoint: Number(raw.prepare('select count(*) as n from checkpoints').get()?.n),
  };
  const whole = readFolder(dir);
  run.next();
  assert.equal(run.count, 3);
  writeExport(whole, join(dir, 'before'));
  whole.close();
  const purged = readFolder(dir);
  writeExport(purged, join(dir, 'after'));
  purged.close();
  for (const name of ['before', 'after']) {
    assert.deepEqual(examine(readExport(join(dir, name)), null).problems, [], name);
  }
  read(before);
});

/** What a gateway leaves that is killed right after a purge's first transaction: contents are out of the log, and all else is there. */
async function interrupted(dir: string, context: TestContext): Promise<PurgeParts & { close(): void }> {
  const store = await openStore({ dir });
  // As many as one transaction takes, and so small an index that it would merge its parts by itself.
  const kept = Array.from({ length: 1999 }, (_, n) =>
    oldRecord(n, { statement: `select needle${n} from t` }),
  );
  await Promise.all(kept.map((record) => store.recorder.keep(record)));
  await store.recorder.note({ ...recordingIn(dir, 'session-1'), id: oldRecord(1999).id });
  await store.close();
  const database = await openDatabase(dir);
  const { raw } = database;
  const close = () => {
    if (raw.isOpen) database.close();
  };
  context.after(close);
  new SearchIndex(raw).build();
  raw.exec("insert into searched_words (searched_words, rank) values ('deletemerge', 0), ('automerge', 0)");
  const log = new TreeLog(raw);
  const checkpoints = new Checkpoints({ raw, dir, log, nowMs: Date.now, onSigned: () => undefined });
  const parts = { raw, dir, log, checkpoints };
  new PurgeRun(parts, { ...order, beforeMs: OLD_BEFORE.getTime() }).next();
  raw.exec('pragma wal_checkpoint(truncate)');
  recordingIn(dir, 'session-1');
  // What it has yet to do is nothing that somebody did to the log.
  assert.deepEqual(verdictOf(dir).problems, []);
  assert.ok(readFileSync(join(dir, 'sluice.db')).includes('needle'));
  return { ...parts, close };
}

function nothingIsLeft(dir: string): void {
  for (const file of ['sluice.db', 'sluice.db-wal'].map((name) => join(dir, name))) {
    assert.ok(!existsSync(file) || !readFileSync(file).includes('needle'), file);
  }
  assert.ok(!existsSync(join(dir, 'recordings', 'session-1-1.cast')));
  assert.deepEqual(verdictOf(dir).problems, []);
}

test('a purge that was interrupted is brought to its end by the next one, which finds nothing to take', async (context) => {
  const dir = newDir();
  const parts = await interrupted(dir, context);
  const desk = new AuditDesk(parts);
  assert.equal(await desk.purge({ ...order, beforeMs: OLD_BEFORE.getTime() }), 0);
  nothingIsLeft(dir);
  assert.equal(unfinishedPurge(parts.raw), null);
});

test('a purge that was interrupted is brought to its end by the next start', async (context) => {
  const dir = newDir();
  (await interrupted(dir, context)).close();
  // As a data folder that was moved without it.
  rmSync(join(dir, 'recordings'), { recursive: true });
  const store = await openStore({ dir });
  context.after(() => store.close());
  while ((await store.documents.get('audit-purge', 'unfinished')) !== undefined);
  nothingIsLeft(dir);
});

test('keys, purges, holds and policies are told of for ever', async () => {
  const dir = newDir();
  const store = await openStore({ dir });
  await store.recorder.note(
    anEvent({ kind: 'legalHold', name: 'case-1', state: 'placed', reason: 'a case' }, ADA),
  );
  await store.recorder.note(anEvent({ kind: 'gatewayStopped' }));
  const future = { ...order, before: new Date(Date.now() + 60_000) };
  assert.equal(await store.audit.purge(future), 1);
  await store.close();
  assert.deepEqual(verdictOf(dir).problems, []);
});

test('nothing but a purge can take anything out of the log, or change it', async () => {
  const dir = newDir();
  const store = await openStore({ dir });
  await store.recorder.keep(oldRecord(1));
  await store.audit.checkpoint();
  await store.close();
  const raw = new DatabaseSync(join(dir, 'sluice.db'));
  for (const change of [
    'delete from log',
    "update log set body = 'x'",
    'update log set body = null, salt = null, principal = null, target = null',
    'delete from checkpoints',
    "update checkpoints set note = ''",
    'delete from tiles',
    'insert into purging select seq from log; update log set body = null, salt = null',
    "insert into purging select seq from log where seq > 1; update log set record = 'x', body = null, salt = null, principal = null, target = null where seq > 1",
  ]) {
    raw.exec('begin');
    // An empty table has nothing that a trigger could keep.
    if (change !== 'delete from tiles') assert.throws(() => raw.exec(change), /append-only/, change);
    raw.exec('rollback');
  }
  raw.close();
});

test('a purge goes over an event of another version', async () => {
  const dir = newDir();
  const store = await openStore({ dir });
  await store.recorder.keep(oldRecord(1));
  const { id } = oldRecord(2);
  const ofAnotherVersion = { id, fact: { kind: 'ofAnotherVersion' } };
  await store.recorder.note(Object.assign(anEvent({ kind: 'gatewayStopped' }), ofAnotherVersion));
  assert.equal(await store.audit.purge(order), 2);
  await store.close();
});

test('a hold that can not be read keeps everything, and the store goes on', async () => {
  const dir = newDir();
  const store = await openStore({ dir });
  await store.recorder.keep(oldRecord(1));
  for (const held of [{ kind: 'ofAnotherVersion', value: 'x' }, { kind: 'principal', value: '' }, null]) {
    await store.documents.put(HOLDS, 'case-1', { name: 'case-1', of: held });
    await assert.rejects(store.audit.purge(order), (error) => {
      assert.ok(error instanceof SluiceError);
      assert.equal(error.code, 'store.corrupt');
      assert.match(error.message, /legal hold case-1 can't be read/);
      return true;
    });
  }
  assert.deepEqual(await idsOf(store), [oldRecord(1).id]);
  await store.documents.delete(HOLDS, 'case-1');
  assert.equal(await store.audit.purge(order), 1);
  await store.close();
  assert.deepEqual(verdictOf(dir).problems, []);
});

test('no file is deleted that is no recording, whatever somebody wrote into the database', async (context) => {
  const parts = await interrupted(newDir(), context);
  const precious = join(parts.dir, 'precious-1.cast');
  writeFileSync(precious, 'precious');
  const planted = JSON.stringify({ recordings: [{ session: '../precious', terminal: 1 }] });
  parts.raw.prepare("update documents set value = ? where collection = 'audit-purge'").run(planted);
  assert.throws(() => new PurgeEnd(parts).next(), { code: 'store.corrupt' });
  assert.ok(existsSync(precious));
});

test('no file is deleted that an event names as a recording outside of their folder', async () => {
  const dir = newDir();
  const store = await openStore({ dir });
  const event = recordingIn(dir, 'session-1');
  const precious = join(dir, 'precious-1.cast');
  writeFileSync(precious, 'precious');
  const fact = { ...event.fact, session: SessionId.parse('../precious') } as typeof event.fact;
  await store.recorder.note({ ...event, fact });
  await store.audit.purge({ ...order, before: new Date(Date.now() + 60_000) });
  await store.close();
  assert.ok(existsSync(precious));
});

import assert from 'node:assert/strict';
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { after, before, test } from 'node:test';
import { run } from '../../../cli/run.ts';
import { newRecordId } from '../../../core/flow/record-id.ts';
import { aRecord } from '../a-record.fixture.ts';
import { openStore } from '../store.ts';
import { ADA, DONE, OLD_BEFORE, oldRecord } from './log.fixture.ts';

/** What somebody tries who can write the data folder, knows how the log is made, and has no key. */

const root = mkdtempSync(join(tmpdir(), 'sluice-forgeries-'));
after(() => rmSync(root, { recursive: true, force: true }));
const honest = join(root, 'honest');
const beforePurge = join(root, 'before-purge');

before(async () => {
  const store = await openStore({ dir: honest });
  for (let n = 0; n < 10; n++) await store.recorder.keep(oldRecord(n));
  const held = oldRecord(10, { sessionId: aRecord(0).sessionId, principal: ADA.id });
  await store.recorder.keep(held);
  await store.recorder.keep(oldRecord(11));
  await store.audit.checkpoint();
  cpSync(honest, beforePurge, { recursive: true });
  await store.documents.put('audit-holds', 'case-1', { of: { kind: 'principal', value: ADA.id } });
  assert.equal(await store.audit.purge({ before: OLD_BEFORE, reason: 'a test', by: ADA }), 11);
  const at = Date.now();
  for (let n = 0; n < 300; n++) {
    const id = newRecordId(new Date(at - (300 - n) * 1000));
    await store.recorder.keep({ ...aRecord(n), id, outcome: DONE });
    if (n % 100 === 50) await store.audit.checkpoint();
  }
  await store.audit.checkpoint();
  await store.close();
});

async function verify(dir: string, ...args: string[]) {
  let said = '';
  const exit = await run(['audit', 'verify', dir, ...args], {
    environment: {},
    out: (text) => (said += `${text}\n`),
    say: (text) => (said += `${text}\n`),
    stopped: new Promise(() => undefined),
  });
  return { exit, said };
}

/** A copy, changed by somebody who takes the triggers away and puts them back. */
function forged(name: string, change: (raw: DatabaseSync, dir: string) => void): string {
  const dir = join(root, name);
  cpSync(honest, dir, { recursive: true });
  const raw = new DatabaseSync(join(dir, 'sluice.db'));
  const triggers = raw.prepare("select name, sql from sqlite_schema where type = 'trigger'").all();
  for (const trigger of triggers) raw.exec(`drop trigger ${String(trigger.name)}`);
  change(raw, dir);
  for (const trigger of triggers) {
    const isThere = raw.prepare('select 1 from sqlite_schema where name = ?').get(trigger.name ?? '');
    if (isThere === undefined) raw.exec(String(trigger.sql));
  }
  raw.close();
  return dir;
}

test('an honest log is sound', async () => {
  const { exit, said } = await verify(honest);
  assert.equal(exit, 0, said);
});

const FORGERIES: Record<string, { change: (raw: DatabaseSync, dir: string) => void; says: RegExp }> = {
  'a log without any entry': {
    change: (raw, dir) => {
      for (const table of ['log', 'tiles', 'checkpoints']) raw.exec(`delete from ${table}`);
      rmSync(join(dir, 'audit', 'checkpoint'));
    },
    says: /it is empty/,
  },
  'all that was signed after a moment, told otherwise, as if it were not signed yet': {
    change: (raw, dir) => {
      const { number, note } =
        raw.prepare('select number, note from checkpoints order by number limit 1 offset 2').get() ?? {};
      raw.prepare('delete from checkpoints where number > ?').run(Number(number));
      raw.exec('delete from tiles; update log set principal = null where false');
      writeFileSync(join(dir, 'audit', 'checkpoint'), String(note));
    },
    says: /entries of \d+ seconds are not signed/,
  },
  'a content that a hold kept, gone in the place of one that is there again': {
    change: (raw) => {
      const old = new DatabaseSync(join(beforePurge, 'sluice.db'));
      const row = old
        .prepare('select seq, body, salt from log where body is not null and record like ? limit 1')
        .get('0188%');
      old.close();
      raw
        .prepare('update log set body = ?, salt = ?, principal = ?, target = ? where seq = ?')
        .run(row?.body ?? null, row?.salt ?? null, 'person:ana@shop.example', 'shop', row?.seq ?? null);
      raw.exec(
        `update log set body = null, salt = null, principal = null, target = null where principal = '${ADA.id}' and kind = 'kept'`,
      );
    },
    says: /is gone, and no purge took it/,
  },
  'a record that nobody made, in a row before the first, where searches find it': {
    change: (raw) => {
      const id = '0199aaaa-0000-7000-8000-00000000beef';
      const { outcome: _, ...made } = aRecord(1);
      const body = JSON.stringify({ ...made, id, statement: 'drop table customers', outcome: DONE });
      raw
        .prepare(`insert into log (seq, kind, record, principal, target, body, salt, commitment)
          values (-1, 'kept', ?, ?, ?, ?, zeroblob(16), zeroblob(32))`)
        .run(id, made.principal, made.target, body);
      raw.prepare('insert into searched (position, record) values (1, ?)').run(id);
      raw.exec(`insert into searched_words (rowid, terms, text) values (1, '', 'drop table customers')`);
    },
    says: /0199aaaa-0000-7000-8000-00000000beef/,
  },
  'an end that nobody wrote, in a row before the first': {
    change: (raw) =>
      raw.exec(`insert into log (seq, kind, record, body, salt, commitment) values (0, 'closed', 'none',
        '{"status":"refused"}', zeroblob(16), zeroblob(32))`),
    says: /none/,
  },
  'a record that is taken out of the index, which is said to have come no further than the first row': {
    change: (raw) =>
      raw.exec(`delete from searched where position = (select max(position) from searched);
        update searched_up_to set seq = 1`),
    says: /search's index/,
  },
  'another key beside a checkpoint': {
    change: (raw) => raw.exec(`update checkpoints set key = 'sluice/other+00000000+AAAA' where number = 2`),
    says: /checkpoint 2/,
  },
  'a recording that the log does not know': {
    change: (_, dir) => {
      mkdirSync(join(dir, 'recordings'), { recursive: true });
      writeFileSync(join(dir, 'recordings', 'session-9-1.cast'), '{"version":2}\n[0.1,"o","rm -rf /"]\n');
    },
    says: /session-9/,
  },
  'a trigger that does nothing, under the name of one that keeps the log': {
    change: (raw) => raw.exec('create trigger log_no_delete before delete on log begin select 1; end'),
    says: /log_no_delete, which keeps the log from being changed, is gone/,
  },
  'a trigger that takes what comes out of the index': {
    change: (raw) =>
      raw.exec(
        'create trigger x after insert on searched begin delete from searched where position = new.position; end',
      ),
    says: /a trigger x, which no gateway makes/,
  },
  'a record that is taken out of the index': {
    change: (raw) => raw.exec('delete from searched where position = (select max(position) from searched)'),
    says: /the search's index lacks record/,
  },
  'a record whose words are taken out of the index': {
    change: (raw) =>
      raw.exec('delete from searched_words where rowid = (select max(position) from searched)'),
    says: /the search's index lacks record/,
  },
  'somebody put beside a record that was purged': {
    change: (raw) =>
      raw.exec(
        `update log set principal = 'person:eve@shop.example' where seq = (select min(seq) from log where body is null)`,
      ),
    says: /still kept beside it/,
  },
  'contents that are put back where a purge took them': {
    change: (raw) => {
      raw.exec(`attach '${join(beforePurge, 'sluice.db')}' as earlier`);
      raw.exec(`update log set (body, salt, principal, target) = (select body, salt, principal, target
        from earlier.log as kept where kept.seq = log.seq) where seq in (3, 5)`);
    },
    says: /record 01880000-0000-7000-8000-000000000001 \(3, .*\): a purge took its content, and it is there\n.*record 01880000-0000-7000-8000-000000000003 \(5, /,
  },
  'a salt that is put back where a purge took it': {
    change: (raw) => {
      raw.exec('pragma ignore_check_constraints = on');
      raw.exec('update log set salt = randomblob(16) where seq = 3');
    },
    says: /its content is gone, and its salt is still kept/,
  },
  'a row of another type': {
    change: (raw) => raw.exec(`update log set body = x'00' where seq = 20`),
    says: /row 20 is not as gateways write rows/,
  },
  'no newest checkpoint beside the database': {
    change: (_, dir) => rmSync(join(dir, 'audit', 'checkpoint')),
    says: /audit\/checkpoint is missing/,
  },
};

for (const [name, { change, says }] of Object.entries(FORGERIES)) {
  test(`found out: ${name}`, async () => {
    const { exit, said } = await verify(forged(name.replaceAll(' ', '-'), change));
    assert.match(said, says);
    assert.equal(exit, 1, said);
  });
}

test('nothing that stands in a forged log moves the cursor of who verifies it', async () => {
  const obeyed = '\x1b]52;c;ZXZpbA==\x07\u202e\x9b2J';
  const dir = forged('escapes', (raw) => {
    raw.prepare(`update log set record = ?, body = body || ' ' where seq = 20`).run(obeyed);
    raw.exec('delete from log where seq = 30');
  });
  for (const args of [[], ['--json']]) {
    const { exit, said } = await verify(dir, ...args);
    assert.equal(exit, 1);
    assert.doesNotMatch(said, /[^\n\P{Cc}]/u);
  }
});

test('a witness that kept nothing is no witness', async () => {
  const empty = mkdtempSync(join(root, 'witness-'));
  const { exit, said } = await verify(honest, '--witness', empty);
  assert.notEqual(exit, 0);
  assert.match(said, /is empty/);
});

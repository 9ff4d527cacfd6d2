import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { after, test } from 'node:test';
import type { SqlFacts } from '../../../../contract/facts.ts';
import { PrincipalId, RecordId, RuleId, SessionId, TargetName } from '../../../../contract/ids.ts';
import type { ActionRecord, RecordOutcome } from '../../../../contract/record.ts';
import { RecordSearch } from '../../../../contract/record-search.ts';
import { aRecord } from '../a-record.fixture.ts';
import { openStore, type Store } from '../store.ts';
import { term } from './terms.ts';
import { textExpression } from './words.ts';

const dirs: string[] = [];
after(() => Promise.all(dirs.map((dir) => rm(dir, { recursive: true, force: true }))));
async function newDir(): Promise<string> {
  const dir = await mkdtemp(join(tmpdir(), 'sluice-search-'));
  dirs.push(dir);
  return dir;
}

const done: RecordOutcome = { status: 'done', sqlState: null, rows: 1, bytes: 1, durationMs: 1 };
const facts: SqlFacts = {
  protocol: 'sql',
  kind: 'select',
  node: 'SelectStmt',
  readOnly: true,
  hasWhere: null,
  reads: [{ schema: 'public', relation: 'Customers' }],
  writes: [],
  disclosed: [{ schema: 'public', relation: 'Customers', column: 'email' }],
  conditions: [{ schema: 'public', relation: 'Customers', column: 'id' }],
  functions: [],
  settings: [],
  unknowns: [],
};

/** One a second from 2026-01-01 on. */
function at(second: number): { id: RecordId; at: string } {
  const ms = Date.parse('2026-01-01T00:00:00Z') + second * 1000;
  const time = ms.toString(16).padStart(12, '0');
  return {
    id: RecordId.parse(`${time.slice(0, 8)}-${time.slice(8)}-7000-8000-000000000000`),
    at: new Date(ms).toISOString(),
  };
}

const records: ActionRecord[] = [
  aRecord(0, { ...at(0), outcome: done, statement: 'select * from order_items' }),
  aRecord(0, {
    ...at(1),
    outcome: done,
    facts,
    statement: 'SELECT email FROM "Customers" WHERE id = 7',
    decision: {
      ...aRecord(0).decision,
      outcome: 'mask',
      masks: [
        {
          column: { schema: 'public', relation: 'Customers', column: 'ssn' },
          mask: { method: 'null' },
          rule: RuleId.parse('Hide-SSN'),
        },
      ],
    },
  }),
  aRecord(0, {
    ...at(2),
    outcome: { ...done, status: 'refused' },
    principal: PrincipalId.parse('person:dora@shop.example'),
    principalName: 'Dora Lenz',
    target: TargetName.parse('ledger'),
    statement: 'delete from orders where customer = 5',
    decision: { ...aRecord(0).decision, outcome: 'approve' },
  }),
  aRecord(0, {
    ...at(3),
    outcome: { ...done, detected: { email: 2 } },
    surface: 'ssh',
    sessionId: SessionId.parse('session-2'),
    statement: 'systemctl restart nginx',
  }),
];

async function filled(dir: string): Promise<Store> {
  const store = await openStore({ dir });
  for (const record of records) await store.recorder.keep(record);
  return store;
}

async function found(store: Store, search: RecordSearch, principal: string | null = null): Promise<number[]> {
  const { target = null, ...rest } = search;
  const page = await store.records.list({ principal, target, search: rest, before: null, limit: 100 });
  return page.records.map(({ id }) => records.findIndex((record) => record.id === id));
}

test('records are found by each thing that they can be searched for, and by all of them together', async () => {
  const store = await filled(await newDir());
  const expected: [RecordSearch, number[]][] = [
    [{}, [3, 2, 1, 0]],
    [{ principal: 'person:dora@shop.example' }, [2]],
    [{ principal: 'dora@shop.example' }, [2]],
    [{ principal: 'dora lenz' }, [2]],
    [{ target: TargetName.parse('ledger') }, [2]],
    [{ session: SessionId.parse('session-2') }, [3]],
    [{ surface: 'ssh' }, [3]],
    [{ rule: 'hide-ssn' }, [1]],
    [{ rule: 'developers-read' }, [3, 2, 1, 0]],
    [{ outcome: 'refused' }, [2]],
    [{ outcome: 'done' }, [3, 1, 0]],
    [{ outcome: 'masked' }, [3, 1]],
    [{ outcome: 'held' }, [2]],
    [{ outcome: 'lost' }, []],
    [{ table: 'customers' }, [1]],
    [{ table: 'public.customers' }, [1]],
    [{ table: 'other.customers' }, []],
    [{ column: 'ssn' }, [1]],
    [{ column: 'Customers.email' }, [1]],
    [{ column: 'public.customers.id' }, [1]],
    [{ from: at(1).at, to: at(3).at }, [2, 1]],
    [{ from: at(1).at, to: at(3).at, outcome: 'refused' }, [2]],
    [{ text: 'customer' }, [2]],
    [{ text: 'cust*' }, [2, 1]],
    [{ text: 'from select' }, [1, 0]],
    [{ text: '"delete from"' }, [2]],
    [{ text: '"from delete"' }, []],
    [{ text: 'customer = 5' }, [2]],
    [{ text: 'order_items' }, [0]],
    [{ text: '= ; "' }, []],
    [{ text: 'orders OR nginx' }, []],
    [{ target: TargetName.parse('shop'), text: 'select', outcome: 'masked' }, [1]],
  ];
  for (const [search, positions] of expected) {
    assert.deepEqual(await found(store, search), positions, JSON.stringify(search));
  }
  await store.close();
});

test('whose records one may see is decided by the exact id, whatever is searched for', async () => {
  const store = await filled(await newDir());
  const dora = 'person:dora@shop.example';
  assert.deepEqual(await found(store, {}, dora), [2]);
  assert.deepEqual(await found(store, { principal: 'ana@shop.example' }, dora), []);
  assert.deepEqual(await found(store, {}, 'dora@shop.example'), []);
  assert.deepEqual(await found(store, {}, 'Person:Dora@shop.example'), []);
  await store.close();
});

test('whoever writes into the index shows nobody what is not theirs', async () => {
  const dir = await newDir();
  await (await filled(dir)).close();
  const dora = 'person:dora@shop.example';
  const raw = new DatabaseSync(join(dir, 'sluice.db'));
  const { position } = raw.prepare('select min(position) as position from searched').get() ?? {};
  const insert = raw.prepare('insert or replace into searched_words (rowid, terms, text) values (?, ?, ?)');
  insert.run(position ?? 0, term('owner', dora), 'order_items');
  raw.close();
  const store = await openStore({ dir });
  assert.deepEqual(await found(store, {}, dora), [2]);
  assert.deepEqual(await found(store, { text: 'order_items' }, dora), []);
  await store.close();
});

test('a search that would hold up everybody is none', async () => {
  const store = await filled(await newDir());
  assert.deepEqual(await found(store, { text: 'nginx\0"' }), [3]);
  for (const text of ['a*', 'aa* bb* cc*', Array.from({ length: 21 }, (_, n) => `word${n}`).join(' ')]) {
    assert.equal(RecordSearch.safeParse({ text }).success, false, text);
  }
  assert.equal(RecordSearch.safeParse({ text: 'cust* ord* from "a b"' }).success, true);
  assert.equal(textExpression('a a a b* b*'), 'text : "a" text : "b*"*');
  await store.close();
});

test('an action is found while it runs, and by its end from then on', async () => {
  const store = await openStore({ dir: await newDir() });
  const [record = aRecord(0)] = records;
  const { outcome: _, ...running } = record;
  await store.recorder.open(running).durable();
  assert.deepEqual(await found(store, { outcome: 'running' }), [0]);
  await store.recorder.close(running.id, { ...done, status: 'failed' });
  assert.deepEqual(await found(store, { outcome: 'running' }), []);
  assert.deepEqual(await found(store, { outcome: 'failed', text: 'order_items' }), [0]);
  await store.close();
});

test('pages of a search go to its end, also among records of one moment', async () => {
  const store = await openStore({ dir: await newDir() });
  const same = Array.from({ length: 25 }, (_, n) => aRecord(n, { outcome: done }));
  for (const record of same) await store.recorder.keep(record);
  const seen: string[] = [];
  for (let before: string | null = null, isMore = true; isMore; isMore = before !== null) {
    const search = { text: 'orders', outcome: 'done' } as const;
    const page = await store.records.list({ principal: null, target: null, search, before, limit: 7 });
    seen.push(...page.records.map(({ id }) => id));
    before = page.next;
  }
  assert.deepEqual(seen, same.map(({ id }) => id).toReversed());
  await store.close();
});

test('an index that was emptied, or never made, is made anew from the log', async () => {
  const dir = await newDir();
  await (await filled(dir)).close();
  const raw = new DatabaseSync(join(dir, 'sluice.db'));
  raw.exec(`delete from searched; insert into searched_words (searched_words) values ('delete-all');
    update searched_up_to set seq = 0;`);
  raw.close();
  const store = await openStore({ dir });
  assert.deepEqual(await found(store, { text: 'nginx' }), [3]);
  assert.deepEqual(await found(store, { outcome: 'masked' }), [3, 1]);
  await store.close();
});

test('a record that was purged is found no more, and its words are gone from the disk', async () => {
  const dir = await newDir();
  const store = await filled(dir);
  const words = Array.from({ length: 3 }, (_, n) => `zebra${n}secret`);
  for (const [n, word] of words.entries()) {
    const record = aRecord(0, { ...at(100 + n), outcome: done, statement: `select ${word} from orders` });
    await store.recorder.keep(record);
    await store.records.list({ principal: null, target: null, before: null, limit: 1 });
  }
  const young = aRecord(0, { ...at(1000), outcome: done, statement: 'select a from orders' });
  await store.recorder.keep(young);
  const search = { text: 'orders' };
  const query = { principal: null, target: null, search, before: null, limit: 100 };
  assert.equal((await store.records.list(query)).records.length, 5);
  await store.audit.purge({ before: new Date(at(500).at), reason: 'old', by: null });
  assert.deepEqual(
    (await store.records.list(query)).records.map(({ id }) => id),
    [young.id],
  );
  await store.close();
  const left = readFileSync(join(dir, 'sluice.db'), 'latin1');
  assert.deepEqual(
    words.filter((word) => left.includes(word)),
    [],
  );
});

test('a text is words and phrases, and never FTS5’s own language', () => {
  assert.equal(textExpression('a "b c" d*'), 'text : "a" text : "b c" text : "d*"*');
  assert.equal(textExpression('NEAR(x) -y terms:z'), 'text : "NEAR(x)" text : "-y" text : "terms:z"');
  assert.equal(textExpression('"open'), 'text : "open"');
  assert.equal(textExpression('* "" ='), null);
});

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Client } from 'pg';
import type { RecordedAnswer } from '../../../contract/record.ts';
import type { FrontendMessage } from '../../wire/postgres/index.ts';
import { answerTo } from './testing/answer-bytes.ts';
import { type Lab, openLab, POLICY } from './testing/lab.ts';

let lab: Lab;
before(async () => {
  lab = await openLab();
  const direct = new Client({ connectionString: lab.sample.superuserUrl() });
  await direct.connect();
  await direct.query(
    `CREATE TABLE notes AS SELECT 'with 4111 1111 1111 1111' AS body; GRANT SELECT ON notes TO PUBLIC`,
  );
  await direct.end();
});
after(() => lab.close());

function answered(part: string): RecordedAnswer | undefined {
  return lab.recorder.records.findLast(({ statement }) => statement.includes(part))?.outcome?.answer;
}

test('a record keeps the rows as its person saw them, masks and all', async () => {
  const ana = await lab.client('ana');
  const simple = await ana.query('select id, email, null as nothing from customers order by id limit 2');
  const extended = await ana.query('select email as mail from customers where id = $1', [1]);
  await ana.end();
  const seen = simple.rows.map(({ id, email }) => [String(id), email, null]);
  assert.deepEqual(answered('nothing'), { columns: ['id', 'email', 'nothing'], rows: seen, isCut: false });
  assert.match(seen[0]?.[1] ?? '', /•/);
  assert.deepEqual(answered('as mail'), {
    columns: ['mail'],
    rows: [[extended.rows[0].mail]],
    isCut: false,
  });
});

test('what is beyond the limits is left out, and the record says so', async () => {
  const ana = await lab.client('ana');
  await ana.query("select i as counted, repeat('x', 10) from generate_series(1, 5000) i");
  await ana.query("select repeat('y', 200000) as long");
  await ana.end();
  const many = answered('counted');
  assert.equal(many?.rows.length, 100);
  assert.deepEqual(many?.rows.at(-1), ['100', 'x'.repeat(10)]);
  assert.equal(many?.isCut, true);
  assert.deepEqual(answered('as long'), { columns: ['long'], rows: [], isCut: true });
});

test('what a detector replaced is not in the record either', async () => {
  lab.policy.activate(`${POLICY}
  - id: cards
    owner: data-protection@shop.example
    who: everyone
    on: { targets: [shop] }
    then: { detect: [cards] }
    because: Cards are never shown.
`);
  const ana = await lab.client('ana');
  const { rows } = await ana.query("select body, 'paid' as paid from notes");
  await ana.end();
  lab.policy.activate(POLICY);
  assert.doesNotMatch(rows[0].body, /4111 1111/);
  assert.deepEqual(answered('as paid')?.rows, [[rows[0].body, 'paid']]);
});

test('binary values stand as PostgreSQL writes bytes', async () => {
  const ana = await lab.client('ana');
  const inBinary = { text: 'select $1::int as binary_one', binary: true, values: [258] };
  await ana.query(inBinary);
  await ana.end();
  assert.deepEqual(answered('binary_one'), {
    columns: ['binary_one'],
    rows: [['\\x00000102']],
    isCut: false,
  });
});

test('values that are bound as binary stand as bytes, whoever describes the statement and whenever', async () => {
  const query = 'select -2::int4 as b';
  const parse: FrontendMessage = { type: 'parse', statement: 's', query, parameterTypes: [] };
  const describe: FrontendMessage = { type: 'describe', object: 'statement', name: 's' };
  const bind = (portal: string, resultFormats: number[]): FrontendMessage => {
    return { type: 'bind', portal, statement: 's', parameterFormats: [], parameters: [], resultFormats };
  };
  const execute = (portal: string): FrontendMessage => ({ type: 'execute', portal, maxRows: 0 });
  const sync: FrontendMessage = { type: 'sync' };
  const binary = [['\\xfffffffe']];
  await answerTo(lab.url('ana'), parse, describe, bind('', [1]), execute(''), sync);
  assert.deepEqual(answered(query)?.rows, binary);
  await answerTo(lab.url('ana'), parse, bind('', [1]), execute(''), sync);
  assert.deepEqual(answered(query)?.rows, binary);
  const both = [bind('one', [1]), bind('two', []), execute('two'), execute('one')];
  await answerTo(lab.url('ana'), parse, ...both, describe, sync);
  assert.deepEqual(answered(query)?.rows, binary);
  const describePortal: FrontendMessage = { type: 'describe', object: 'portal', name: 'one' };
  const described = [bind('one', [1]), describePortal, execute('one'), bind('two', []), execute('two')];
  await answerTo(lab.url('ana'), parse, ...described, sync);
  assert.deepEqual(answered(query)?.rows, [['-2']]);
});

test('a statement without rows keeps its columns', async () => {
  const ana = await lab.client('ana');
  await ana.query('select id as none from customers where false');
  await ana.query('begin');
  await ana.query('rollback');
  await ana.end();
  assert.deepEqual(answered('as none'), { columns: ['none'], rows: [], isCut: false });
  assert.equal(answered('begin'), undefined);
});

test('where constants are left out, a record has none: not of what ran, and nothing of what was not understood', async () => {
  lab.policy.activate(`${POLICY}\nrecord: { answers: { rows: 1 }, constants: hide }\n`);
  const before = lab.recorder.records.length;
  const ana = await lab.client('ana');
  await ana.query("select id from customers where name <> 'secret' -- secret");
  await ana.query('select id from customers where name = $1', ['secret']);
  await assert.rejects(ana.query("selec 'secret'"));
  await assert.rejects(ana.query("select id from customers 'secret'"));
  await assert.rejects(ana.query("select id from customers where name = 'secret"));
  await ana.query("set application_name = 'secret'");
  await ana.end();
  lab.policy.activate(POLICY);
  const kept = lab.recorder.records.slice(before);
  assert.deepEqual(
    kept.map(({ statement }) => statement.slice(0, 42)),
    [
      'select id from customers where name <> ?',
      'select id from customers where name = ?',
      '(not kept: it was not understood, and the ',
      '(not kept: it was not understood, and the ',
      '(not kept: it was not understood, and the ',
      'set application_name = ?',
    ],
  );
  assert.equal(kept[0]?.outcome?.answer?.rows.length, 1);
  assert.equal(kept[0]?.outcome?.answer?.isCut, true);
  assert.doesNotMatch(JSON.stringify(kept), /secret/);
});

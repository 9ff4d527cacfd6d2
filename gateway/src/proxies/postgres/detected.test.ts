import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { after, before, test } from 'node:test';
import { promisify } from 'node:util';
import { Client } from 'pg';
import postgres from 'postgres';
import { BodyReader } from '../../wire/postgres/bytes/body-reader.ts';
import { decodeDataRow } from '../../wire/postgres/messages/backend/data-row.ts';
import { answerTo } from './testing/answer-bytes.ts';
import { type Lab, openLab, PASSWORD, POLICY } from './testing/lab.ts';

const run = promisify(execFile);
const CARD = '4111111111111111';

const DETECTING = (on: string, then = '{ detect: [cards, emails, secrets, order-ref] }') => `${POLICY.replace(
  'version: 1',
  "version: 1\npatterns: { order-ref: '\\bORD-[0-9]{6}\\b' }",
)}
  - id: no-cards-in-notes
    owner: security@shop.example
    who: { groups: [developers] }
    on: ${on}
    then: ${then}
    because: Cards stand where they should not.
`;

let lab: Lab;
before(async () => {
  lab = await openLab();
  const direct = new Client({ connectionString: lab.sample.superuserUrl() });
  await direct.connect();
  await direct.query(`
    CREATE TYPE contact AS (name text, reach text);
    CREATE DOMAIN memo AS text;
    CREATE TABLE notes (id int PRIMARY KEY, body text, doc jsonb, raw json, tags text[], docs jsonb[], who contact,
      memo memo, markup xml, number numeric, at timestamptz, ref uuid);
    GRANT ALL ON notes TO PUBLIC`);
  await direct.query(
    `INSERT INTO notes VALUES (1, $1, $2, $3, $4, $5, $6, $7, $8, $9, '2026-03-04T10:00:00Z', '41111111-1111-4111-8111-111111111111'),
      (2, 'nothing here', '{"a": 1}', '{"a": 1}', '{a}', NULL, NULL, NULL, NULL, 1, NULL, NULL)`,
    [
      `Card ${CARD}, ORD-123456\tand "ana@shop.example" \\ so`,
      JSON.stringify({ card: Number(CARD), who: ['ana@shop.example'] }),
      `{"who": "ana\\u0040shop.example\\n"}`,
      [`a "${CARD}"`, 'b, c', `{x} ${CARD}\\`],
      [JSON.stringify({ card: Number(CARD) })],
      `("Ana ""A""",ana@shop.example)`,
      `memo ${CARD}`,
      `<a mail="ana@shop.example"/>`,
      CARD,
    ],
  );
  await direct.end();
  lab.policy.activate(DETECTING('{ targets: [shop] }'));
});
after(() => lab.close());

const SELECT =
  'SELECT id, body, doc, raw, tags, docs, who, memo, markup, number, at, ref FROM notes ORDER BY id';
const first = {
  body: 'Card [card], [order-ref]\tand "[e-mail]" \\ so',
  doc: { card: '[card]', who: ['[e-mail]'] },
  raw: { who: '[e-mail]\n' },
  tags: ['a "[card]"', 'b, c', '{x} [card]\\'],
  docs: [{ card: '[card]' }],
  who: '("Ana \\"A\\"",[e-mail])',
  memo: 'memo [card]',
  markup: '<a mail="[e-mail]"/>',
  number: CARD,
};

test('what detectors find is replaced in text, JSON, arrays, composites and domains, by both protocols', async () => {
  const client = await lab.client();
  for (const query of [{ text: SELECT }, { text: SELECT, values: [] }, { name: 'kept', text: SELECT }]) {
    const { rows } = await client.query(query);
    assert.equal(rows.length, 2);
    for (const [name, value] of Object.entries(first)) {
      const shown =
        name === 'who' ? String(rows[0][name]).replace('("Ana ""A"""', '("Ana \\"A\\""') : rows[0][name];
      assert.deepEqual(shown, value, name);
    }
    assert.equal(rows[1].body, 'nothing here');
    assert.deepEqual(lab.recorder.last()?.outcome?.detected, { cards: 6, 'order-ref': 1, emails: 5 });
  }
  await client.end();
});

test('what is not looked for goes by byte for byte, and dora sees all', async () => {
  const [ana, dora] = [await lab.client(), await lab.client('dora')];
  const { rows } = await dora.query('SELECT body FROM notes WHERE id = 1');
  assert.match(rows[0].body, /4111111111111111/);
  lab.policy.activate(DETECTING('{ columns: [notes.memo] }'));
  const { rows: some } = await ana.query('SELECT body, memo, upper(memo) AS loud FROM notes WHERE id = 1');
  assert.match(some[0].body, /4111111111111111/);
  assert.equal(some[0].memo, 'memo [card]');
  assert.equal(some[0].loud, 'MEMO [card]');
  lab.policy.activate(DETECTING('{ targets: [shop] }', '{ detect: [cards], replace: last4 }'));
  assert.equal(
    (await ana.query('SELECT memo FROM notes WHERE id = 1')).rows[0].memo,
    `memo ${'*'.repeat(12)}1111`,
  );
  lab.policy.activate(DETECTING('{ targets: [shop] }'));
  await Promise.all([ana.end(), dora.end()]);
});

test('a prepared statement that nobody looked at before is prepared again', async () => {
  const client = await lab.client();
  const statement = { name: 'old', text: 'SELECT memo FROM notes WHERE id = 1' };
  lab.policy.activate(POLICY);
  assert.match((await client.query(statement)).rows[0].memo, /4111/);
  lab.policy.activate(DETECTING('{ targets: [shop] }'));
  await assert.rejects(client.query(statement), { code: '0A000', hint: 'Prepare the statement again.' });
  assert.equal((await client.query({ ...statement, name: 'new' })).rows[0].memo, 'memo [card]');
  await client.end();
});

/** The only cell of an answer in binary form, to a client that asks for no description. */
async function binary(expression: string): Promise<Buffer | null> {
  const query = `SELECT ${expression} FROM notes WHERE id = 1`;
  const answer = await answerTo(
    `${lab.url('ana')}?sslmode=disable`,
    { type: 'parse', statement: '', query, parameterTypes: [] },
    { type: 'bind', portal: '', statement: '', parameterFormats: [], parameters: [], resultFormats: [1] },
    { type: 'execute', portal: '', maxRows: 0 },
    { type: 'sync' },
  );
  for (let at = 0; at < answer.length; at += answer.readInt32BE(at + 1) + 1) {
    if (answer[at] !== 0x44) continue;
    const { cells } = decodeDataRow(new BodyReader(answer, at + 5, at + 1 + answer.readInt32BE(at + 1)));
    return cells[0] ?? null;
  }
  throw new Error(`no row came: ${String(answer)}`);
}

test('the binary format is looked into as well, and what has none that is known becomes NULL', async () => {
  for (const [column, bytes] of [
    ['body', Buffer.from(first.body)],
    ['doc', Buffer.from('\x01{"who": ["[e-mail]"], "card": "[card]"}')],
    ['raw', Buffer.from('{"who": "[e-mail]\\n"}')],
    ['memo', Buffer.from('memo [card]')],
  ] as const) {
    assert.deepEqual(await binary(column), bytes, column);
  }
  assert.match(String(await binary('tags')), /a "\[card\]"/);
  assert.doesNotMatch(String(await binary('tags')), /4111/);
  assert.match(String(await binary('docs')), /"card": "\[card\]"/);
  assert.match(String(await binary('who')), /Ana "A".*\[e-mail\]/s);
  assert.match(String(await binary('ROW(1, body, ARRAY[memo])')), /\[card\].*memo \[card\]/s);
  assert.equal(await binary('to_tsvector(body)'), null);
  assert.equal((await binary('number'))?.length, 16);
});

test('cursors, FETCH, EXECUTE, RETURNING and several statements in one text', async () => {
  const client = await lab.client();
  await client.query('BEGIN');
  await client.query('DECLARE c CURSOR FOR SELECT memo FROM notes WHERE id = 1');
  assert.equal((await client.query('FETCH c')).rows[0].memo, 'memo [card]');
  await client.query('COMMIT');
  await client.query('PREPARE p AS SELECT memo FROM notes WHERE id = 1');
  assert.equal((await client.query('EXECUTE p')).rows[0].memo, 'memo [card]');
  const several = await client.query(
    'SELECT memo FROM notes WHERE id = 1; SELECT body FROM notes WHERE id = 1',
  );
  assert.doesNotMatch(JSON.stringify(several), /4111|ana@/);
  const stepwise = await client.query("SET application_name = 'x'; SELECT memo FROM notes WHERE id = 1");
  assert.doesNotMatch(JSON.stringify(stepwise), /4111/);
  const sql = postgres({
    host: lab.host,
    port: lab.port,
    user: 'ana',
    password: PASSWORD,
    database: 'shop',
    max: 1,
  });
  const batches: unknown[] = [];
  await sql`SELECT memo FROM notes ORDER BY id`.cursor(1, (rows) => void batches.push(rows[0]?.memo));
  assert.deepEqual(batches, ['memo [card]', null]);
  await sql.end();
  await client.end();
});

async function psql(sql: string): Promise<string> {
  const who = `host=127.0.0.1 port=${lab.port} user=ana dbname=shop password='${PASSWORD}' sslmode=disable`;
  const { stdout, stderr } = await run('psql', ['-X', '-At', who, '-c', sql]).catch(
    (error: { stdout: string; stderr: string }) => error,
  );
  return stdout + stderr;
}

test('COPY as text and as CSV; binary is refused in words', async () => {
  assert.equal(
    await psql('COPY (SELECT body, number, tags FROM notes WHERE id = 1) TO STDOUT'),
    'Card [card], [order-ref]\\tand "[e-mail]" \\\\ so\t[card]\t{"a \\\\"[card]\\\\"","b, c","{x} [card]\\\\\\\\"}\n',
  );
  assert.equal(
    await psql('COPY (SELECT body, id, memo FROM notes ORDER BY id) TO STDOUT (FORMAT csv, HEADER)'),
    'body,id,memo\n"Card [card], [order-ref]\tand ""[e-mail]"" \\ so",1,memo [card]\nnothing here,2,\n',
  );
  assert.equal(
    await psql(
      `COPY (SELECT memo, id FROM notes WHERE id = 1) TO STDOUT (FORMAT csv, DELIMITER '-', FORCE_QUOTE *)`,
    ),
    '"memo [card]"-"1"\n',
  );
  assert.match(
    await psql('COPY (SELECT memo FROM notes) TO STDOUT (FORMAT binary)'),
    /can read its text and CSV in UTF-8 only/,
  );
  assert.equal(lab.recorder.last()?.outcome?.status, 'refused');
});

test('errors and notices', async () => {
  const client = await lab.client();
  await assert.rejects(client.query('SELECT memo::int FROM notes WHERE id = 1'), {
    message: /memo \[card\]"$/,
  });
  assert.deepEqual(lab.recorder.last()?.outcome?.detected, { cards: 1 });
  await assert.rejects(client.query({ text: 'SELECT memo::int FROM notes WHERE id = 1', values: [] }), {
    message: /memo \[card\]"$/,
  });
  await client.end();
});

test('an error is looked through for what any statement of its text is, not the first alone', async () => {
  const client = await lab.client();
  lab.policy.activate(`${DETECTING('{ tables: [products] }', '{ detect: [emails] }')}
  - id: no-cards-anywhere
    owner: security@shop.example
    who: { groups: [developers] }
    on: { tables: [notes] }
    then: { detect: [cards] }
    because: Cards are never shown.
`);
  const both = client.query('SELECT id FROM products LIMIT 1; SELECT memo::int FROM notes WHERE id = 1');
  await assert.rejects(both, { message: /memo \[card\]"$/ });
  lab.policy.activate(DETECTING('{ targets: [shop] }'));
  await client.end();
});

test('a row beyond the limit ends the session in words', async () => {
  const client = await lab.client();
  await assert.rejects(client.query(`SELECT memo || repeat('x', 17000000) FROM notes WHERE id = 1`), {
    message: /a row is longer than 16777216 bytes/,
  });
  await client.end().catch(() => undefined);
});

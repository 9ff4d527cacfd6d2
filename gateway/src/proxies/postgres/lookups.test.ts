import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Client } from 'pg';
import { answerTo } from './testing/answer-bytes.ts';
import { type Lab, openLab, POLICY } from './testing/lab.ts';

/** `lookup: exact`: findable, not readable. */

const LOOKUPS = `${POLICY.replace('keep: domain }', 'keep: domain }, lookup: exact')}
  - id: developers-correct
    owner: dba@shop.example
    who: { groups: [developers] }
    on: { targets: [shop], tables: [people] }
    doing: [update, delete]
    then: allow
    because: They mend single records.
`;

let lab: Lab;
let client: Client;
let owner: Client;

before(async () => {
  lab = await openLab({ lookupsPerMinute: 10_000 });
  lab.policy.activate(LOOKUPS);
  owner = new Client({ connectionString: lab.sample.superuserUrl() });
  await owner.connect();
  await owner.query(`
    CREATE TABLE people (id int, email text, name text);
    INSERT INTO people VALUES (1, 'ana@a.example', 'Ana'), (2, 'bo@b.example', 'Bo'), (3, 'cy@b.example', 'Cy');
    CREATE TABLE pets (owner int, pet text);
    INSERT INTO pets VALUES (1, 'cat'), (2, 'dog'), (9, 'fox');
    CREATE VIEW contacts AS SELECT id, email FROM people;
    GRANT SELECT, UPDATE, DELETE ON people, pets, contacts TO sluice_gateway`);
  client = await lab.client();
});
after(async () => {
  await client.end();
  await owner.end();
  await lab.close();
});

const rows = async (sql: string, values: unknown[] = []) =>
  (await client.query({ text: sql, values, rowMode: 'array' })).rows;

test('equality with a constant or parameter finds the row, and shows the mask', async () => {
  const found = [[1, '•••••@a.example']];
  for (const sql of [
    "SELECT id, email FROM people WHERE email = 'ana@a.example'",
    "SELECT id, email FROM people WHERE 'ana@a.example' = email",
    "SELECT id, email FROM people p WHERE (p.email) = 'ana@a.example'::text AND true",
    "SELECT public.people.id, public.people.email FROM public.people WHERE public.people.email = 'ana@a.example'",
    "SELECT id, email FROM people WHERE email IN ('ana@a.example', 'nobody')",
    "SELECT id, email FROM contacts WHERE email = 'ana@a.example'",
    "SELECT p.id, p.email FROM people p JOIN pets ON owner = id AND p.email = 'ana@a.example'",
    "SELECT p.id, p.email FROM people p LEFT JOIN pets ON owner = id WHERE p.email = 'ana@a.example' ORDER BY 1",
    "WITH x AS (SELECT * FROM people WHERE email = 'ana@a.example') SELECT id, email FROM x",
  ]) {
    assert.deepEqual(await rows(sql), found, sql);
  }
  for (const sql of [
    'SELECT id, email FROM people WHERE email = $1',
    'SELECT id, email FROM people WHERE $1 = email AND id > 0',
    'SELECT id, email FROM people WHERE email = $1::varchar',
  ]) {
    assert.deepEqual(await rows(sql, ['ana@a.example']), found, sql);
  }
  const decision = lab.recorder.last()?.decision;
  assert.deepEqual(decision?.lookups, [
    { column: { schema: 'public', relation: 'people', column: 'email' }, values: 1 },
  ]);
  assert.match(decision?.sentence ?? '', /looks up by email/);
});

test('nothing else reaches the value: it is compared with the mask', async () => {
  for (const condition of [
    "email LIKE 'ana%'",
    "email < 'b' AND email > 'an'",
    "NOT email = 'ana@a.example'",
    "email = 'ana@a.example' OR false",
    "(email = 'ana@a.example') IS TRUE",
    "email || '' = 'ana@a.example'",
    "email = 'ana@a.' || 'example'",
    "email::varchar = 'ana@a.example'",
    "lower(email) = 'ana@a.example'",
    'email = \'ana@a.example\' COLLATE "C"',
    "email = (SELECT 'ana@a.example')",
    "email = ANY (ARRAY['ana@a.example'])",
    "email IS NOT DISTINCT FROM 'ana@a.example'",
    "coalesce(email = 'ana@a.example', false)",
    "CASE WHEN email = 'ana@a.example' THEN true END",
    "email IN (SELECT 'ana@a.example')",
    "EXISTS (SELECT 1 WHERE email = 'ana@a.example')",
    `email IN (${Array.from({ length: 21 }, (_, at) => `'${at === 0 ? 'ana@a.example' : at}'`).join()})`,
  ]) {
    const found = await rows(`SELECT id FROM people WHERE ${condition}`);
    const masked = await owner.query({
      text: `SELECT id FROM (SELECT id, '•••••@' || split_part(email, '@', -1) AS email FROM people) people WHERE ${condition}`,
      rowMode: 'array',
    });
    assert.deepEqual(found, masked.rows, condition);
  }
});

test('outer joins keep their rows, and are asked of the mask', async () => {
  const right = await rows(
    "SELECT pet, id FROM pets LEFT JOIN people p ON id = owner AND email = 'ana@a.example' ORDER BY 1",
  );
  assert.deepEqual(right, [
    ['cat', null],
    ['dog', null],
    ['fox', null],
  ]);
  const where = await rows(
    "SELECT pet FROM pets LEFT JOIN people ON id = owner WHERE email = 'ana@a.example' OR email IS NULL",
  );
  assert.deepEqual(where, [['fox']]);
  const filled = await rows(
    "SELECT pet FROM pets LEFT JOIN people ON id = owner WHERE email = 'ana@a.example'",
  );
  assert.deepEqual(filled, []);
  const full = await rows(
    "SELECT pet FROM pets FULL JOIN people ON id = owner WHERE email = 'ana@a.example'",
  );
  assert.deepEqual(full, []);
});

test('two references are told apart, and names that hide others do not mislead', async () => {
  const self = await rows(
    "SELECT a.id, b.id FROM people a, people b WHERE a.email = 'ana@a.example' AND b.email = 'bo@b.example'",
  );
  assert.deepEqual(self, [[1, 2]]);
  const inner = await rows(
    "SELECT id FROM people WHERE EXISTS (SELECT FROM pets WHERE owner = id AND email = 'ana@a.example')",
  );
  assert.deepEqual(inner, []);
  const renamed = await rows("SELECT id FROM people AS p(id, name, email) WHERE p.email = 'Ana'");
  assert.deepEqual(renamed, [[1]]);
  const joined = await rows(
    "SELECT count(*)::int FROM people a JOIN people b USING (email) WHERE email = 'ana@a.example'",
  );
  assert.deepEqual(joined, [[0]]);
});

test('a changed record is found in the same way', async () => {
  const update = await client.query("UPDATE people SET name = 'Anna' WHERE email = 'ana@a.example'");
  assert.equal(update.rowCount, 1);
  const named = await client.query('UPDATE people SET name = $2 WHERE email = $1 AND id = 1', [
    'ana@a.example',
    'Ana',
  ]);
  assert.equal(named.rowCount, 1);
  const removed = await client.query("DELETE FROM people WHERE email = 'nobody'");
  assert.equal(removed.rowCount, 0);
  await assert.rejects(client.query("UPDATE people SET name = email WHERE email = 'ana@a.example'"));
  await assert.rejects(client.query("UPDATE people SET name = 'x' WHERE email LIKE 'ana%'"));
  await assert.rejects(client.query("UPDATE people SET name = 'x' WHERE email = 'ana@a.example' OR id = 0"));
});

test('a plan tells nothing of what is looked up', async () => {
  const [plan] = await rows("EXPLAIN SELECT id FROM people WHERE email = 'ana@a.example'").catch(() => [
    ['refused'],
  ]);
  assert.doesNotMatch(String(plan), /email =/);
});

test('lookups are counted for each execution, and refused in words when there are too many', async () => {
  const strict = await openLab({ lookupsPerMinute: 3 });
  try {
    strict.policy.activate(LOOKUPS);
    const person = await strict.client();
    const find = { name: 'find', text: 'SELECT id FROM customers WHERE email = $1', values: ['nobody'] };
    for (let at = 0; at < 3; at += 1) await person.query(find);
    await assert.rejects(person.query(find), /looked up as many as you may/);
    await person.query('SELECT id FROM customers LIMIT 1');
    await assert.rejects(person.query("SELECT id FROM customers WHERE email IN ('a', 'b')"), /as many/);
    assert.equal(strict.recorder.last()?.outcome?.status, 'refused');
    await person.end();
    const other = await strict.client('dora');
    await other.query("SELECT id FROM customers WHERE email IN ('a', 'b')");
    await other.end();
    const sql = await strict.client();
    await sql.query('PREPARE f AS SELECT id FROM customers WHERE email = $1').catch(() => undefined);
    await assert.rejects(sql.query("EXECUTE f('a')"));
    await sql.end();
  } finally {
    await strict.close();
  }
});

test('a parameter is turned into the type of the column, and not the column into that of the parameter', async () => {
  await owner.query(`
    CREATE TABLE cards (id int, card int8, amount numeric);
    INSERT INTO cards VALUES (1, 4111111111111111, 12345678901234567890), (2, 5, 10::numeric ^ 400);
    GRANT SELECT ON cards TO sluice_gateway`);
  lab.policy.activate(`${LOOKUPS}
  - id: cards-hidden
    owner: data-protection@shop.example
    who: everyone
    on: { columns: [cards.card, cards.amount] }
    then: { mask: { method: redact }, lookup: exact }
    because: It is a test.
`);
  const { float8, oid } = { float8: 701, oid: 26 };
  const ask = async (query: string, type: number, value: string) => {
    const answer = await answerTo(
      lab.url('ana'),
      { type: 'parse', statement: '', query, parameterTypes: [type] },
      {
        type: 'bind',
        portal: '',
        statement: '',
        parameterFormats: [],
        parameters: [Buffer.from(value)],
        resultFormats: [],
      },
      { type: 'execute', portal: '', maxRows: 0 },
      { type: 'sync' },
    );
    return /SELECT \d|22003/.exec(answer.toString('latin1'))?.[0];
  };
  // It would be compared as a double, which equals thousands of numbers, and fails for some.
  assert.equal(
    await ask('SELECT id FROM cards WHERE id = 1 AND amount = $1', float8, '12345678901234567000'),
    'SELECT 0',
  );
  assert.equal(await ask('SELECT id FROM cards WHERE id = 2 AND amount = $1', float8, '1'), 'SELECT 0');
  assert.equal(await ask('SELECT id FROM cards WHERE card = $1', oid, '5'), 'SELECT 1');
  assert.equal(await ask('SELECT id FROM cards WHERE id = 1 AND card = $1', oid, '5'), 'SELECT 0');
  await client.query('PREPARE by_amount (float8) AS SELECT id FROM cards WHERE amount = $1');
  assert.deepEqual(await rows('EXECUTE by_amount (12345678901234567000)'), []);
  lab.policy.activate(LOOKUPS);
});

test('EXECUTE of a prepared statement counts each time', async () => {
  await client.query('PREPARE find AS SELECT id FROM people WHERE email = $1');
  for (let at = 0; at < 2; at += 1) {
    await client.query("EXECUTE find ('nobody')");
    assert.equal(lab.recorder.last()?.decision.lookups?.length, 1);
  }
});

test('a mask of another rule that lets nothing through holds', async () => {
  lab.policy.activate(`${LOOKUPS}
  - id: people-hidden
    owner: data-protection@shop.example
    who: everyone
    on: { columns: [people.email] }
    then: { mask: { method: partial, keep: domain } }
    because: It is a test.
`);
  assert.deepEqual(await rows("SELECT id FROM people WHERE email = 'ana@a.example'"), []);
  assert.deepEqual(await rows("SELECT id FROM contacts WHERE email = 'ana@a.example'"), []);
  assert.equal(lab.recorder.last()?.decision.lookups?.[0]?.column.relation, 'contacts');
});

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Client } from 'pg';
import { MODES, type Modes, openModes } from './wire/modes.ts';

/** Columns of the extension citext, and of domains over it: their masks, and that they are found as the server would. */

const POLICY = `
version: 1
rules:
  - { id: mails, owner: o@x.example, who: everyone, on: { columns: [people.email, people.other] },
      then: { mask: { method: partial, keep: domain }, lookup: exact }, because: They are personal. }
  - { id: names, owner: o@x.example, who: everyone, on: { columns: [people.name] },
      then: { mask: { method: token } }, because: They are personal. }
  - { id: streets, owner: o@x.example, who: everyone, on: { columns: [people.street] },
      then: { mask: { method: format } }, because: They are personal. }
  - { id: notes, owner: o@x.example, who: everyone, on: { columns: [people.note] },
      then: { mask: { method: redact } }, because: They are personal. }
  - { id: half, owner: o@x.example, who: everyone, on: { tables: [halves] },
      then: { rows: "id < 10" }, because: The others are nobody's. }
  - { id: half-mails, owner: o@x.example, who: everyone, on: { columns: [halves.email, halves.amount] },
      then: { mask: { method: redact }, lookup: exact }, because: They are personal. }
  - { id: all, owner: o@x.example, who: everyone, on: everything, doing: anything, then: allow, because: It is a test. }
`;
const SCHEMA = `
  CREATE SCHEMA kept; CREATE EXTENSION citext SCHEMA kept;
  ALTER DATABASE modes SET search_path = public, kept;
  SET search_path = public, kept;
  CREATE DOMAIN address AS citext CHECK (VALUE ~ '@.*[.]');
  CREATE TABLE people (id int, email citext UNIQUE, other address, name citext, street citext COLLATE "C", note citext);
  INSERT INTO people VALUES (1, 'Ana@a.example', 'Ana@a.example', 'Ana', 'Elm 12', 'x'),
    (2, 'bo@b.example', 'bo@b.example', 'ana', 'elm 34', NULL);
  CREATE TABLE halves (id int, email citext, amount numeric);
  INSERT INTO halves VALUES (1, 'Ana@a.example', 1.5), (2, 'bo@b.example', 2), (11, 'ana@a.example', 1.5)`;

let modes: Modes;
before(async () => {
  modes = await openModes(SCHEMA, POLICY);
});
after(() => modes?.close());

const rowsOf = async (client: Client, sql: string, values: unknown[] = []) =>
  (await client.query({ text: sql, values, rowMode: 'array' })).rows;

for (const mode of MODES) {
  test(`every method gives a value of the column's type, ${mode}`, async () => {
    const client = await modes.client(mode);
    const sql = 'SELECT email, other, name, street, note FROM people ORDER BY id';
    const { rows, fields } = await client.query(sql);
    const type = (await modes.owner.query('SELECT email FROM people')).fields[0]?.dataTypeID;
    for (const field of fields) assert.equal(field.dataTypeID, type, field.name);
    assert.equal(rows[0].email, '•••••@a.example');
    assert.equal(rows[0].other, '•••••@a.example');
    assert.match(rows[0].name, /^[0-9a-f]{16}$/);
    assert.equal(rows[0].name, rows[1].name);
    assert.match(rows[0].street, /^[A-Z][a-z]{2} \d{2}$/);
    assert.deepEqual(
      rows.map(({ note }) => note),
      ['•••••', null],
    );
    await client.end();
  });
}

test('a lookup finds what the server would find', async () => {
  const client = await modes.client('inlined');
  for (const column of ['email', 'other']) {
    for (const [condition, ...values] of [
      [`${column} = 'ana@A.example'`],
      [`'ana@A.example' = ${column}`],
      [`${column} IN ('ana@A.example', 'x@y.example')`],
      [`${column} = 'ana@A.example'::text`],
      [`${column} = 'Ana@a.example'::text`],
      [`${column} = 'Ana@a.example'::varchar`],
      [`${column} IN ('ana@A.example', 'x@y.example'::text)`],
      [`${column} OPERATOR(pg_catalog.=) 'ana@A.example'`],
      [`${column} OPERATOR(pg_catalog.=) 'Ana@a.example'`],
      [`${column} = $1`, 'ana@A.example'],
      [`$1 = ${column}`, 'ana@A.example'],
      [`${column} IN ($1, $2)`, 'ana@A.example', 'BO@b.example'],
      [`${column} IN ('ana@a.example', $1)`, 'BO@b.example'],
      [`${column} = $1::text`, 'ana@A.example'],
      [`${column} = $1::varchar`, 'Ana@a.example'],
    ] as const) {
      const sql = `SELECT id FROM people WHERE ${condition} ORDER BY id`;
      const found = await rowsOf(client, sql, [...values]);
      assert.deepEqual(found, await rowsOf(modes.owner, sql, [...values]), condition);
    }
  }
  assert.deepEqual(await rowsOf(client, "SELECT email FROM people WHERE email = 'ana@a.example'"), [
    ['•••••@a.example'],
  ]);
  const changed = await client.query("UPDATE people SET id = 1 WHERE email = 'ANA@a.example'");
  assert.equal(changed.rowCount, 1);
  await client.end();
});

test('a parameter that the client says is a text is compared as the server compares texts', async () => {
  const client = await modes.client('inlined');
  for (const type of ['text', 'varchar', 'citext']) {
    const name = `find_${type}`;
    await client.query(`PREPARE ${name} (${type}) AS SELECT id FROM people WHERE email = $1`);
    await modes.owner.query(`PREPARE ${name} (${type}) AS SELECT id FROM people WHERE email = $1`);
    for (const value of ['Ana@a.example', 'ana@A.example']) {
      const sql = `EXECUTE ${name} ('${value}')`;
      assert.deepEqual(await rowsOf(client, sql), await rowsOf(modes.owner, sql), `${type} ${value}`);
    }
  }
  await client.end();
});

test('without the extension in the search path texts are compared, as the server does', async () => {
  const client = await modes.client('inlined');
  for (const session of [client, modes.owner]) await session.query('SET search_path = public');
  for (const value of ['Ana@a.example', 'ana@A.example']) {
    const sql = `SELECT id FROM people WHERE email = '${value}'`;
    assert.deepEqual(await rowsOf(client, sql), await rowsOf(modes.owner, sql), value);
  }
  await modes.owner.query('SET search_path = public, kept');
  await client.end();
});

test("somebody's own operator makes a lookup a refusal in words", async () => {
  await modes.owner.query(`CREATE SCHEMA odd;
    CREATE OPERATOR odd.= (LEFTARG = int4, RIGHTARG = int8, FUNCTION = pg_catalog.int48eq)`);
  const client = await modes.client('inlined');
  await client.query('SET search_path = odd, public, kept');
  await assert.rejects(
    client.query("SELECT id FROM people WHERE email = 'ana@a.example'"),
    /search path has operators =/,
  );
  await client.end();
});

test('a lookup holds beside a row filter', async () => {
  const client = await modes.client('inlined');
  const found = (sql: string, values: unknown[] = []) =>
    rowsOf(client, `SELECT id FROM halves WHERE ${sql}`, values);
  assert.deepEqual(await found("email = 'ANA@a.example'"), [[1]]);
  assert.deepEqual(await found('email = $1', ['ANA@a.example']), [[1]]);
  assert.deepEqual(await found('amount = $1', ['1.50']), [[1]]);
  assert.deepEqual(await found('amount = $1', ['3']), []);
  await client.end();
});

test('a prepared target refuses it in words', async () => {
  const client = await modes.client('prepared');
  await assert.rejects(
    client.query("SELECT id FROM people WHERE email = 'ana@a.example'"),
    /picked for you by a masked column/,
  );
  await client.end();
});

test('a session with temporary tables of its own is understood', async () => {
  const client = await modes.client('inlined');
  await client.query('CREATE TEMP TABLE pg_extension AS SELECT id, email FROM halves');
  await client.query('SELECT id FROM pg_temp.pg_extension');
  const { rows } = await client.query("SELECT email FROM people WHERE email = 'ANA@a.example'");
  assert.deepEqual(rows, [{ email: '•••••@a.example' }]);
  await client.end();
});

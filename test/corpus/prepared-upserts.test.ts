import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { DatabaseError } from 'pg';
import { type Modes, openModes } from './wire/modes.ts';

/** What `lookup: exact` opens to who writes a table is refused in words where the role can't look at the column. */

const POLICY = `
version: 1
rules:
  - { id: mails, owner: o@x.example, who: everyone, on: { columns: [users.email] },
      then: { mask: { method: partial, keep: domain }, lookup: exact }, because: They are personal. }
  - { id: all, owner: o@x.example, who: everyone, on: everything, doing: anything, then: allow, because: It is a test. }
`;
const SCHEMA = `CREATE TABLE users (id int PRIMARY KEY, email text, visits int, CONSTRAINT one_email UNIQUE (email));
  INSERT INTO users VALUES (1, 'ana@a.example', 0)`;
const INSERT = "INSERT INTO users VALUES (2, 'ana@a.example', 0) ON CONFLICT";
const REFUSED = /looks at public.users.email, which the role of this prepared target can't look at/;

let modes: Modes;
before(async () => {
  modes = await openModes(SCHEMA, POLICY);
});
after(() => modes?.close());

test('inlined, an upsert by a column that may be looked up runs', async () => {
  const client = await modes.client('inlined');
  await client.query(`${INSERT} (email) DO UPDATE SET visits = 1`);
  await client.query(`${INSERT} ON CONSTRAINT one_email DO UPDATE SET visits = 1`);
  await client.end();
});

test('prepared, it is refused in words, and what needs no look runs', async () => {
  const client = await modes.client('prepared');
  for (const sql of [
    `${INSERT} (email) DO UPDATE SET visits = 1`,
    `${INSERT} (email) DO NOTHING`,
    `${INSERT} ON CONSTRAINT one_email DO UPDATE SET visits = 1`,
    "UPDATE users SET visits = 2 WHERE email = 'ana@a.example'",
    "DELETE FROM users WHERE email = 'nobody@a.example'",
  ]) {
    await assert.rejects(client.query(sql), (error: DatabaseError) => {
      assert.match(error.message, REFUSED, sql);
      assert.match(error.hint ?? '', /administrator to enforce its masks inlined/, sql);
      return true;
    });
  }
  await client.query(`${INSERT} DO NOTHING`);
  await client.query('INSERT INTO users VALUES (1, $1, 0) ON CONFLICT (id) DO UPDATE SET visits = 3', [
    'x@a.example',
  ]);
  await client.query(
    "INSERT INTO users VALUES (1, 'y@a.example', 0) ON CONFLICT ON CONSTRAINT users_pkey DO UPDATE SET visits = 3",
  );
  const given = await client.query('UPDATE users SET visits = 4 WHERE id = 1 RETURNING email, visits');
  assert.deepEqual(given.rows, [{ email: '•••••', visits: 4 }]);
  await client.end();
});

test('an upsert takes over what its INSERT gives, where the role may look at it', async () => {
  const sql = `${INSERT} (id) DO UPDATE SET email = excluded.email, visits = excluded.visits`;
  const inlined = await modes.client('inlined');
  await inlined.query(`${INSERT} (email) DO UPDATE SET email = excluded.email`);
  await inlined.query(sql.replace('ana@', 'bea@'));
  const prepared = await modes.client('prepared');
  await assert.rejects(prepared.query(sql), REFUSED);
  await prepared.query(`${INSERT} (id) DO UPDATE SET email = 'bea@a.example', visits = excluded.visits`);
  await Promise.all([inlined.end(), prepared.end()]);
});

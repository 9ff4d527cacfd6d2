import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { type Modes, openModes } from './wire/modes.ts';

/** pg_dump begins with LOCK TABLE, which asks for more than the role of a prepared target may read. */

const POLICY = `
version: 1
rules:
  - { id: mails, owner: o@x.example, who: everyone, on: { columns: [users.email] },
      then: { mask: { method: redact } }, because: They are personal. }
  - { id: all, owner: o@x.example, who: everyone, on: everything, doing: anything, then: allow, because: It is a test. }
`;
const SCHEMA = `CREATE TABLE users (id int PRIMARY KEY, email text) PARTITION BY RANGE (id);
  CREATE TABLE first_users PARTITION OF users FOR VALUES FROM (0) TO (10);
  CREATE TABLE plain (id int); CREATE SCHEMA other; CREATE TABLE other."Two ""words""" (email text);
  INSERT INTO users VALUES (1, 'ana@a.example')`;

let modes: Modes;
before(async () => {
  modes = await openModes(
    SCHEMA,
    POLICY.replace('[users.email]', "[users.email, first_users.email, 'other.*.email']"),
  );
  const client = await modes.client('prepared');
  const [{ role }] = (await client.query('SELECT current_user AS role')).rows;
  await client.end();
  await modes.owner.query(
    `REVOKE INSERT, UPDATE, DELETE, TRUNCATE ON ALL TABLES IN SCHEMA public FROM "${role}"`,
  );
});
after(() => modes?.close());

const LOCKED = `SELECT relation::regclass::text AS name FROM pg_locks JOIN pg_class c ON c.oid = relation
  WHERE mode = 'AccessShareLock' AND c.relkind IN ('r', 'p') AND c.oid >= 16384 ORDER BY 1`;

for (const [lock, names] of [
  ['LOCK TABLE users IN ACCESS SHARE MODE', ['first_users', 'users']],
  [
    'lock public.users, plain, only first_users in access share mode nowait',
    ['first_users', 'plain', 'users'],
  ],
  ['LOCK other."Two ""words""" IN ACCESS SHARE MODE', ['other."Two ""words"""']],
] as const) {
  test(`${lock} locks the same, read by a masking view`, async () => {
    const client = await modes.client('prepared');
    await client.query('BEGIN');
    await client.query(lock);
    const { rows } = await modes.owner.query(LOCKED);
    assert.deepEqual(
      rows.map(({ name }) => name),
      names,
    );
    await client.query('COMMIT');
    await client.end();
  });
}

test('stronger locks are asked of the table itself', async () => {
  const client = await modes.client('prepared');
  await client.query('BEGIN');
  await assert.rejects(client.query('LOCK TABLE users IN EXCLUSIVE MODE'), { code: '42501' });
  await client.query('ROLLBACK');
  await client.end();
});

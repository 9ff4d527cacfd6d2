import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { type Lab, openLab } from './testing/lab.ts';

let lab: Lab;
before(async () => {
  lab = await openLab();
});
after(() => lab.close());

test('a simple query goes through, is recorded, and equals the direct one', async () => {
  const client = await lab.client();
  const direct = await lab.direct();
  const sql = 'SELECT id, name, category, price FROM products ORDER BY id LIMIT 5';
  const [governed, plain] = await Promise.all([client.query(sql), direct.query(sql)]);
  assert.deepEqual(governed.rows, plain.rows);
  const record = lab.recorder.last();
  assert.equal(record?.statement, sql);
  assert.equal(record?.outcome?.status, 'done');
  assert.equal(record?.outcome?.rows, 5);
  await client.end();
  await direct.end();
});

test('a masked column comes masked, by both protocols', async () => {
  const client = await lab.client();
  for (const query of [
    { text: 'SELECT email FROM customers ORDER BY id LIMIT 3' },
    { text: 'SELECT email FROM customers ORDER BY id LIMIT $1', values: [3] },
  ]) {
    const { rows } = await client.query(query);
    assert.equal(rows.length, 3);
    for (const row of rows) assert.match(row.email, /^[*•]+@/);
  }
  await client.end();
});

test('a refusal tells rule, owner and reason, and leaves the session usable', async () => {
  const client = await lab.client();
  await assert.rejects(client.query('DELETE FROM products WHERE id = 1'), {
    code: '42501',
    detail: /rule no-products-deleted \(owner dba@shop.example\): Products are never deleted/,
  });
  await assert.rejects(client.query('DELETE FROM products WHERE id = $1', [1]), { code: '42501' });
  assert.equal(lab.recorder.last()?.outcome?.status, 'refused');
  assert.deepEqual((await client.query('SELECT 1 AS one')).rows, [{ one: 1 }]);
  await client.end();
});

test('a refusal inside a transaction fails the transaction', async () => {
  const client = await lab.client();
  await client.query('BEGIN');
  await assert.rejects(client.query('DELETE FROM products WHERE id = 1'), { code: '42501' });
  await assert.rejects(client.query('SELECT 1'), { code: '25P02' });
  await client.query('ROLLBACK');
  assert.equal((await client.query('SELECT 1')).rowCount, 1);
  await client.end();
});

test('wrong passwords, unknown names and unknown targets are refused in words', async () => {
  const { Client } = await import('pg');
  for (const [user, password, database, code] of [
    ['ana', 'wrong', 'shop', '28P01'],
    ['nobody', 'wrong', 'shop', '28P01'],
    ['ana', 'correct horse battery staple', 'nowhere', '3D000'],
    ['ana', 'correct horse battery staple', 'scratch', '3D000'],
  ]) {
    const client = new Client({ host: lab.host, port: lab.port, user, password, database });
    await assert.rejects(client.connect(), { code });
  }
});

test('a name that means nothing gets the code that the server would give', async () => {
  const client = await lab.client();
  for (const [sql, code, message] of [
    ['select nothing from products', '42703', /^column nothing does not exist$/],
    ['select p.nothing from products p', '42703', /^column p.nothing does not exist$/],
    ['select 1 from nowhere', '42P01', /^relation nowhere does not exist$/],
    ['select nothing(1)', '42883', /^function nothing does not exist$/],
    ['select nothing(1) from nowhere', '42501', /^Blocked, because/],
  ] as const) {
    await assert.rejects(client.query(sql), { code, message }, sql);
    await assert.rejects(client.query({ text: sql, values: [] }), { code, message }, sql);
    assert.equal(lab.recorder.last()?.outcome?.status, 'refused');
  }
  await client.end();
});

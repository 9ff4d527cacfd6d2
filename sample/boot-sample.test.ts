import assert from 'node:assert/strict';
import { createServer } from 'node:net';
import { after, before, test } from 'node:test';
import { Client, type QueryResultRow } from 'pg';
import { bootSample, type RunningSample } from './boot-sample.ts';
import { bootPostgres } from './postgres/boot-postgres.ts';

const CUSTOMERS = 500;
let sample: RunningSample;
before(async () => {
  sample = await bootSample({ customers: CUSTOMERS });
});
after(() => sample.stop());

async function rows<Row extends QueryResultRow>(url: string, text: string): Promise<Row[]> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query<Row>(text)).rows;
  } finally {
    await client.end();
  }
}

test("the gateway's role reads and writes rows, and has no power over the server", async () => {
  const [role] = await rows<{ powers: boolean }>(
    sample.gatewayUrl(),
    `SELECT rolsuper OR rolcreaterole OR rolcreatedb OR rolreplication OR rolbypassrls AS powers
     FROM pg_roles WHERE rolname = current_user`,
  );
  assert.equal(role?.powers, false);
  const [count] = await rows<{ n: string }>(sample.gatewayUrl(), 'SELECT count(*) AS n FROM customers');
  assert.equal(Number(count?.n), CUSTOMERS);
  await rows(sample.gatewayUrl(), 'UPDATE customers SET region = region WHERE id = 1');
  await assert.rejects(rows(sample.gatewayUrl(), 'CREATE TABLE mine ()'), /permission denied/);
  await assert.rejects(rows(sample.gatewayUrl(), "SELECT pg_read_file('PG_VERSION')"), /permission denied/);
});

test('every card number passes Luhn, and the shop is the same every time', async () => {
  const cards = await rows<{ card_number: string }>(
    sample.superuserUrl(),
    'SELECT card_number FROM customers WHERE card_number IS NOT NULL',
  );
  assert.ok(cards.length > CUSTOMERS / 2);
  for (const { card_number: digits } of cards) assert.equal(luhnSum(digits) % 10, 0, digits);
  const [first] = await rows<{ name: string; email: string }>(
    sample.superuserUrl(),
    'SELECT name, email FROM customers WHERE id = 1',
  );
  assert.deepEqual(first, { name: 'Zoe Gomez', email: 'zoe.gomez1@example.com' });
});

test('the scratch database is the gateway’s own', async () => {
  await rows(sample.gatewayUrl('scratch'), 'CREATE TABLE mine (); DROP TABLE mine');
});

test('TLS holds up to verify-full', async () => {
  const client = new Client({
    connectionString: sample.gatewayUrl(),
    ssl: { ca: sample.postgres.caCertificate, rejectUnauthorized: true },
  });
  await client.connect();
  const answer = await client.query<{ ssl: boolean }>(
    'SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()',
  );
  assert.equal(answer.rows[0]?.ssl, true);
  await client.end();
});

test('a port in use is told in a sentence', async () => {
  const taken = createServer();
  await new Promise<void>((listening) => taken.listen(0, '127.0.0.1', () => listening()));
  const address = taken.address();
  const port = typeof address === 'object' && address ? address.port : 0;
  await assert.rejects(bootPostgres({ port }), new RegExp(`Port ${port} is in use`));
  taken.close();
});

test('PostgreSQL 15 boots too', async () => {
  const older = await bootPostgres({ version: 15 });
  try {
    const [version] = await rows<{ server_version: string }>(older.url('postgres'), 'SHOW server_version');
    assert.match(version?.server_version ?? '', /^15\./);
  } finally {
    await older.stop();
  }
});

/** ISO/IEC 7812: every second digit from the right is doubled, and its digits are added. */
function luhnSum(digits: string): number {
  return [...digits]
    .map(Number)
    .reverse()
    .map((digit, place) => (place % 2 === 0 ? digit : digit > 4 ? digit * 2 - 9 : digit * 2))
    .reduce((sum, digit) => sum + digit, 0);
}

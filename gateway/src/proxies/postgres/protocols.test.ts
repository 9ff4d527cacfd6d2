import assert from 'node:assert/strict';
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { after, before, test } from 'node:test';
import { promisify } from 'node:util';
import postgres from 'postgres';
import { answerBytes } from './testing/answer-bytes.ts';
import { cancelRequest } from './testing/cancel-request.ts';
import { clientParts } from './testing/client-parts.ts';
import { type Lab, openLab } from './testing/lab.ts';

const run = promisify(execFile);
let lab: Lab;
before(async () => {
  lab = await openLab();
});
after(() => lab.close());

/** psql with TLS checked against the gateway's certificate. */
function psqlArguments(user: 'ana' | 'dora', database: string, ...rest: string[]): string[] {
  const tls = `sslmode=verify-full sslrootcert=${lab.certificateFile}`;
  const who = `host=127.0.0.1 port=${lab.port} user=${user} dbname=${database} password='correct horse battery staple'`;
  return ['-X', '-v', 'ON_ERROR_STOP=1', `${who} ${tls}`, ...rest];
}

async function psql(user: 'ana' | 'dora', database: string, ...rest: string[]): Promise<string> {
  const { stdout } = await run('psql', psqlArguments(user, database, ...rest));
  return stdout;
}

test('psql over TLS: a query, several statements in one text, \\copy both ways', async () => {
  assert.equal(await psql('ana', 'shop', '-Atc', 'select count(*) from customers'), '1000\n');
  const several =
    'create table t (a int, b text); insert into t values (1, $$x$$); select * from t; drop table t';
  assert.equal(await psql('dora', 'scratch', '-Atq', '-c', several), '1|x\n');
  await psql('dora', 'scratch', '-c', 'create table c (a int, b text)');
  const feed = spawn('psql', psqlArguments('dora', 'scratch', '-c', '\\copy c from stdin csv'));
  feed.stdin.end('1,one\n2,two\n3,\n');
  const [code] = await once(feed, 'exit');
  assert.equal(code, 0);
  assert.equal(await psql('dora', 'scratch', '-c', '\\copy c to stdout csv'), '1,one\n2,two\n3,\n');
  assert.equal(lab.recorder.last()?.outcome?.rows, 3);
  await psql('dora', 'scratch', '-c', 'drop table c');
});

test('a text of several statements is one transaction, also when an early one changes the state', async () => {
  const client = await lab.client('dora', 'scratch');
  await client.query('create table whole (a int)');
  await assert.rejects(client.query('insert into whole values (1); select 1/0'), { code: '22012' });
  await assert.rejects(
    client.query(
      'set statement_timeout = 0; insert into whole values (2); select 1/0; insert into whole values (3)',
    ),
    { code: '22012' },
  );
  assert.deepEqual((await client.query('select * from whole')).rows, []);
  await client.query(
    'set statement_timeout = 0; insert into whole values (2); commit; insert into whole values (4)',
  );
  assert.deepEqual((await client.query('select a from whole order by a')).rows, [{ a: 2 }, { a: 4 }]);
  await client.query('drop table whole');
  await client.end();
});

test('if one statement of a text is refused, none runs', async () => {
  const client = await lab.client();
  const before = lab.recorder.records.length;
  await assert.rejects(client.query('select 1; delete from products where id = 1; select 2'), {
    code: '42501',
    position: '11',
  });
  const records = lab.recorder.records.slice(before);
  assert.deepEqual(
    records.map((record) => record.outcome?.status),
    ['cancelled', 'refused'],
  );
  await client.end();
});

test('postgres.js pipelines, prepares and streams', async () => {
  const sql = postgres(lab.url('ana'), { max: 1, ssl: { ca: lab.certificate } });
  const ids = [1, 2, 3, 4, 5];
  const rows = await Promise.all(ids.map((id) => sql`select id, email from customers where id = ${id}`));
  assert.deepEqual(
    rows.map(([row]) => row?.id),
    ids,
  );
  for (const [row] of rows) assert.match(row?.email, /^[*•]+@/);
  let seen = 0;
  await sql`select id from customers order by id`.cursor(100, (batch) => {
    seen += batch.length;
  });
  assert.equal(seen, 1000);
  await sql
    .begin(async (transaction) => {
      await transaction`select 1`;
      await assert.rejects(transaction`delete from products where id = 1`, { code: '42501' });
    })
    .catch((error: unknown) => assert.equal(error instanceof postgres.PostgresError && error.code, '42501'));
  assert.equal((await sql`select 1 as one`)[0]?.one, 1);
  await sql.end();
});

test('named statements run again and again, and are prepared again when the policy changed', async () => {
  const client = await lab.client();
  const query = { name: 'emails', text: 'select email from customers where id = $1', values: [1] };
  for (let round = 0; round < 3; round += 1)
    assert.match((await client.query(query)).rows[0].email, /^[*•]+@/);
  const before = lab.policy.yaml;
  lab.policy.activate(before.replace('who: everyone', 'who: { groups: [auditors] }'));
  await assert.rejects(client.query(query), { code: '0A000', hint: 'Prepare the statement again.' });
  assert.match((await client.query({ ...query, name: 'again' })).rows[0].email, /^[a-z]/);
  lab.policy.activate(before);
  assert.match((await client.query(query)).rows[0].email, /^[*•]+@/);
  await client.end();
});

test('SQL-level PREPARE, cursors, savepoints and LISTEN', async () => {
  const client = await lab.client();
  await client.query('prepare p as select email from customers where id = 1');
  await client.query('begin');
  await client.query('declare c cursor for select email from customers order by id');
  assert.match((await client.query('fetch 2 from c')).rows[1].email, /^[*•]+@/);
  await client.query('savepoint s');
  await assert.rejects(client.query('select 1/0'), { code: '22012' });
  await client.query('rollback to s');
  assert.equal((await client.query('select 1')).rowCount, 1);
  await client.query('commit');
  assert.match((await client.query('execute p')).rows[0].email, /^[*•]+@/);
  await client.query('prepare q as select id from customers limit 1');
  assert.equal((await client.query('execute q')).rowCount, 1);
  const before = lab.policy.yaml;
  lab.policy.activate(
    before.replace(
      'shop.public.*.email: [pii]',
      'shop.public.*.email: [pii]\n  shop.public.customers.id: [pii]',
    ),
  );
  await assert.rejects(client.query('execute q'), { code: '42501' });
  lab.policy.activate(before);
  await client.end();
  const listener = await lab.client('dora');
  const told = new Promise((resolve) => listener.once('notification', resolve));
  await listener.query('listen news');
  await listener.query("notify news, 'hello'");
  assert.equal(((await told) as { payload: string }).payload, 'hello');
  await listener.end();
});

test('cancel reaches the right backend, and the record says so', async () => {
  const client = await lab.client('dora', 'scratch');
  const query = client.query('select pg_sleep(60)');
  const canceller = await lab.client('dora', 'scratch');
  await canceller.query('select 1');
  const { processId, secretKey } = clientParts(client);
  await cancelRequest(lab.port, processId, secretKey + 1);
  assert.equal((await canceller.query('select 2')).rowCount, 1);
  await cancelRequest(lab.port, processId, secretKey);
  await assert.rejects(query, { code: '57014' });
  const slept = lab.recorder.records.find(({ statement }) => statement.includes('pg_sleep'));
  assert.equal(slept?.outcome?.status, 'cancelled');
  assert.equal((await client.query('select 3')).rowCount, 1);
  await client.end();
  await canceller.end();
});

test('a lost recorder ends the session, and nothing of the answer is released', async () => {
  const client = await lab.client();
  await client.query('select 1');
  lab.recorder.fail = new Error('disk full');
  try {
    await assert.rejects(client.query('select name from customers'));
  } finally {
    lab.recorder.fail = null;
  }
});

test('revoked access ends an open session with a sentence', async () => {
  const client = await lab.client('dora', 'scratch');
  const running = client.query('select pg_sleep(60)');
  const other = await lab.client('ana');
  await other.query('select 1');
  lab.people.dora.revoke();
  await assert.rejects(running, /access to this target has ended/);
  lab.people.dora.restore();
  assert.equal((await other.query('select 1')).rowCount, 1);
  await other.end();
});

test('an error message carries no value of a masked table', async () => {
  const client = await lab.client();
  await assert.rejects(client.query('select name::int from customers where id = 1'), (error: Error) => {
    assert.doesNotMatch(error.message, /invalid input syntax/);
    assert.match(error.message, /invalid text representation/);
    return true;
  });
  await client.end();
});

test('where nothing is masked the bytes equal the direct ones', async () => {
  const texts = [
    'select id, name, price, attributes, swatch from products order by id limit 20',
    'select 1/0; select 2',
    'select 1; select null::text, array[1,2]; show timezone',
    'copy (select id, sku from products order by id limit 5) to stdout',
    '',
  ];
  for (const text of texts) {
    const governed = await answerBytes(lab.url('dora'), text);
    const plain = await answerBytes(lab.sample.gatewayUrl(), text);
    assert.equal(governed.toString('latin1'), plain.toString('latin1'), text);
  }
});

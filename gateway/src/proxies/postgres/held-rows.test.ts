import assert from 'node:assert/strict';
import { execFile, spawn } from 'node:child_process';
import { after, before, beforeEach, test } from 'node:test';
import { promisify } from 'node:util';
import { Client, Query } from 'pg';
import { RowsWithin } from './approval/rows-within.ts';
import { type Lab, openLab } from './testing/lab.ts';
import { ASKING, extended, Requests } from './testing/requests.ts';

let lab: Lab;
let requests: Requests;
let owner: Client;
before(async () => {
  lab = await openLab();
  lab.policy.activate(
    ASKING.replace('doing: [select, insert, copyTo, copyFrom]', 'doing: [select]').replace(
      'doing: [update,',
      'doing: [insert, copyTo, copyFrom, merge, do, declareCursor, update,',
    ),
  );
  requests = new Requests(lab);
  owner = new Client({ connectionString: lab.sample.superuserUrl() });
  await owner.connect();
});
after(async () => {
  await owner.end();
  await lab.close();
});
beforeEach(async () => {
  await owner.query(`drop table if exists counted; create table counted (id int primary key, v text);
    insert into counted select n, 'v' from generate_series(1, 10) n; grant all on counted to sluice_gateway`);
});

const ids = async () => (await owner.query('select id from counted order by id')).rows.map(({ id }) => id);

const WAYS: Record<string, (client: Client, sql: string) => Promise<unknown>> = {
  simple: (client, sql) => client.query(sql),
  several: (client, sql) => client.query(`select 1; ${sql}`),
  extended: (client, sql) => client.query(extended(sql)),
  prepared: (client, sql) => client.query({ name: `p${sql.length}`, text: sql }),
};

for (const [way, run] of Object.entries(WAYS)) {
  test(`${way}: more rows than approved are rolled back, and as many go through`, async () => {
    const client = await lab.client();
    for (const sql of [
      'delete from counted where id <= 3',
      'delete from counted where id <= 3 returning id',
    ]) {
      const asked = requests.approveNext({ maxRows: 2 });
      await assert.rejects(run(client, sql), {
        code: '54000',
        message: /rolled back: it was approved for at most 2 rows, and has (3|more)/,
        detail: 'Approved by dora.',
      });
      assert.equal(lab.approvals.get((await asked).id)?.status, 'used');
      assert.equal((await ids()).length, 10, sql);
      const record = lab.recorder.records.findLast(({ statement }) => statement === sql);
      assert.deepEqual([record?.outcome?.status, record?.outcome?.sqlState], ['failed', '54000']);
    }
    const enough = requests.approveNext({ maxRows: 3 });
    await run(client, 'delete from counted where id <= 3');
    await enough;
    assert.equal((await ids()).length, 7);
    await client.end();
  });

  test(`${way}: in a transaction block too many rows fail the transaction`, async () => {
    const client = await lab.client();
    await client.query('begin');
    const asked = requests.approveNext({ maxRows: 0 });
    await assert.rejects(run(client, 'delete from counted where id = 1'), { code: '54000' });
    await asked;
    await assert.rejects(client.query('select 1'), { code: '25P02' });
    await client.query('commit');
    assert.equal((await ids()).length, 10);
    await client.query('begin');
    const enough = requests.approveNext({ maxRows: 1 });
    await run(client, 'delete from counted where id = 1');
    await enough;
    await client.query('commit');
    assert.equal((await ids()).length, 9);
    await client.end();
  });
}

test('rows that are given are bounded as well, and none beyond is sent', async () => {
  lab.policy.activate(
    ASKING.replace('doing: [select, ', 'doing: [').replace('doing: [update,', 'doing: [select, update,'),
  );
  const client = await lab.client();
  const text = 'select id from counted order by id';
  for (const query of [{ text }, extended(text)]) {
    const asked = requests.approveNext({ maxRows: 4 });
    const seen: number[] = [];
    const outcome = new Promise<Error | null>((resolve) => {
      const submitted = new Query(query);
      submitted.on('row', ({ id }) => seen.push(id));
      submitted.on('error', resolve);
      submitted.on('end', () => resolve(null));
      client.query(submitted);
    });
    const error = await outcome;
    await asked;
    assert.match(error?.message ?? 'no error', /approved for at most 4 rows, and has more/);
    assert.deepEqual(seen, [1, 2, 3, 4]);
  }
  const asked = requests.approveNext({ maxRows: 10 });
  assert.equal((await client.query(text)).rowCount, 10);
  await asked;
  await client.end();
});

test('COPY is bounded both ways', async () => {
  lab.policy.activate(
    ASKING.replace(', copyTo, copyFrom', '').replace('doing: [update,', 'doing: [copyTo, copyFrom, update,'),
  );
  const who = `host=127.0.0.1 port=${lab.port} user=ana dbname=shop password='correct horse battery staple'`;
  const out = requests.approveNext({ maxRows: 2 });
  const written = await promisify(execFile)('psql', ['-X', who, '-c', '\\copy counted to stdout']).catch(
    (error) => error,
  );
  await out;
  assert.match(written.stderr, /approved for at most 2 rows/);
  assert.equal(written.stdout, '1\tv\n2\tv\n');
  const into = requests.approveNext({ maxRows: 1 });
  const feed = spawn('psql', ['-X', who, '-c', '\\copy counted from stdin']);
  let said = '';
  feed.stderr.on('data', (bytes: Buffer) => {
    said += bytes;
  });
  const exited = new Promise((resolve) => feed.once('exit', resolve));
  feed.stdin.end('11\ta\n12\tb\n');
  await Promise.all([exited, into]);
  assert.match(said, /approved for at most 1 row, and has more/);
  assert.equal((await ids()).length, 10);
});

test('what can not be counted does not run under a bound', async () => {
  lab.policy.activate(ASKING.replace('doing: [update,', 'doing: [do, declareCursor, update,'));
  const client = await lab.client();
  await client.query('begin; savepoint s');
  for (const sql of [
    'truncate counted',
    'with gone as (delete from counted returning id) select count(*) from gone',
    'with gone as (delete from counted where id < 5 returning id) delete from counted where id = 7',
    'explain analyze delete from counted',
    'declare c cursor for select id from counted for update',
  ]) {
    const asked = requests.approveNext({ maxRows: 100 });
    await assert.rejects(client.query(sql), {
      code: '0A000',
      message: /^Not run: it was approved for at most 100 rows/,
    });
    await asked;
    await client.query('rollback to s');
  }
  await client.query('rollback');
  assert.equal((await ids()).length, 10);
  await client.end();
});

test('rows are cut at their boundaries, however they come', () => {
  const row = (size: number) => {
    const frame = Buffer.alloc(5 + size, 7);
    frame[0] = 0x44;
    frame.writeInt32BE(4 + size, 1);
    return frame;
  };
  const rows = [row(3), row(0), row(9), row(1)];
  const all = Buffer.concat(rows);
  for (const max of [0, 1, 2, 3, 4, 5]) {
    const expected = rows.slice(0, max).reduce((sum, { length }) => sum + length, 0);
    const whole = new RowsWithin(max);
    assert.equal(whole.cut(all, 0, all.length), expected);
    // Cut inside of bodies, never inside of headers: so the scanner gives them.
    for (const at of [6, 8, 13, 18, 20, 22, 27, 28]) {
      const within = new RowsWithin(max);
      const first = within.cut(all, 0, at);
      const second = within.cut(all, at, all.length);
      assert.equal(first + (second - at), expected, `${max} at ${at}`);
    }
  }
});

import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { after, before, test } from 'node:test';
import { promisify } from 'node:util';
import type { Client } from 'pg';
import { clientParts } from './testing/client-parts.ts';
import { type Lab, openLab } from './testing/lab.ts';

const run = promisify(execFile);
let lab: Lab;
before(async () => {
  lab = await openLab();
});
after(() => lab.close());

async function psql(sql: string): Promise<string> {
  const who = `host=127.0.0.1 port=${lab.port} user=dora dbname=shop password='correct horse battery staple'`;
  const { stdout } = await run('psql', ['-X', '-At', `${who} sslmode=disable`, '-c', sql], {
    maxBuffer: 1024,
  });
  return stdout;
}

/** Highest resident memory of this process while `work` runs, over what it was before. */
async function grownBytes(work: () => Promise<unknown>): Promise<number> {
  const before = process.memoryUsage.rss();
  let highest = before;
  const watch = setInterval(() => {
    highest = Math.max(highest, process.memoryUsage.rss());
  }, 20);
  await work();
  clearInterval(watch);
  return highest - before;
}

/** Whether a backend of the gateway's still runs a statement that contains `mark`. */
async function runsUpstream(direct: Client, mark: string): Promise<boolean> {
  const sql = `select 1 from pg_stat_activity where query like $1 and pid <> pg_backend_pid() and state = 'active'`;
  return (await direct.query(sql, [`%${mark}%`])).rowCount !== 0;
}

async function until(holds: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await holds())) await new Promise((resolve) => setTimeout(resolve, 20));
}

test('a million rows stream through in bounded memory', async () => {
  const sql = "\\copy (select i, repeat('x', 200) from generate_series(1, 1000000) i) to /dev/null";
  // Once before: the parser is compiled while it is first used, and that is not what is measured.
  await psql(sql);
  const grown = await grownBytes(() => psql(sql));
  assert.ok(grown < 100_000_000, `grew by ${grown} bytes`);
  const record = lab.recorder.last();
  assert.equal(record?.outcome?.rows, 1_000_000);
  assert.ok((record?.outcome?.bytes ?? 0) > 200_000_000);
});

test('one row of 300 MB streams through and is never held whole', async () => {
  const sql = "\\copy (select repeat('x', 300000000)) to /dev/null";
  const grown = await grownBytes(() => psql(sql));
  assert.ok(grown < 60_000_000, `grew by ${grown} bytes`);
});

test('a client that stops reading holds the server back, and one that vanishes ends its statement', async () => {
  const direct = await lab.direct();
  const client = await lab.client('dora');
  const { stream } = clientParts(client);
  const sql = "select repeat('y', 1000) as vanishing from generate_series(1, 3000000)";
  const failed = client.query(sql).catch((error: unknown) => error);
  const grown = await grownBytes(async () => {
    await until(() => lab.recorder.last()?.statement === sql);
    stream.pause();
    await new Promise((resolve) => setTimeout(resolve, 1000));
  });
  assert.ok(grown < 60_000_000, `grew by ${grown} bytes`);
  assert.equal(await runsUpstream(direct, 'vanishing'), true);
  stream.destroy();
  await until(async () => !(await runsUpstream(direct, 'vanishing')));
  await failed;
  const record = lab.recorder.records.find(({ statement }) => statement === sql);
  await until(() => record?.outcome !== null);
  assert.equal(record?.outcome?.status, 'cancelled');
  await direct.end();
});

test('a statement that is longer than the limit is refused in words', async () => {
  const client = await lab.client('dora');
  await assert.rejects(client.query(`select '${'z'.repeat(17 * 1024 * 1024)}'`), /limit here is/);
});

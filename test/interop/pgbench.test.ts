import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { bootLab, type Lab } from './lab/lab.ts';
import { runClient } from './lab/run-client.ts';

const TRANSACTIONS = 50;
const CLIENTS = 4;

describe('pgbench', () => {
  let lab: Lab;
  let folder: string;
  before(async () => {
    lab = await bootLab();
    folder = mkdtempSync(join(tmpdir(), 'sluice-pgbench-'));
  });
  after(async () => {
    await lab?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  async function pgbench(...argv: string[]): Promise<string> {
    const end = await runClient(lab.through('scratch'), ['pgbench', ...argv]);
    assert.equal(end.code, 0, end.stderr);
    return end.stdout;
  }

  it('initialises, by COPY and on the server, with partitions and foreign keys', async () => {
    await pgbench('-i', '-s', '1', '-I', 'dtGvp', '--foreign-keys');
    await pgbench('-i', '-s', '1', '--partitions', '3');
    await pgbench('-i', '-s', '1');
  });

  const run = ['-n', '-c', String(CLIENTS), '-j', '1', '-t', String(TRANSACTIONS)];
  for (const mode of ['simple', 'extended', 'prepared']) {
    for (const script of ['tpcb-like', 'simple-update', 'select-only']) {
      it(`runs ${script}, ${mode}`, async () => {
        const out = await pgbench(...run, '-M', mode, '-b', script);
        assert.match(
          out,
          new RegExp(`actually processed: ${CLIENTS * TRANSACTIONS}/${CLIENTS * TRANSACTIONS}`),
        );
        assert.match(out, /number of failed transactions: 0 /);
      });
    }
  }

  for (const mode of ['extended', 'prepared']) {
    it(`runs a pipeline, ${mode}`, async () => {
      const file = join(folder, 'pipeline.sql');
      const select = 'select abalance from pgbench_accounts where aid = :aid;\n';
      const pipeline = `\\startpipeline\n${select.repeat(10)}\\endpipeline\n`;
      writeFileSync(file, `\\set aid random(1, 100000)\n${pipeline.repeat(2)}`);
      assert.match(await pgbench(...run, '-M', mode, '-f', file), /number of failed transactions: 0 /);
    });
  }

  it('reconnects for each transaction', async () => {
    assert.match(await pgbench('-n', '-C', '-t', '20', '-S'), /actually processed: 20\/20/);
  });
});

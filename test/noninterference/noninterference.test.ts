import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { after, before, describe, test } from 'node:test';
import { bootPostgres, type RunningPostgres } from '../../sample/postgres/boot-postgres.ts';
import { HOLES } from './build/holes.ts';
import { makeTemplates, SERVER_SETTINGS } from './database/twins.ts';

const STATEMENTS = 20_000;
/** Where two processes begin that share them; the first gets as far as case 6,200. */
const HALVES = [0, 8_000];
const SEED = 1;
/** Prepared twins are slower to make, and stand on the same layers and one more. */
const PREPARED_STATEMENTS = 3_000;
const WAYS = 13;
const cli = new URL('./cli.ts', import.meta.url).pathname;

let postgres: RunningPostgres;

before(async () => {
  postgres = await bootPostgres({ settings: SERVER_SETTINGS });
  const { host, port, superuser: user, superuserPassword: password } = postgres;
  await makeTemplates({ host, port, user, password });
});
after(() => postgres.stop());

/** Runs the command line as people do, in a process of its own: a build with a hole must not be this one. */
function run(...options: string[]): Promise<{ exit: number; out: string }> {
  return runAlone('--server', postgres.url('postgres'), ...options);
}

/** The same with a server of its own. */
function runAlone(...options: string[]): Promise<{ exit: number; out: string }> {
  const args = [
    '--disable-warning=ExperimentalWarning',
    // In MiB: catalogues come and go, and are not worth being kept for older.
    '--max-semi-space-size=128',
    cli,
    '--seed',
    String(SEED),
  ];
  const child = spawn(process.execPath, [...args, ...options], { stdio: ['ignore', 'pipe', 'inherit'] });
  let out = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    out += text;
  });
  return new Promise((resolve) => child.on('close', (exit) => resolve({ exit: exit ?? 1, out })));
}

describe(`${STATEMENTS} generated statements tell twins apart by nothing`, { concurrency: 2 }, () => {
  const half = STATEMENTS / HALVES.length;
  for (const from of HALVES) {
    test(`${half} from case ${from} on`, async () => {
      const { exit, out } = await run('--from', String(from), '--statements', String(half), '--json');
      assert.equal(exit, 0, out);
      const { statements, differences, ran, masked, ways, faults } = JSON.parse(out);
      assert.equal(differences, 0, out);
      assert.ok(statements >= half, out);
      // Who refuses everything leaks nothing, and proves nothing.
      assert.ok(ran >= 0.5 && masked >= 0.25, out);
      assert.equal(ways.length, WAYS, out);
      assert.deepEqual(faults, []);
    });
  }
});

test(`${PREPARED_STATEMENTS} tell prepared twins apart by nothing`, async () => {
  const { exit, out } = await runAlone('--prepared', '--statements', String(PREPARED_STATEMENTS), '--json');
  assert.equal(exit, 0, out);
  const { differences, ran, masked, faults } = JSON.parse(out);
  assert.equal(differences, 0, out);
  assert.ok(ran >= 0.5 && masked >= 0.25, out);
  assert.deepEqual(faults, []);
});

describe('a layer that is taken out is missed', { concurrency: 2 }, () => {
  for (const { name } of HOLES) {
    test(name, async () => {
      const { exit, out } = await run('--statements', String(STATEMENTS), '--pairs', '1', '--hole', name);
      assert.equal(exit, 1, out);
      assert.match(out, /DIFFERENCE/);
    });
  }
});

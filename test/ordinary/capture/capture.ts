import { spawn } from 'node:child_process';
import { readdirSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { Client } from 'pg';
import { bootSample } from '../../../sample/boot-sample.ts';
import { CUSTOMERS, PREPARE_SHOP, type ServerVersion, serverVersionOf } from '../shop.ts';
import { Recorder } from './recorder.ts';

const RUNNERS: Readonly<Record<string, readonly string[]>> = {
  mjs: [process.execPath],
  py: ['/usr/bin/python3'],
  rb: ['/usr/bin/ruby'],
  sh: ['/bin/bash'],
};
const jobs = join(import.meta.dirname, 'jobs');
const captured = join(import.meta.dirname, '..', 'captured');

/** Runs the jobs (all, or those named) against fresh copies of the shop, and writes what each tool sent. */
async function capture(version: ServerVersion, names: readonly string[]): Promise<void> {
  const sample = await bootSample({ customers: CUSTOMERS, version });
  const { host, port } = sample.postgres;
  const server = new Client({ connectionString: sample.postgres.url('postgres') });
  await server.connect();
  const shop = new Client({ connectionString: sample.superuserUrl('shop') });
  await shop.connect();
  await shop.query(PREPARE_SHOP);
  await shop.end();
  try {
    for (const file of readdirSync(jobs)) {
      const [name = '', kind = ''] = basename(file).split('.');
      const runner = RUNNERS[kind];
      if (
        runner === undefined ||
        serverVersionOf(name) !== version ||
        (names.length > 0 && !names.includes(name))
      )
        continue;
      await server.query(`CREATE DATABASE ${name} TEMPLATE shop`);
      await server.query(`GRANT CREATE ON DATABASE ${name} TO sluice_gateway`);
      const recorder = new Recorder({ host, port });
      const at = await recorder.listen();
      const user = 'sluice_gateway';
      const password = sample.gatewayPassword;
      const exit = await run([...runner, join(jobs, file)], {
        PGHOST: '127.0.0.1',
        PGPORT: String(at),
        PGUSER: user,
        PGPASSWORD: password,
        PGDATABASE: name,
        PGSSLMODE: 'disable',
        DATABASE_URL: `postgres://${user}:${password}@127.0.0.1:${at}/${name}`,
      });
      recorder.close();
      const text = JSON.stringify(recorder.statements, null, 1).replaceAll(password, 'PASSWORD');
      writeFileSync(join(captured, `${name}.json`), `${text}\n`);
      console.log(`${name}: ${recorder.statements.length} statements, exit ${exit}`);
    }
  } finally {
    await server.end();
    await sample.stop();
  }
}

function run(
  [program = '', ...args]: readonly string[],
  environment: Record<string, string>,
): Promise<number> {
  return new Promise((resolve) => {
    const child = spawn(program, args, { env: { ...process.env, ...environment }, stdio: 'inherit' });
    child.once('exit', (code) => resolve(code ?? 1));
  });
}

for (const version of [15, 18] as const) await capture(version, process.argv.slice(2));

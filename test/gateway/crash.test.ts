import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { Client } from 'pg';
import { bootSample, type RunningSample } from '../../sample/boot-sample.ts';
import { ACCOUNT, bootGateway } from '../interop/lab/gateway.ts';
import type { Secret } from '../secrets/finder.ts';
import { sweep } from '../secrets/sweep.ts';

/**
 * A gateway that breaks while its memory is full of secrets says none of them and leaves none behind, although whoever
 * started it told Node to write reports of everything.
 */

const BREAKER = new URL('crash.fixture.ts', import.meta.url).href;
const HELD = 'held-as-the-gateway-broke-4242';
const SELECT = 'select email, card_number, national_id from customers order by id limit 50';

let sample: RunningSample;
let secrets: Secret[];
before(async () => {
  sample = await bootSample({ customers: 100 });
  const direct = new Client({ connectionString: sample.superuserUrl() });
  await direct.connect();
  const { rows } = await direct.query<Record<string, string>>(SELECT);
  await direct.end();
  secrets = [
    ...rows.flatMap((row) =>
      Object.entries(row)
        .filter(([, value]) => value)
        .map(([column, value]) => ({ what: `${column} of a customer`, value })),
    ),
    { what: 'what it held', value: HELD },
    { what: "the password of a target's role", value: sample.gatewayPassword },
    { what: 'the key of a service account', value: ACCOUNT.password },
  ];
});
after(() => sample?.stop());

/** How a gateway may break (crash.fixture.ts), and what it says then. */
const WAYS = [
  {
    way: 'exception',
    name: 'an exception that nobody caught',
    says: /fault of its own[\s\S]*\nError\n {4}at .*:\d+:\d+\)\n[\s\S]*caused by Error\n/,
  },
  {
    way: 'rejection',
    name: 'a promise that nobody heard, rejected with what is no error',
    says: /fault of its own[\s\S]*ERR_UNHANDLED_REJECTION/,
  },
  { way: 'memory', name: 'memory that has run out', says: /heap out of memory/ },
  { way: 'abort', name: 'an abort', says: /Native stack trace/ },
  { way: 'fault', name: 'a signal from outside', says: /./ },
] as const;

for (const { way, name, says } of WAYS) {
  test(`a gateway that is broken by ${name} leaves no secret`, async () => {
    const folder = mkdtempSync(join(tmpdir(), 'sluice-crash-'));
    const reports = join(folder, 'reports');
    mkdirSync(reports);
    const options = [
      '--max-old-space-size=180 --report-uncaught-exception --report-on-fatalerror --report-on-signal',
      `--report-signal=SIGWINCH --report-directory=${reports}`,
    ].join(' ');
    Object.assign(process.env, { NODE_OPTIONS: options, HELD, BREAK: way });
    const target = { name: 'masked', url: sample.gatewayUrl() };
    const gateway = await bootGateway(folder, [target], {}, [BREAKER]).finally(() => {
      delete process.env.NODE_OPTIONS;
    });
    const { host, port } = gateway;
    const client = new Client({ host, port, ...ACCOUNT, database: 'masked' });
    client.on('error', () => undefined);
    await client.connect();
    const { rows } = await client.query<{ email: string }>(SELECT);
    assert.match(rows[0]?.email ?? '', /^[•*]+@/);
    process.kill(gateway.pid, 'SIGWINCH');
    process.kill(gateway.pid, 'SIGUSR2');
    await gateway.ended;
    assert.match(gateway.complaints(), says);
    assert.deepEqual(readdirSync(reports), []);
    const { files, found } = sweep(folder, secrets);
    assert.deepEqual(found, []);
    assert.ok(files > 5);
  });
}

import assert from 'node:assert/strict';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { aRecord } from '../adapters/store/a-record.fixture.ts';
import { testApi } from '../api/api.fixture.ts';
import type { RecordQuery } from '../core/recording/recorder.ts';
import { KeptFiles } from './kept-files.ts';
import { run } from './run.ts';

const done = { status: 'done', sqlState: null, rows: 3, bytes: 1, durationMs: 2 } as const;

/** A gateway that has 700 records of the same kind, and the command line of an auditor. */
async function bench(context: TestContext) {
  const all = Array.from({ length: 700 }, (_, n) =>
    aRecord(n, { outcome: done, statement: `select ${n}\n\u001b[2J` }),
  ).toReversed();
  const queries: RecordQuery[] = [];
  const records = {
    list: async (query: RecordQuery) => {
      queries.push(query);
      const from = query.before === null ? 0 : all.findIndex(({ id }) => id === query.before) + 1;
      const page = all.slice(from, from + query.limit);
      return { records: page, next: from + query.limit < all.length ? (page.at(-1)?.id ?? null) : null };
    },
    texts: async () => ({ texts: [], next: null }),
  };
  const api = await testApi(context, undefined, undefined, { records });
  const environment = {
    XDG_DATA_HOME: mkdtempSync(join(tmpdir(), 'sluice-cli-')),
    SLUICE_GATEWAY: api.url,
  };
  const tokens = { accessToken: 'audrey', refreshToken: 'none', expiresAtMs: Date.now() + 3_600_000 };
  new KeptFiles(environment).keepTokens(api.url, tokens);
  const sluice = async (...args: string[]) => {
    const out: string[] = [];
    const said: string[] = [];
    const exit = await run(args, {
      environment,
      out: (line) => out.push(line),
      say: (line) => said.push(line),
      stopped: new Promise(() => undefined),
    });
    return { exit, out, said: said.join('\n') };
  };
  return { sluice, queries };
}

test('records are shown in words, and nothing in them moves the cursor', async (context) => {
  const { sluice } = await bench(context);
  const { exit, out, said } = await sluice('records', '--limit', '1');
  assert.equal(exit, 0);
  assert.match(
    out[0] ?? '',
    /Ana Ruiz on shop \(postgres, session session-1, record [\da-f-]{36}\): done, 3 rows in 2 ms\n/,
  );
  assert.match(
    out[0] ?? '',
    /Allowed by rule developers-read of dba\. \[developers-read\]\n {4}select 699\n/,
  );
  assert.ok(!(out[0] ?? '').includes('\u001b'));
  assert.match(said, /the newest 1/);
});

test('every filter reaches the gateway, moments also as how long ago', async (context) => {
  const { sluice, queries } = await bench(context);
  const filters = ['--principal', 'ana', '--rule', 'r', '--outcome', 'held', '--table', 't', '--column', 'c'];
  await sluice(
    'records',
    ...filters,
    '--surface',
    'ssh',
    '--session',
    's',
    '--target',
    'shop',
    '--text',
    'a b',
  );
  assert.deepEqual(queries[0]?.search, {
    principal: 'ana',
    rule: 'r',
    outcome: 'held',
    table: 't',
    column: 'c',
    surface: 'ssh',
    session: 's',
    text: 'a b',
  });
  assert.equal(queries[0]?.target, 'shop');
  await sluice('records', '--from', '2 hours', '--to', '2026-12-24T18:00:00Z');
  const agoMs = Date.now() - Date.parse(queries[1]?.search?.from ?? '');
  assert.ok(agoMs >= 7_200_000 && agoMs < 7_260_000);
  assert.equal(queries[1]?.search?.to, '2026-12-24T18:00:00.000Z');
});

test('as JSON, whole records come over as many pages as it takes', async (context) => {
  const { sluice, queries } = await bench(context);
  const { out } = await sluice('records', '--json', '--limit', '600');
  assert.equal(out.length, 600);
  assert.equal(JSON.parse(out[599] ?? '').id, aRecord(100).id);
  assert.deepEqual(
    queries.map(({ limit }) => limit),
    [500, 100],
  );
});

test('what is no filter is a mistake of usage', async (context) => {
  const { sluice, queries } = await bench(context);
  for (const wrong of [
    ['--outcome', 'gone'],
    ['--from', 'soon'],
    ['--limit', '0'],
    ['--who', 'ana'],
    ['extra'],
  ]) {
    assert.equal((await sluice('records', ...wrong)).exit, 2, wrong.join(' '));
  }
  assert.equal(queries.length, 0);
});

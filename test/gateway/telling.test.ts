import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdtempSync, readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { Client } from 'pg';
import { type GovernedShop, governedShop, Person, SERVICE_KEY } from './gateway.fixture.ts';

/** What three statements of a client leave with an export, a collector, and the search. */
const exported = join(mkdtempSync(join(tmpdir(), 'sluice-telling-')), 'audit.jsonl');
const bodies: { path: string; body: string }[] = [];
const collector = createServer(async (request, response) => {
  let body = '';
  for await (const chunk of request) body += String(chunk);
  bodies.push({ path: request.url ?? '', body });
  response.writeHead(200).end('{}');
});
let shop: GovernedShop;
let clear: string;

before(async () => {
  collector.listen(0, '127.0.0.1');
  await once(collector, 'listening');
  const address = collector.address();
  assert.ok(address !== null && typeof address === 'object');
  shop = await governedShop(`
exports: [{name: archive, file: {path: ${exported}}}]
telemetry: {otlp: {url: "http://127.0.0.1:${address.port}", intervalMs: 200}}`);
  const [host = '', port = ''] = shop.gateway.listening.postgres.split(':');
  const ca = readFileSync(join(shop.dataDir, 'certificates', 'authority.crt'), 'utf8');
  const client = new Client({
    host,
    port: Number(port),
    user: 'ci',
    password: SERVICE_KEY,
    database: 'shop',
    ssl: { ca },
  });
  await client.connect();
  await client.query('select email, card_number from customers order by id limit 5');
  await client.query('select email, card_number from customers order by id limit 5');
  await assert.rejects(client.query('delete from orders'), /WHERE/);
  await client.end();
  const own = new Client({ connectionString: shop.sample.superuserUrl() });
  await own.connect();
  const { rows } = await own.query('select card_number from customers order by id limit 1');
  clear = rows[0].card_number;
  await own.end();
});

after(async () => {
  await shop.close();
  collector.close();
});

async function until<T>(find: () => T | undefined): Promise<T> {
  for (;;) {
    const found = find();
    if (found !== undefined) return found;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

test('an export tells who did what on what, what was decided and why, and nothing that was masked', async () => {
  const lines = await until(() => {
    const all = readFileSync(exported, 'utf8').split('\n').filter(Boolean);
    return all.some((line) => line.includes('delete from orders')) ? all : undefined;
  });
  assert.ok(!lines.join().includes(clear));
  const events = lines.map((line) => JSON.parse(line)).filter((event) => event.query_info !== undefined);
  const [masked, , refused] = events;
  assert.equal(masked.class_uid, 6005);
  assert.equal(masked.activity_name, 'Query');
  assert.equal(masked.actor.user.uid, 'service:ci');
  assert.equal(masked.table.uid, 'public.customers');
  assert.equal(masked.status, 'Success');
  assert.ok(masked.unmapped.sluice.masks.length > 0);
  assert.equal(refused.activity_name, 'Delete');
  assert.equal(refused.action, 'Denied');
  assert.equal(refused.severity_id, 3);
  assert.ok(
    refused.authorizations.some(
      ({ policy }: { policy: { uid: string } }) => policy.uid === 'no-change-without-where',
    ),
  );
});

test('a collector gets a trace of each, without statements, and the counts', async () => {
  const isOf = (path: string, text: string) =>
    bodies.find((one) => one.path === path && one.body.includes(text));
  const traces = await until(() => isOf('/v1/traces', 'delete shop'));
  assert.ok(!bodies.some(({ body }) => body.includes('delete from') || body.includes(clear)));
  const spans = JSON.parse(traces.body).resourceSpans[0].scopeSpans[0].spans;
  assert.ok(spans.some(({ name }: { name: string }) => name === 'decide'));
  const metrics = await until(() => isOf('/v1/metrics', '{"stringValue":"refused"}'));
  for (const name of [
    'sluice_added_latency_seconds',
    'sluice_decision_seconds',
    'sluice_masks_applied_total',
  ]) {
    const metric = JSON.parse(metrics.body).resourceMetrics[0].scopeMetrics[0].metrics.find(
      (one: { name: string }) => one.name === name,
    );
    const { dataPoints } = metric.sum ?? metric.histogram;
    assert.ok(dataPoints.length > 0, name);
  }
});

test('an auditor finds them by rule, column and words; the person alone would not see others’', async () => {
  const audrey = new Person('audrey@shop.example', shop.gateway);
  const found = async (...filters: string[]) => {
    const { out } = await audrey.sluice(['records', '--json', ...filters]);
    return out
      .split('\n')
      .filter(Boolean)
      .map((line) => JSON.parse(line).statement);
  };
  assert.deepEqual(await found('--rule', 'no-change-without-where'), ['delete from orders']);
  assert.deepEqual(await found('--outcome', 'refused', '--table', 'public.orders'), ['delete from orders']);
  assert.equal((await found('--column', 'customers.card_number', '--outcome', 'masked')).length, 2);
  assert.deepEqual(await found('--text', '"delete from"', '--principal', 'ci'), ['delete from orders']);
  const ana = new Person('ana@shop.example', shop.gateway);
  assert.equal((await ana.sluice(['records', '--json', '--rule', 'no-change-without-where'])).out, '');
});

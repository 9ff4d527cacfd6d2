import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdtempSync, readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { get } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { parse } from 'yaml';
import { z } from 'zod';
import { parseConfig } from '../../gateway/src/config-load.ts';
import { type Gateway, startGateway } from '../../gateway/src/main.ts';

const read = (path: string) => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8');

async function started(context: TestContext, text: string): Promise<{ gateway: Gateway; dataDir: string }> {
  const dataDir = mkdtempSync(join(tmpdir(), 'sluice-metrics-'));
  const config = parseConfig(`dataDir: ${dataDir}\n${text}`, { name: 'test', folder: dataDir }, {});
  const gateway = await startGateway(config, { tell: () => undefined });
  context.after(() => gateway.close());
  return { gateway, dataDir };
}

const ON_LOOPBACK = 'listen: {http: 127.0.0.1:0, postgres: 127.0.0.1:0, metrics: 127.0.0.1:0}';

async function shownBy(gateway: Gateway, headers: Record<string, string> = {}): Promise<Response> {
  return fetch(`http://${gateway.listening.metrics}/metrics`, { headers });
}

const namesIn = (text: string) =>
  new Set([...text.matchAll(/^# TYPE (\S+) /gm)].map(([, name = '']) => name));
const Dashboard = z.object({
  panels: z.array(z.object({ title: z.string(), targets: z.array(z.object({ expr: z.string() })) })),
  templating: z.object({ list: z.array(z.looseObject({ definition: z.string().optional() })) }),
});

test('what the dashboard and the docs name is shown, and what is shown is in the docs', async (context) => {
  const { gateway } = await started(context, ON_LOOPBACK);
  const response = await shownBy(gateway);
  assert.equal(response.headers.get('content-type'), 'text/plain; version=0.0.4; charset=utf-8');
  const shown = namesIn(await response.text());
  const { panels, templating } = Dashboard.parse(JSON.parse(read('examples/grafana/sluice.json')));
  const asked = [
    ...panels.flatMap(({ targets }) => targets.map(({ expr }) => expr)),
    ...templating.list.flatMap(({ definition = '' }) => definition),
  ];
  const named = asked.flatMap((expr) => expr.match(/\b(?:sluice|process|nodejs)_[a-z_]+/g) ?? []);
  assert.ok(named.length > 30);
  const bare = named.map((name) => name.replace(/_bucket$/, ''));
  assert.deepEqual(
    bare.filter((name) => !shown.has(name)),
    [],
  );
  const documented = new Set(read('docs/METRICS.md').match(/(?<=^\| `)[a-z_]+(?=`)/gm));
  assert.deepEqual([...shown].toSorted(), [...documented].toSorted());
});

test('metrics say what the gateway does: its own start is in the log', async (context) => {
  const { gateway } = await started(context, ON_LOOPBACK);
  const text = await (await shownBy(gateway)).text();
  assert.match(text, /^sluice_events_total\{kind="gatewayStarted"\} 1$/m);
  assert.match(text, /^sluice_build_info\{version="[^"]+"\} 1$/m);
  assert.match(text, /^sluice_log_entries [1-9]/m);
  assert.match(text, /^process_resident_memory_bytes [1-9]/m);
});

test('nothing is shown unless a listener is configured; other paths, methods and web pages get nothing', async (context) => {
  const quiet = await started(context, 'listen: {http: 127.0.0.1:0, postgres: 127.0.0.1:0}');
  assert.equal(quiet.gateway.listening.metrics, undefined);
  assert.equal((await fetch(`${quiet.gateway.url}/metrics`)).status, 404);
  const { gateway } = await started(context, ON_LOOPBACK);
  assert.equal((await fetch(`http://${gateway.listening.metrics}/`)).status, 404);
  assert.equal((await fetch(`http://${gateway.listening.metrics}/metrics`, { method: 'POST' })).status, 405);
  assert.equal((await shownBy(gateway, { origin: 'https://elsewhere.example' })).status, 400);
});

test('with a token only to whoever shows it', async (context) => {
  const { gateway } = await started(context, `${ON_LOOPBACK}\nmetrics: {token: {value: swordfish}}`);
  assert.equal((await shownBy(gateway)).status, 401);
  assert.equal((await shownBy(gateway, { authorization: 'Bearer sword' })).status, 401);
  assert.equal((await shownBy(gateway, { authorization: 'Bearer swordfish' })).status, 200);
});

test('beyond loopback it speaks TLS and needs a token', async (context) => {
  const listen = 'listen: {http: 127.0.0.1:0, postgres: 127.0.0.1:0, metrics: 0.0.0.0:0}';
  await assert.rejects(started(context, listen), { code: 'listen.refused' });
  const { gateway, dataDir } = await started(context, `${listen}\nmetrics: {token: {value: swordfish}}`);
  const ca = readFileSync(join(dataDir, 'certificates', 'authority.crt'));
  const address = `https://${gateway.listening.metrics?.replace('0.0.0.0', '127.0.0.1')}/metrics`;
  const status = await new Promise((resolve, reject) => {
    get(address, { ca, headers: { authorization: 'Bearer swordfish' } }, (response) => {
      response.resume();
      resolve(response.statusCode);
    }).once('error', reject);
  });
  assert.equal(status, 200);
});

test('examples/prometheus.yml asks where the docs say', () => {
  const { scrape_configs: jobs } = parse(read('examples/prometheus.yml'));
  assert.deepEqual(jobs[0].static_configs[0].targets, ['127.0.0.1:9464']);
});

test('OTLP: what is counted reaches a collector, with its headers', async (context) => {
  const received = Promise.withResolvers<{ path: string; body: string; key: string }>();
  const collector = createServer(async (request, response) => {
    let body = '';
    for await (const chunk of request) body += String(chunk);
    response.writeHead(200).end('{}');
    if (request.url === '/v1/metrics') {
      received.resolve({ path: request.url, body, key: String(request.headers['x-key']) });
    }
  }).listen(0, '127.0.0.1');
  await once(collector, 'listening');
  context.after(() => collector.close());
  const address = collector.address();
  assert.ok(address !== null && typeof address === 'object');
  const otlp = `{url: "http://127.0.0.1:${address.port}", intervalMs: 100, headers: {x-key: {value: k}}}`;
  await started(context, `${ON_LOOPBACK}\ntelemetry: {otlp: ${otlp}}`);
  const { body, key } = await received.promise;
  assert.equal(key, 'k');
  const [{ scopeMetrics, resource }] = JSON.parse(body).resourceMetrics;
  assert.deepEqual(resource.attributes[0], { key: 'service.name', value: { stringValue: 'sluice' } });
  const names = scopeMetrics[0].metrics.map(({ name }: { name: string }) => name);
  assert.ok(names.includes('sluice_events_total'));
});

import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { type TestContext, test } from 'node:test';
import { RequestId } from '../../../contract/ids.ts';
import type { RecordOutcome } from '../../../contract/record.ts';
import { MACHINE_CLOCK } from '../../core/approvals/clock.ts';
import { Registry } from '../metrics/registry.ts';
import { aRecord } from '../store/a-record.fixture.ts';
import { spansOf } from './spans.ts';
import { Telemetry } from './telemetry.ts';

const done: RecordOutcome = { status: 'done', sqlState: null, rows: 2, bytes: 9, durationMs: 40 };
const atMs = Date.parse(aRecord(1).at);

test('an action is a trace of what it waited for, what it took to decide and what it ran', () => {
  const asked = (atMs - 60_000).toString(16).padStart(12, '0');
  const request = RequestId.parse(`${asked.slice(0, 8)}-${asked.slice(8)}-7000-8000-000000000000`);
  const approval = { request, by: [], maxRows: null, brokenGlass: false };
  const record = aRecord(1);
  const spans = spansOf({ ...record, decision: { ...record.decision, approval } }, done, 3, false);
  const [root] = spans;
  assert.ok(root !== undefined);
  assert.deepEqual(
    spans.map(({ name, startMs, endMs, parentSpanId }) => [name, startMs - atMs, endMs - atMs, parentSpanId]),
    [
      ['unparsed shop', -60_000, 40, null],
      ['hold', -60_000, -3, root.spanId],
      ['decide', -3, 0, root.spanId],
      ['run', 0, 40, root.spanId],
    ],
  );
  assert.match(root.traceId, /^[0-9a-f]{32}$/);
  assert.ok(!JSON.stringify(spans).includes('select'));
  const [told] = spansOf(record, { ...done, status: 'failed' }, null, true);
  assert.equal(told?.attributes['db.query.text'], record.statement);
  assert.equal(told?.error, 'failed');
  assert.deepEqual(
    spansOf(record, { ...done, status: 'refused' }, null, false).map(({ name }) => name),
    ['unparsed shop'],
  );
});

async function collector(context: TestContext, statuses: number[]) {
  const bodies: string[] = [];
  const server = createServer(async (request, response) => {
    let body = '';
    for await (const chunk of request) body += String(chunk);
    const status = statuses.shift() ?? 200;
    if (status === 200) bodies.push(body);
    response.writeHead(status).end();
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  context.after(() => server.close());
  const address = server.address();
  assert.ok(address !== null && typeof address === 'object');
  return { url: `http://127.0.0.1:${address.port}`, bodies };
}

test('what a collector refused is told again, and said once', async (context) => {
  const { url, bodies } = await collector(context, [503, 503]);
  const told: string[] = [];
  const twice = Promise.withResolvers<void>();
  let wakes = 0;
  const telemetry = new Telemetry({
    config: {
      url,
      headers: {},
      serviceName: 'sluice',
      traces: true,
      metrics: false,
      intervalMs: 100,
      includeStatement: false,
    },
    version: '1',
    registry: new Registry(),
    clock: {
      now: () => new Date(),
      wake: (_ms, call) => {
        wakes += 1;
        if (wakes === 3) twice.resolve();
        return wakes < 3 ? MACHINE_CLOCK.wake(1, call) : () => undefined;
      },
    },
    tell: (line) => told.push(line),
  });
  const record = aRecord(1);
  telemetry.opened(record);
  telemetry.closed(record, done);
  await twice.promise;
  await telemetry.close();
  assert.deepEqual(told, ['Telemetry is not taken: The collector answered 503. It is told again later.']);
  assert.equal(bodies.length, 1);
  const [{ scopeSpans }] = JSON.parse(bodies[0] ?? '').resourceSpans;
  const [root] = scopeSpans[0].spans;
  assert.equal(root.kind, 2);
  assert.equal(root.startTimeUnixNano, `${atMs}000000`);
});

import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type TestContext, test } from 'node:test';
import { SluiceError } from '../../../gateway/contract/error.ts';
import { TargetName } from '../../../gateway/contract/ids.ts';
import { ReplayOrder } from '../../../gateway/contract/policy-endpoints.ts';
import { HttpClient } from '../gateway/http-client.ts';
import { policyRoot } from './policy-root.ts';
import { orderOf, replaySteps } from './steps.ts';

const asking = (read: number) => ({ kind: 'asking', read, changed: 0, backTo: null });
const END = { kind: 'invalid', problems: [{ file: 'a.yaml', line: 1, column: 1, what: 'wröng' }] };
const lines = (...steps: unknown[]) => steps.map((step) => `${JSON.stringify(step)}\n`).join('');

/** A gateway that answers with these pieces, then ends or breaks off. */
async function gateway(
  context: TestContext,
  pieces: readonly Uint8Array[],
  ending: 'end' | 'break' | 'stay',
) {
  const gone = Promise.withResolvers<void>();
  const server = createServer(async (request, response) => {
    request.resume();
    response.on('close', () => gone.resolve());
    response.writeHead(200, { 'content-type': 'application/jsonl' });
    for (const piece of pieces) await new Promise((sent) => response.write(piece, sent));
    if (ending === 'end') response.end();
    if (ending === 'break') response.destroy();
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  context.after(() => {
    server.closeAllConnections();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  const client = new HttpClient({ url: `http://127.0.0.1:${port}`, token: async () => 't' });
  return { client, gone: gone.promise };
}

const order = ReplayOrder.parse({ documents: [] });

test('steps come as the gateway tells them, wherever its lines are cut', async (context) => {
  const bytes = new TextEncoder().encode(lines(asking(1), asking(2), END));
  for (const size of [1, 7, bytes.length]) {
    const pieces = Array.from({ length: Math.ceil(bytes.length / size) }, (_, n) =>
      bytes.subarray(n * size, (n + 1) * size),
    );
    const { client } = await gateway(context, pieces, 'end');
    const steps = [];
    for await (const step of replaySteps(client, order, new AbortController().signal)) steps.push(step);
    assert.deepEqual(steps, [asking(1), asking(2), END]);
  }
});

test('what ends before its end, or is told as failed, is an error that says what to do', async (context) => {
  const why = { code: 'record.unavailable', message: 'The records are away.', next: 'Wait.' };
  const cases = [
    [lines(asking(1)), 'end', 'target.unreachable'],
    [lines(asking(1)), 'break', 'target.unreachable'],
    [lines({ kind: 'failed', error: why }), 'end', 'record.unavailable'],
    [lines({ kind: 'strange' }), 'end', 'contract.mismatch'],
  ] as const;
  for (const [text, ending, code] of cases) {
    const { client } = await gateway(context, [Buffer.from(text)], ending);
    const run = async () => {
      for await (const _ of replaySteps(client, order, new AbortController().signal));
    };
    await assert.rejects(
      run,
      (error) => error instanceof SluiceError && error.code === code && error.next !== '',
    );
  }
});

test('who cancels is no longer asked for', async (context) => {
  const { client, gone } = await gateway(context, [Buffer.from(lines(asking(1)))], 'stay');
  const giveUp = new AbortController();
  const run = async () => {
    for await (const _ of replaySteps(client, order, giveUp.signal)) giveUp.abort();
  };
  await assert.rejects(run);
  await gone;
});

test('a span begins so long ago; all of it has no begin', () => {
  const now = new Date('2026-03-31T12:00:00Z');
  const choice = { targets: [] as TargetName[], against: 'inForce' as const, dryRun: true };
  assert.deepEqual(orderOf({ ...choice, span: 'week' }, [], now), {
    documents: [],
    against: 'inForce',
    dryRun: true,
    limit: 1_000_000,
    examples: 500,
    since: '2026-03-24T12:00:00.000Z',
  });
  assert.equal(orderOf({ ...choice, span: 'all' }, [], now).since, undefined);
  const shop = TargetName.parse('shop');
  assert.deepEqual(orderOf({ ...choice, span: 'day', targets: [shop] }, [], now).targets, [shop]);
});

test('a policy’s folder is where files are called as those in force, or as its name says', () => {
  const inForce = ['access.yaml', 'masks/pii.yaml'];
  const folders = [
    { path: '/w/rules/masks', hits: 0 },
    { path: '/w/rules', hits: 2 },
    { path: '/w', hits: 0 },
  ];
  const byName = { kind: 'file', path: '/w/rules/masks/pii.yaml' } as const;
  assert.deepEqual(policyRoot({ inForce, folders, byName }), { kind: 'folder', path: '/w/rules' });
  assert.deepEqual(policyRoot({ inForce: [], folders, byName }), byName);
  assert.deepEqual(policyRoot({ inForce: ['a.yaml'], folders: [{ path: '/w', hits: 1 }], byName }), byName);
  const elsewhere = folders.map(({ path }) => ({ path, hits: 0 }));
  assert.deepEqual(policyRoot({ inForce, folders: elsewhere, byName }), byName);
});

import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { mkdtempSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { setImmediate } from 'node:timers/promises';
import { z } from 'zod';
import { onlySummary } from '../../../contract/impact.ts';
import { ASK, draft } from '../../api/a-draft.fixture.ts';
import { person } from '../../api/api.fixture.ts';
import type { WebhookConfig } from '../../config.ts';
import { Secret } from '../../core/access/secret.ts';
import { MemoryRequests, TestClock } from '../../core/approvals/approvals.fixture.ts';
import { Approvals, type Clock } from '../../core/approvals/approvals.ts';
import type { Documents } from '../../core/documents/documents.ts';
import { memoryDocuments } from '../identity/testing.fixture.ts';
import { openStore } from '../store/store.ts';
import { openWebhooks } from './webhooks.ts';

const ANA = person('ana', ['developers']);
const DORA = { principal: person('dora', ['dba']), groups: ['dba'] };
const SECRET = 'a secret of the test';
const Message = z.looseObject({
  delivery: z.string(),
  event: z.string(),
  summary: z.string(),
  link: z.string(),
});

type Received = { body: string; headers: IncomingMessage['headers'] };

/** Takes messages one by one, and answers what the test says; 200 when it says nothing. */
async function receiver(context: TestContext) {
  const received: Received[] = [];
  const waiting: Array<(one: Received) => void> = [];
  const answers: Array<(response: ServerResponse) => void> = [];
  const server = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk) => {
      body += String(chunk);
    });
    request.on('end', () => {
      const answer = answers.shift();
      if (answer === undefined) response.end('{"approve": true}');
      else answer(response);
      const one = { body, headers: request.headers };
      const taker = waiting.shift();
      if (taker === undefined) received.push(one);
      else taker(one);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  context.after(() => server.close());
  const next = (): Promise<Received> => {
    const one = received.shift();
    return one === undefined ? new Promise((resolve) => waiting.push(resolve)) : Promise.resolve(one);
  };
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}/hook`, next, received, answers };
}

/** A clock that tells when something waits for it, so that a test moves it only then. */
class WatchedClock extends TestClock {
  readonly #waits = new Map<number, () => void>();

  override wake(afterMs: number, call: () => void): () => void {
    const taken = super.wake(afterMs, call);
    this.#waits.get(afterMs)?.();
    return taken;
  }

  /** Resolves once somebody waits for so long. To be called before. */
  waitFor(ms: number): Promise<void> {
    return new Promise((resolve) => this.#waits.set(ms, resolve));
  }
}

function hook(url: string, changes: Partial<WebhookConfig> = {}): WebhookConfig {
  return {
    name: 'on-call',
    url: new Secret(url),
    secret: new Secret(SECRET),
    format: 'sluice',
    events: ['made', 'decided', 'lapsed', 'brokenGlass'],
    includeStatement: false,
    ...changes,
  };
}

function bench(...hooks: WebhookConfig[]) {
  return benchOver(memoryDocuments(), hooks);
}

/** With the gateway's own store on disk. */
async function benchOnDisk(context: TestContext, ...hooks: WebhookConfig[]) {
  const dir = mkdtempSync(join(tmpdir(), 'sluice-hooks-'));
  const store = await openStore({ dir, onFailure: () => undefined });
  context.after(() => store.close());
  return benchOver(store.documents, hooks);
}

function benchOver(documents: Documents, hooks: WebhookConfig[]) {
  // The store forgets what has expired by the machine's clock.
  const clock = new WatchedClock(new Date().toISOString());
  const requests = new MemoryRequests();
  const approvals = new Approvals(requests, clock);
  const open = (over: Approvals = approvals, to: WebhookConfig[] = hooks) =>
    opened(over, to, documents, clock);
  const settled = async () => {
    while ((await documents.list('webhook-deliveries')).length > 0) await setImmediate();
  };
  return { clock, requests, approvals, open, settled };
}

/** An address where nobody answers. */
async function closedPort(): Promise<string> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return `http://127.0.0.1:${port}/hidden`;
}

function opened(approvals: Approvals, hooks: WebhookConfig[], documents: Documents, clock: Clock) {
  return openWebhooks({
    hooks,
    documents,
    approvals,
    clock,
    linkTo: (id) => `https://sluice.example/requests/${id}`,
    fault: assert.ifError,
  });
}

const read = ({ body }: Received) => Message.parse(JSON.parse(body));

test('what is made and decided is posted, signed, without the statement', async (context) => {
  const { url, next, received } = await receiver(context);
  const { clock, approvals, open } = bench(hook(url));
  const webhooks = await open();
  const made = await approvals.ask({ ...draft(ANA, 'a secret note'), reason: 'wrong note' });
  clock.pass(3000);
  const first = await next();
  const { event, summary, link, delivery } = read(first);
  assert.deepEqual([event, link], ['made', `https://sluice.example/requests/${made.id}`]);
  assert.equal(summary, 'ana asks dba for a statement on shop. Reason: wrong note');
  assert.doesNotMatch(first.body, /secret note|update customers/);
  assert.equal(first.headers['sluice-delivery'], delivery);
  const [, time, digest] =
    /^t=(\d+),v1=([0-9a-f]{64})$/.exec(String(first.headers['sluice-signature'])) ?? [];
  assert.equal(Number(time), Math.floor(clock.now().getTime() / 1000));
  assert.equal(digest, createHmac('sha256', SECRET).update(`${time}.${first.body}`).digest('hex'));
  // What it answered ("approve": true) decides nothing.
  assert.equal(approvals.get(made.id)?.status, 'pending');
  await approvals.act(made.id, { act: 'deny', effect: made.effect, reason: 'no WHERE' }, DORA);
  const second = read(await next());
  assert.deepEqual(
    [second.event, second.summary],
    ['decided', 'dora denied (no WHERE) a statement on shop of ana.'],
  );
  assert.notEqual(second.delivery, delivery);
  await webhooks.close();
  assert.deepEqual(received, []);
});

test('the first message waits for what the request would do, and not for long', async (context) => {
  const { url, next } = await receiver(context);
  const { approvals, open } = bench(hook(url, { includeStatement: true }));
  const webhooks = await open();
  const { id } = await approvals.ask(draft(ANA, 'one'));
  await approvals.describe(id, { ...IMPACT, summary: 'Changes 3 rows.' });
  const { body } = await next();
  assert.match(body, /ana asks dba for a statement on shop\. Changes 3 rows\./);
  assert.equal(JSON.parse(body).request.statement, "update customers set note = 'one' where id = 1");
  await webhooks.close();
});

test('glass that is broken and requests that lapse are told; what one does not want to hear is not', async (context) => {
  const { url, next, received } = await receiver(context);
  const { clock, approvals, open } = bench(hook(url, { events: ['lapsed', 'brokenGlass'] }));
  const webhooks = await open();
  const urgent = await approvals.ask(draft(ANA, 'urgent', [{ ...ASK, breakGlass: ['developers'] }]));
  await approvals.act(urgent.id, { act: 'breakGlass', reason: 'fire' }, { principal: ANA, groups: [] });
  assert.match(
    read(await next()).summary,
    /ana ran a statement on shop without approval\. Reason: fire dba must review/,
  );
  await approvals.act(urgent.id, { act: 'review', reason: '' }, DORA);
  await approvals.ask(draft(ANA, 'late'));
  clock.pass(900_000);
  assert.equal(read(await next()).event, 'lapsed');
  await webhooks.close();
  assert.deepEqual(received, []);
});

test('Slack gets a text and a link; what people wrote neither mentions nor links', async (context) => {
  const { url, next } = await receiver(context);
  const { clock, approvals, open } = bench(hook(url, { format: 'slack', secret: undefined }));
  const webhooks = await open();
  const { id } = await approvals.ask({
    ...draft(ANA, 'one'),
    reason: '<!channel> & <https://evil.example|go>',
  });
  clock.pass(3000);
  const { body, headers } = await next();
  assert.deepEqual(JSON.parse(body), {
    text: `ana asks dba for a statement on shop. Reason: &lt;!channel&gt; &amp; &lt;https://evil.example|go&gt;\n<https://sluice.example/requests/${id}|Open the request>`,
  });
  assert.equal(headers['sluice-signature'], undefined);
  await webhooks.close();
});

test('what is not taken is tried again, ever more slowly, with the same id and a new signature', async (context) => {
  const { url, next, answers } = await receiver(context);
  const { clock, approvals, open } = bench(hook(url));
  const webhooks = await open();
  answers.push(
    (response) => void response.writeHead(500).end(),
    (response) => void response.writeHead(302, { location: url }).end(),
  );
  await approvals.ask(draft(ANA, 'one'));
  const fiveSeconds = clock.waitFor(5000);
  clock.pass(3000);
  const first = await next();
  await fiveSeconds;
  const tenSeconds = clock.waitFor(10_000);
  clock.pass(5000);
  const second = await next();
  await tenSeconds;
  clock.pass(10_000);
  const third = await next();
  assert.equal(second.body, first.body);
  assert.equal(third.body, first.body);
  assert.notEqual(second.headers['sluice-signature'], first.headers['sluice-signature']);
  await webhooks.close();
  assert.deepEqual(await webhooks.deadLetters(), []);
});

test('what nobody takes becomes a dead letter that says why, and not where', async () => {
  const { clock, approvals, open } = bench(hook(await closedPort(), { events: ['made'] }));
  const webhooks = await open();
  const request = await approvals.ask(draft(ANA, 'one'));
  let scheduled = clock.waitFor(5000);
  clock.pass(3000);
  for (let tries = 1; tries < 16; tries += 1) {
    await scheduled;
    const waitMs = Math.min(3_600_000, 5000 * 2 ** (tries - 1));
    scheduled = clock.waitFor(Math.min(3_600_000, waitMs * 2));
    clock.pass(waitMs);
  }
  let letters = await webhooks.deadLetters();
  while (letters.length === 0) {
    await setImmediate();
    letters = await webhooks.deadLetters();
  }
  const [letter] = letters;
  assert.deepEqual([letter?.webhook, letter?.request, letter?.tries], ['on-call', request.id, 16]);
  assert.match(letter?.why ?? '', /can not be reached \(ECONNREFUSED\)/);
  assert.doesNotMatch(JSON.stringify(letter), /hidden/);
  await webhooks.close();
});

test('a restart loses nothing: what waited is tried again, what happened meanwhile is told', async (context) => {
  const { url, next, received } = await receiver(context);
  const { clock, requests, approvals, open, settled } = await benchOnDisk(context, hook(await closedPort()));
  const before = await open();
  const one = await approvals.ask(draft(ANA, 'one'));
  const refused = clock.waitFor(5000);
  clock.pass(3000);
  await refused;
  await before.close();
  await approvals.act(one.id, { act: 'deny', effect: one.effect, reason: 'no' }, DORA);
  const two = await approvals.ask(draft(ANA, 'two'));
  approvals.close();
  clock.pass(5000);
  const reopened = await Approvals.open(requests, clock);
  const after = await open(reopened, [hook(url)]);
  clock.pass(3000);
  const told = [await next(), await next(), await next()].map((message) => read(message).delivery);
  assert.deepEqual(told.sort(), [`${one.id}.decided`, `${one.id}.made`, `${two.id}.made`].sort());
  // A delivery that was taken, and whose answer is cut off, is made again.
  await settled();
  await after.close();
  const again = await open(reopened, [hook(url)]);
  await again.close();
  assert.deepEqual(received, []);
});

const IMPACT = onlySummary('');

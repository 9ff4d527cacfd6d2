import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { Snapshot } from './catalogue/snapshot.ts';
import { type Ask, WorkerHost } from './worker-host.ts';

const empty = Snapshot.parse(Object.fromEntries(Object.keys(Snapshot.shape).map((name) => [name, []])));
const lesson: Ask = { ask: 'learn', target: 't', version: 'v', snapshot: empty, beside: [] };
const question: Ask = { ask: 'selectList', request: { text: 'select 1' } as never };

/** Workers of which the first so many die of their first question. */
function hostAfter(context: TestContext, deaths: number, onDeath?: (why: string) => void): WorkerHost {
  let starts = 0;
  const lessons = () => (starts++ < deaths ? [] : [lesson]);
  const host = new WorkerHost(
    new URL('./dying-worker.fixture.ts', import.meta.url),
    lessons,
    10_000,
    onDeath,
  );
  context.after(() => host.close());
  return host;
}

test('who was at work when a worker died is asked again, for it may not have been the reason', async (context) => {
  const told: string[] = [];
  const host = hostAfter(context, 1, (why) => told.push(why));
  const replies = await Promise.all([host.ask(question), host.ask(question)]);
  assert.deepEqual(
    replies.map((reply) => reply?.kind),
    ['outline', 'outline'],
  );
  assert.deepEqual(told, ['it exited']);
});

test('who was at work when two died is answered by nothing, and who waited behind it is', async (context) => {
  const host = hostAfter(context, 2);
  assert.equal(await host.ask(question), null);
  assert.equal((await host.ask(question))?.kind, 'outline');
});

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { AnalyseRequest, Analysis } from '../../sql/engine.ts';
import { cancelRequest } from './testing/cancel-request.ts';
import { clientParts } from './testing/client-parts.ts';
import { type Lab, openLab } from './testing/lab.ts';
import { PlainEngine } from './testing/plain-engine.ts';

/** A cancel that comes while the gateway still looks at what was sent cancels it all the same. */

const SLEEPS = 'select pg_sleep(20)';
/** A text that was seen is not looked at again. */
const OTHER = `${SLEEPS} as slept`;

/** Says when it is asked about a statement that sleeps, and answers when it is told to. */
class AwaitedEngine extends PlainEngine {
  #asked: () => void = () => undefined;
  #answer: Promise<void> = Promise.resolve();

  /** `during` runs while the next statement that sleeps is looked at. */
  next(during: () => Promise<void>): Promise<void> {
    const asked = new Promise<void>((resolve) => {
      this.#asked = resolve;
    });
    this.#answer = asked.then(during);
    return this.#answer;
  }

  override async analyse(request: AnalyseRequest): Promise<Analysis> {
    if (request.text.includes(SLEEPS)) {
      this.#asked();
      await this.#answer;
    }
    return super.analyse(request);
  }
}

const engine = new AwaitedEngine();
let lab: Lab;
before(async () => {
  lab = await openLab({}, engine);
});
after(() => lab?.close());

for (const [way, query] of [
  ['a simple Query', SLEEPS],
  ['a pipeline', { name: 'sleeps', text: OTHER }],
  ['a text of several statements', `set statement_timeout = 0; ${SLEEPS}`],
] as const) {
  test(`${way} that is being looked at is cancelled`, async () => {
    const client = await lab.client();
    const { processId, secretKey } = clientParts(client);
    const cancelled = engine.next(() => cancelRequest(lab.port, processId, secretKey));
    await assert.rejects(client.query(query), { code: '57014' });
    await cancelled;
    // It was meant for that one alone.
    assert.deepEqual((await client.query('select 1 as one')).rows, [{ one: 1 }]);
    await client.end();
  });
}

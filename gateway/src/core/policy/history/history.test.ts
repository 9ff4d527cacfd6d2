import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { PolicyVersion } from '../../../../contract/ids.ts';
import { openStore } from '../../../adapters/store/store.ts';
import { PolicyHistory } from './history.ts';

async function newHistory(
  context: TestContext,
): Promise<{ history: PolicyHistory; again: () => PolicyHistory }> {
  const dir = await mkdtemp(join(tmpdir(), 'sluice-history-'));
  const store = await openStore({ dir });
  context.after(async () => {
    await store.close();
    await rm(dir, { recursive: true, force: true });
  });
  let at = Date.UTC(2026, 0, 1);
  const parts = {
    documents: store.documents,
    // Two in the same millisecond.
    now: () => {
      at += 0.5;
      return new Date(at);
    },
    originOf: async () => ({ by: 'Ana Ruiz <ana@shop.example>', reason: 'as committed' }),
  };
  return { history: new PolicyHistory(parts), again: () => new PolicyHistory(parts) };
}

const [one, two] = ['a'.repeat(64), 'b'.repeat(64)].map((hex) => PolicyVersion.parse(hex));
const rules = (text: string) => ({ file: 'rules.yaml', text });

test('what came into force is kept with its files, what changed, who and why', async (context) => {
  assert.ok(one !== undefined && two !== undefined);
  const { history, again } = await newHistory(context);
  await history.activated(one, [rules('one'), { file: 'tags.yaml', text: 'tags' }]);
  await history.activated(two, [rules('# reason: Cards are hidden (PCI).\ntwo')]);
  const [newest, first] = await history.list();
  assert.deepEqual(
    [newest?.version, newest?.before, newest?.changed, newest?.reason, newest?.by],
    [two, one, ['rules.yaml', 'tags.yaml'], 'Cards are hidden (PCI).', 'Ana Ruiz <ana@shop.example>'],
  );
  assert.deepEqual([first?.version, first?.before, first?.reason], [one, null, 'as committed']);
  assert.deepEqual((await again().find('aaaaaa'))?.files, [
    rules('one'),
    { file: 'tags.yaml', text: 'tags' },
  ]);
  assert.equal(await history.find('c'), null);
  assert.equal(await history.find(''), null);
});

test('a gateway that starts again with the same policy begins nothing new', async (context) => {
  assert.ok(one !== undefined && two !== undefined);
  const { history, again } = await newHistory(context);
  await history.activated(one, [rules('one')]);
  assert.equal(await again().activated(one, [rules('one')]), null);
  await Promise.all([history.activated(two, [rules('two')]), history.activated(one, [rules('one')])]);
  assert.deepEqual(
    (await history.list()).map(({ version }) => version),
    [one, two, one],
  );
});

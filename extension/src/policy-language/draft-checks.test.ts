import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SluiceError } from '../../../gateway/contract/error.ts';
import type { DraftReport } from '../../../gateway/contract/policy-draft.ts';
import { type Check, DraftChecks, type DraftChecksOptions } from './draft-checks.ts';

const SOUND: DraftReport = { version: null, problems: [], expectations: null };

/** Checks whose answers the test gives, and the next that is shown. */
function checks(part: Partial<DraftChecksOptions> = {}) {
  let shown = Promise.withResolvers<Check | null>();
  const all = new DraftChecks({
    read: async () => [{ file: 'a.yaml', text: 'version: 1' }],
    unasked: () => null,
    ask: async () => SOUND,
    onChange: (root) => shown.resolve(all.of(root)),
    pauseMs: 0,
    ...part,
  });
  const next = async () => {
    const check = await shown.promise;
    shown = Promise.withResolvers();
    return check;
  };
  return { all, next };
}

test('a draft is judged once its writer pauses', async () => {
  const { all, next } = checks();
  all.changed('a');
  all.changed('a');
  assert.equal(all.of('a')?.kind, 'checking');
  assert.deepEqual(await next(), { kind: 'checked', report: SOUND });
});

test('one question at a time, and an answer about a former text is not shown', async () => {
  const answers = [Promise.withResolvers<DraftReport>(), Promise.withResolvers<DraftReport>()];
  const asked = Promise.withResolvers<void>();
  let count = 0;
  const { all, next } = checks({
    ask: async () => {
      count += 1;
      asked.resolve();
      return (answers[count - 1] ?? assert.fail('asked too often')).promise;
    },
  });
  all.changed('a');
  await asked.promise;
  all.changed('a');
  all.changed('a');
  assert.equal(count, 1);
  const former = { file: 'a.yaml', line: 1, column: 1, what: 'former' };
  answers[0]?.resolve({ ...SOUND, problems: [former] });
  answers[1]?.resolve(SOUND);
  assert.deepEqual(await next(), { kind: 'checked', report: SOUND });
  assert.equal(count, 2);
});

test('without a gateway it says why it was not judged, and a refusal is shown as it says', async () => {
  let why: string | null = 'sign in first.';
  const { all, next } = checks({
    unasked: () => (why === null ? null : { why, needsSignIn: true }),
    ask: async () => {
      throw new SluiceError('identity.forbidden', 'Only admins may ask.', 'Ask one of them.');
    },
  });
  all.changed('a');
  assert.deepEqual(await next(), { kind: 'notChecked', why: 'sign in first.', needsSignIn: true });
  why = null;
  all.askAgain();
  assert.deepEqual(await next(), {
    kind: 'notChecked',
    why: 'Only admins may ask. Ask one of them.',
    needsSignIn: false,
  });
});

test('what nobody looks at any more is not asked for', async () => {
  const asked = Promise.withResolvers<AbortSignal>();
  const { all } = checks({
    ask: async (_, signal) => {
      asked.resolve(signal);
      return new Promise<never>(() => undefined);
    },
  });
  all.changed('a');
  const signal = await asked.promise;
  all.close('a');
  assert.ok(signal.aborted);
  assert.equal(all.of('a'), null);
});

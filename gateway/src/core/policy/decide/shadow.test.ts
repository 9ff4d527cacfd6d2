import assert from 'node:assert/strict';
import { test } from 'node:test';
import { person, policyOf, question, shop } from '../a-question.fixture.ts';

const rule = (id: string, rest: string) =>
  `  - { id: ${id}, owner: dba, who: everyone, because: why, ${rest} }\n`;
const ALL = rule('all', 'on: everything, doing: anything, then: allow');
const TRIED = `on: { columns: [email] }, then: { mask: { method: redact } }, dryRun: true`;
const reads = { reads: ['customers'], disclosed: ['customers.email'] };

test('a rule on trial reports what it would change, and changes nothing', () => {
  const policy = policyOf(`version: 1\nrules:\n${ALL}${rule('mails', TRIED)}`);
  const { decision } = policy.decide(question(person(['dev']), reads));
  assert.deepEqual([decision.outcome, decision.masks], ['allow', []]);
  assert.deepEqual(decision.shadow, {
    outcome: 'mask',
    sentence: 'Allowed, with 1 column masked by rule mails of dba: customers.email.',
    changes: [{ kind: 'maskAdded', detail: 'public.customers.email: clear → redact', rules: ['mails'] }],
  });
  const other = policy.decide(question(person(['dev']), { reads: ['orders'] }));
  assert.equal(other.decision.shadow, undefined);
});

test('an allow on trial opens nothing, and a condition on trial that fails is found before it bites', () => {
  const opening = policyOf(
    `version: 1\nrules:\n${rule('open', 'on: everything, doing: anything, then: allow, dryRun: true')}`,
  );
  const { decision } = opening.decide(question(person(['dev']), reads));
  assert.deepEqual([decision.outcome, decision.shadow?.outcome], ['block', 'allow']);
  assert.equal(opening.mayUse(person(['dev']), shop), false);
  const failing = `on: everything, doing: anything, when: claims.level > 1, then: block, dryRun: true`;
  const policy = policyOf(`version: 1\nrules:\n${ALL}${rule('odd', failing)}`);
  const { decision: runs } = policy.decide(question(person(['dev']), reads));
  assert.equal(runs.outcome, 'allow');
  assert.deepEqual(runs.shadow?.changes, [{ kind: 'nowBlocked', detail: '', rules: ['odd'] }]);
  assert.match(runs.shadow?.sentence ?? '', /could not be evaluated/);
});

test('a policy is asked as if its rules on trial were in force', () => {
  const policy = policyOf(`version: 1\nrules:\n${ALL}${rule('mails', TRIED)}`).onTrial();
  const { decision } = policy.decide(question(person(['dev']), reads));
  assert.deepEqual([decision.outcome, decision.shadow], ['mask', undefined]);
});

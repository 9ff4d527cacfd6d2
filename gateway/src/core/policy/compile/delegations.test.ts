import assert from 'node:assert/strict';
import { test } from 'node:test';
import { PrincipalId } from '../../../../contract/ids.ts';
import { person, policyOf, tryPolicy } from '../a-question.fixture.ts';

const RULES = `
rules:
  - { id: r, owner: o, who: everyone, on: everything, doing: [delete], then: { approve: { by: [dba] } }, because: b }
`;

function delegating(lines: Record<string, string> = {}): string {
  const all = {
    group: 'dba',
    to: '[lea@shop.example]',
    from: '2026-12-20',
    until: '2027-01-05',
    owner: 'o',
    because: 'holidays',
    ...lines,
  };
  const body = Object.entries(all).map(([key, value]) => `${key}: ${value}`);
  return `version: 1\ndelegations:\n  - { ${body.join(', ')} }${RULES}`;
}

const LEA = person(['leads'], { id: PrincipalId.parse('person:lea@shop.example') });
const during = new Date('2026-12-24T12:00:00Z');

test('who stands in for a group may approve for it too, from the first day to the end of the last', () => {
  const policy = policyOf(delegating());
  const groupsAt = (moment: string) => policy.groupsToApprove(LEA, new Date(moment));
  assert.deepEqual(groupsAt('2026-12-19T23:59:59.999Z'), ['leads']);
  assert.deepEqual(groupsAt('2026-12-20T00:00:00Z'), ['leads', 'dba']);
  assert.deepEqual(groupsAt('2027-01-05T23:59:59.999Z'), ['leads', 'dba']);
  assert.deepEqual(groupsAt('2027-01-06T00:00:00Z'), ['leads']);
});

test('a moment is taken as it stands, with its offset', () => {
  const policy = policyOf(delegating({ from: '2026-12-24T08:00+01:00', until: '2026-12-24T13:00Z' }));
  const groupsAt = (moment: string) => policy.groupsToApprove(LEA, new Date(moment));
  assert.deepEqual(groupsAt('2026-12-24T06:59:59Z'), ['leads']);
  assert.deepEqual(groupsAt('2026-12-24T07:00:00Z'), ['leads', 'dba']);
  assert.deepEqual(groupsAt('2026-12-24T13:00:00Z'), ['leads']);
});

test('nobody else, and neither a service nor an agent of that name', () => {
  const policy = policyOf(delegating());
  for (const somebody of [
    person(['leads']),
    { ...LEA, kind: 'agent' as const },
    { ...LEA, kind: 'service' as const },
    { ...LEA, id: PrincipalId.parse('service:lea@shop.example') },
  ]) {
    assert.deepEqual(policy.groupsToApprove(somebody, during), ['leads']);
  }
});

test('a group that only lifts masks can be stood in for too', () => {
  const mask =
    '  - { id: m, owner: o, who: everyone, on: { columns: [email] }, then: { mask: { method: redact }, unmask: { by: [privacy] } }, because: b }\n';
  assert.ok(!Array.isArray(tryPolicy(delegating({ group: 'privacy' }) + mask)));
  assert.ok(Array.isArray(tryPolicy(delegating({ group: 'privacy' }))));
});

test('what does not fit says what to write', () => {
  const told = (lines: Record<string, string>, expected: RegExp) => {
    const problems = tryPolicy(delegating(lines));
    assert.ok(Array.isArray(problems), 'it compiled');
    assert.match(problems.join('\n'), expected);
  };
  told({ group: 'dbas' }, /no rule asks the group "dbas" for approval; did you mean "dba"\?/);
  told({ to: '["*@shop.example"]' }, /name people one by one/);
  told({ to: '["service:ci"]' }, /only people approve/);
  told({ to: '[]' }, /the list of people is empty/);
  told({ until: '2026-12-19' }, /it ends before it begins/);
  told({ from: '2026-02-30' }, /write a day, such as 2026-12-20/);
  told({ from: 'tomorrow' }, /write a day/);
  told({ because: '""' }, /the reason is empty/);
});

test('a delegation is part of what the policy is', () => {
  assert.notEqual(policyOf(delegating()).version, policyOf(`version: 1${RULES}`).version);
});

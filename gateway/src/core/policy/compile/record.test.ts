import assert from 'node:assert/strict';
import { test } from 'node:test';
import { TargetName } from '../../../../contract/ids.ts';
import { policyOf, shop, tryPolicy } from '../a-question.fixture.ts';

const scratch = { ...shop, name: TargetName.parse('scratch'), labels: { env: 'test' } };
const DEFAULTS = { maxRows: 100, maxBytes: 65_536, constants: 'keep' };

test('a policy that says nothing of records keeps a hundred rows, 64 KiB and constants', () => {
  assert.deepEqual(policyOf('version: 1\n').recordingFor(shop), DEFAULTS);
});

test('what stands without targets is about all of them', () => {
  const policy = policyOf('version: 1\nrecord: { answers: { rows: 1000 }, constants: hide }\n');
  for (const target of [shop, scratch])
    assert.deepEqual(policy.recordingFor(target), { ...DEFAULTS, maxRows: 1000, constants: 'hide' });
});

test('of everything that is about a target the strictest holds, across files and whatever the order', () => {
  const general = 'version: 1\nrecord: { answers: { rows: 50, bytes: 1000 } }\n';
  const here = `version: 1
record:
  - { on: { labels: { env: production } }, answers: { rows: 0 }, constants: hide }
  - { on: { targets: [scr*] }, answers: { rows: 500, bytes: 10 }, constants: keep }
`;
  for (const policy of [policyOf(general, here), policyOf(here, general)]) {
    assert.deepEqual(policy.recordingFor(shop), { maxRows: 0, maxBytes: 1000, constants: 'hide' });
    assert.deepEqual(policy.recordingFor(scratch), { maxRows: 50, maxBytes: 10, constants: 'keep' });
  }
  assert.notEqual(policyOf(general).version, policyOf(here).version);
});

test('mistakes in it are told where they stand', () => {
  assert.deepEqual(tryPolicy('version: 1\nrecord: { answers: { rows: -1 }, constants: no }\n'), [
    '1.yaml:2:28: a number of rows is 0 or more',
    '1.yaml:2:45: write keep or hide',
  ]);
  assert.deepEqual(tryPolicy('version: 1\nrecord:\n  - { on: { target: [shop] } }\n'), [
    '1.yaml:3:13: "target" is not known here; did you mean "targets"? Known are targets, labels',
  ]);
});

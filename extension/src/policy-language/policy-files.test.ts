import assert from 'node:assert/strict';
import { test } from 'node:test';
import { belongsTo, isForeign, kindOfFile, nameIn, rootOf } from './policy-files.ts';

test('files are told apart by their names', () => {
  const kinds = Object.fromEntries(
    [
      'policy.yaml',
      'a/shop.policy.yml',
      'policy/masks.yaml',
      'policy/team/a.test.yaml',
      'policy.test.yaml',
      'x.policy.test.yml',
      'policy/README.md',
      'values.yaml',
      'policy-old/a.yaml',
      'mypolicy.yaml',
    ].map((path) => [path, kindOfFile(path)]),
  );
  assert.deepEqual(kinds, {
    'policy.yaml': 'policy',
    'a/shop.policy.yml': 'policy',
    'policy/masks.yaml': 'policy',
    'policy/team/a.test.yaml': 'tests',
    'policy.test.yaml': 'tests',
    'x.policy.test.yml': 'tests',
    'policy/README.md': null,
    'values.yaml': null,
    'policy-old/a.yaml': null,
    'mypolicy.yaml': null,
  });
});

test('a folder called policy is one draft; elsewhere a file is, with its own expectations', () => {
  const folder = rootOf('/home/ana/repo/policy/team/policy/a.yaml', '/home/ana');
  assert.deepEqual(folder, { kind: 'folder', path: '/home/ana/repo/policy' });
  assert.equal(nameIn(folder, '/home/ana/repo/policy/team/a.yaml'), 'team/a.yaml');
  assert.ok(belongsTo('/home/ana/repo/policy/x.yml', folder));
  assert.ok(!belongsTo('/home/ana/repo/policy-2/x.yml', folder));
  const above = rootOf('/srv/policy/repo/shop.policy.yaml', '/srv/policy');
  assert.deepEqual(above, { kind: 'file', path: '/srv/policy/repo/shop.policy.yaml' });
  const one = rootOf('/repo/shop.policy.test.yaml');
  assert.deepEqual(one, { kind: 'file', path: '/repo/shop.policy.yaml' });
  const beside = [
    'shop.policy.yaml',
    'shop.policy.yml',
    'shop.policy.test.yaml',
    'other.policy.yaml',
    'shop.yaml',
  ];
  assert.deepEqual(
    beside.filter((name) => belongsTo(`/repo/${name}`, one)),
    ['shop.policy.yaml', 'shop.policy.yml', 'shop.policy.test.yaml'],
  );
});

test('policies of others are left alone', () => {
  assert.ok(isForeign('apiVersion: kyverno.io/v1\nkind: ClusterPolicy\n'));
  assert.ok(isForeign('# yaml-language-server: $schema=https://json.schemastore.org/x.json\n'));
  assert.ok(!isForeign('# yaml-language-server: $schema=../../docs/policy.schema.json\nversion: 1\n'));
  assert.ok(!isForeign(''));
});

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { PrincipalId, TargetName } from '../../../contract/ids.ts';
import type { Impact } from '../../../contract/impact.ts';
import type { Principal } from '../../../contract/principal.ts';
import type { Target } from '../../../contract/target.ts';
import { compilePolicy } from '../policy/compile/compile-policy.ts';
import { readDocument } from '../policy/language/read.ts';
import type { Policy } from '../policy/policy.ts';
import { sampleFor } from './sample.ts';

const POLICY = `
version: 1
rules:
  - { id: phones, owner: o, who: { groups: [leads] }, on: { columns: [phone] }, then: { mask: { method: redact } }, because: b }
  - { id: own, owner: o, who: { groups: [regional] }, on: { tables: [customers] }, then: { rows: "region = 'EU'" }, because: b }
  - { id: open, owner: o, who: { groups: [support, leads, regional] }, on: everything, doing: [select], then: allow, because: b }
`;

function policyOf(yaml: string): Policy {
  const read = readDocument('policy.yaml', yaml);
  if (read.kind === 'invalid') throw new Error(JSON.stringify(read.problems));
  const compilation = compilePolicy([read.read]);
  if (compilation.kind === 'invalid') throw new Error(JSON.stringify(compilation.problems));
  return compilation.policy;
}

const SHOP: Target = { name: TargetName.parse('shop'), kind: 'postgres', labels: {} };
const of = (column: string) => [{ schema: 'public', relation: 'customers', column }];
const SAMPLE: Impact['sample'] = {
  columns: ['id', 'phone', 'region'],
  rows: [
    ['1', '+49 1', 'EU'],
    ['2', null, 'US'],
  ],
  origins: ['id', 'phone', 'region'].map(of),
};

function somebody(name: string, group: string): Principal {
  const id = PrincipalId.parse(`person:${name}`);
  return { id, kind: 'person', name, groups: [group], claims: {}, epoch: 1 };
}

const ANA = somebody('ana', 'support');

function shown(reader: Principal, sample: Impact['sample'] = SAMPLE, target: Target | null = SHOP) {
  const impact = { sample } as Impact;
  const requester = { id: ANA.id, name: ANA.name, kind: ANA.kind, groups: ANA.groups };
  return sampleFor({ requester, impact }, reader, target, policyOf(POLICY), new Date(0));
}

test('who decides is shown no value that rules mask for them, though its requester sees it', () => {
  assert.deepEqual(shown(somebody('bo', 'leads'))?.rows, [
    ['1', '(masked for you)', 'EU'],
    ['2', null, 'US'],
  ]);
  assert.deepEqual(shown(somebody('carl', 'support')), SAMPLE);
});

test('the requester sees what was made for them, and nobody sees rows that they might not read', () => {
  assert.deepEqual(shown(ANA, SAMPLE, null), SAMPLE);
  assert.equal(shown(somebody('rita', 'regional')), null);
  assert.equal(shown(somebody('nia', 'none')), null);
  assert.equal(shown(somebody('bo', 'leads'), SAMPLE, null), null);
  assert.equal(shown(somebody('bo', 'leads'), { columns: ['phone'], rows: [['1']] }), null);
});

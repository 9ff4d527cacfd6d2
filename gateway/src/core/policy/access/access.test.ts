import assert from 'node:assert/strict';
import { test } from 'node:test';
import { PrincipalId } from '../../../../contract/ids.ts';
import type { Subject } from '../../../../contract/policy-access.ts';
import { person, policyOf, shop } from '../a-question.fixture.ts';
import { whatReport, whoReport } from './reports.ts';

const policy = policyOf(`version: 1
tags: { shop.public.*.ssn: [pii] }
rules:
  - { id: read, owner: dba, who: { groups: [dev, dba] }, on: { schemas: [public] }, doing: [select], then: allow, because: They look. }
  - { id: ssn-hidden, owner: dpo, who: everyone, except: { groups: [dba] }, on: { tags: [pii] }, then: { mask: { method: redact } }, because: Private. }
  - { id: audits, owner: dpo, who: { groups: [audit] }, on: { tables: [customers] }, doing: [select], then: { approve: { by: [dpo] } }, because: Rarely. }
  - { id: office, owner: dpo, who: { groups: [sales] }, on: { tables: [customers] }, doing: [select], when: 'network != "editor"', then: allow, because: In the office. }
  - { id: contractors, owner: dpo, who: { groups: [dba], claims: { contract: external } }, on: { tags: [pii] }, doing: [select], then: block, because: Outsiders. }
  - { id: north, owner: sales, who: { groups: [audit] }, on: { tables: [customers] }, then: { rows: "region = claims.region" }, because: Regions. }
`);
const place = { schema: 'public', relation: 'customers', columns: ['ssn'], doing: 'select' } as const;
const name = (subject: Subject): string => (subject.kind === 'others' ? 'others' : subject.name);

test('who sees a column is told by group, with the rules and the conditions that remain', () => {
  const { subjects } = whoReport(policy, shop, place, []);
  const told = subjects.map(({ subject, access }) => [
    name(subject),
    access.outcome,
    access.masks.map(({ mask }) => mask).join(),
    access.approval,
    access.rules.map(({ id }) => id).join(),
    access.conditions.map(({ id, when }) => `${id} when ${when}`).join(),
  ]);
  assert.deepEqual(told, [
    ['audit', 'masked', 'redact', 'dpo', 'audits,ssn-hidden,north', ''],
    ['dba', 'clear', '', null, 'read', 'contractors when they are in dba, with contract external'],
    ['dev', 'masked', 'redact', null, 'read,ssn-hidden', ''],
    ['sales', 'onlyWhen', 'redact', null, 'ssn-hidden', 'office when network != "editor"'],
    ['others', 'no', '', null, '', ''],
  ]);
});

test('people are counted by what they see, with the claims that they have', () => {
  const people = [
    person(['dba'], { id: PrincipalId.parse('person:dana'), name: 'Dana' }),
    person(['dba'], { id: PrincipalId.parse('person:eli'), name: 'Eli', claims: { contract: 'external' } }),
    person(['dev']),
    person(['audit'], { id: PrincipalId.parse('person:al'), name: 'Al', claims: { region: 'north' } }),
  ];
  const report = whoReport(policy, shop, place, people);
  assert.deepEqual(report.people, { clear: 1, masked: 2, onlyWhen: 0, no: 1, afterApproval: 1 });
  const al = report.subjects.find(({ subject }) => name(subject) === 'Al');
  assert.deepEqual(al?.access.rows, ["region = 'north'"]);
});

test('what somebody may do is told by rule, and for each relation', () => {
  const relations = [
    { schema: 'public', relation: 'customers', columns: ['id', 'ssn'] },
    { schema: 'hr', relation: 'people', columns: ['id'] },
  ];
  const report = whatReport(policy, shop, person(['dev']), relations);
  assert.deepEqual(
    report.rules.map(({ id, does, who, about }) => [id, does, who, about]),
    [
      ['read', 'allow', 'in dev, dba', 'select on schemas public'],
      ['ssn-hidden', 'mask: redact', 'everyone but in dba', 'on tags pii'],
    ],
  );
  assert.deepEqual(report.relations, [
    {
      schema: 'public',
      relation: 'customers',
      doing: { select: 'yes', insert: 'no', update: 'no', delete: 'no' },
      masked: ['ssn: redact'],
    },
    {
      schema: 'hr',
      relation: 'people',
      doing: { select: 'no', insert: 'no', update: 'no', delete: 'no' },
      masked: [],
    },
  ]);
});

import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { CatalogueNames, DraftReport, PolicyNames, TouchReport } from '../../contract/policy-draft.ts';
import type { PolicyFile } from '../../contract/policy-endpoints.ts';
import { aRecord } from '../adapters/store/a-record.fixture.ts';
import { person, policyOf, question } from '../core/policy/a-question.fixture.ts';
import { DraftThread } from '../policy-drafts/drafts.ts';
import { SHOP, type TestApi, targetOf, testApi } from './api.fixture.ts';

const POLICY = `version: 1
tags: { shop.public.*.email: [email] }
rules:
  - { id: read, owner: dba, who: { groups: [dev] }, on: { targets: [shop], tables: ["c*"] }, doing: [select], then: allow, because: They may. }
  - { id: mails, owner: dpo, who: everyone, on: { tags: [email] }, then: { mask: { method: redact } }, because: Private. }
`;
const TESTS = `version: 1
targets: { shop: { tables: { customers: [id, email] } } }
people: { dev: { groups: [dev] } }
tests:
  - { who: dev, on: shop, sql: select id from customers, expect: runs }
  - { who: dev, on: shop, sql: select email from customers, expect: allow }
`;

function posted(body: unknown): RequestInit {
  return { method: 'POST', body: JSON.stringify(body), headers: { 'content-type': 'application/json' } };
}

/** The shop has customers and orders; Ana of `dev` deleted once. */
async function draftApi(context: TestContext, limits?: ConstructorParameters<typeof DraftThread>[0]) {
  const policyDrafts = new DraftThread(limits);
  context.after(() => policyDrafts.close());
  const relation = (name: string) => ({
    name,
    kind: 'table' as const,
    columns: ['id', 'email'].map((column) => ({
      name: column,
      type: 'text',
      nullable: true,
      primaryKey: false,
      masked: null,
    })),
  });
  const schemas = [
    {
      name: 'public',
      relations: [relation('customers'), relation('orders')],
      functions: [{ name: 'order_total', arguments: 'integer', returns: 'numeric' }],
    },
  ];
  const shop = { ...targetOf(SHOP), catalogue: async () => ({ version: 'v7', schemas }) };
  const api = await testApi(context, undefined, undefined, {
    policyDrafts,
    targets: new Map([[SHOP, shop]]),
  });
  const ana = person(['dev']);
  const put = question(ana, { kind: 'delete', writes: { orders: 'delete' } });
  const { facts, network, columns, through, target } = put;
  const asked = { principal: ana, labels: target.labels, network, columns, through };
  api.records.push(aRecord(1, { facts, decision: policyOf(POLICY).decide(put).decision, question: asked }));
  return api;
}

async function checked(api: TestApi, documents: PolicyFile[]): Promise<DraftReport> {
  const { status, body } = await api.get('/v1/policy/check', 'audrey', posted({ documents }));
  assert.equal(status, 200, JSON.stringify(body));
  return DraftReport.parse(body);
}

test('a draft is judged as the loader judges it, and its expectations are asked', async (context) => {
  const api = await draftApi(context);
  const sound = await checked(api, [
    { file: 'shop.yaml', text: POLICY },
    { file: 'shop.test.yaml', text: TESTS },
  ]);
  assert.equal(sound.version, policyOf(POLICY).version);
  assert.deepEqual(sound.problems, []);
  assert.equal(sound.expectations?.asked, 2);
  const [unmet] = sound.expectations?.unmet ?? [];
  assert.deepEqual([unmet?.file, unmet?.line], ['shop.test.yaml', 6]);
  assert.deepEqual(unmet?.differences, [{ what: 'outcome', expected: 'allow', actual: 'mask' }]);

  const broken = await checked(api, [
    { file: 'shop.yaml', text: POLICY.replace('tags: [email]', 'tags: [emial]') },
    { file: 'shop.test.yaml', text: TESTS.replace('who: dev', 'who: dave') },
  ]);
  assert.equal(broken.version, null);
  assert.equal(broken.expectations, null);
  assert.deepEqual(
    broken.problems.map(({ file, line }) => [file, line]),
    [
      ['shop.yaml', 5],
      ['shop.test.yaml', 5],
    ],
  );
});

test('aliases that stand for too much are a problem like any other', async (context) => {
  const api = await draftApi(context);
  const bomb = `version: 1\na: &a [x, x, x, x, x, x, x, x, x, x]\n${[...'bcdefghij']
    .map((name, at) => `${name}: &${name} [${Array(10).fill(`*${'abcdefghi'[at]}`).join(', ')}]`)
    .join('\n')}\n`;
  const { problems } = await checked(api, [{ file: 'bomb.yaml', text: bomb }]);
  assert.match(problems[0]?.what ?? '', /alias/);
});

test('a draft that takes too long is refused in words, and the next one is judged', async (context) => {
  const api = await draftApi(context, { maxAnswerMs: 1, idleMs: 1000 });
  const documents = [{ file: 'shop.yaml', text: POLICY }];
  const { status, body } = await api.get('/v1/policy/check', 'audrey', posted({ documents }));
  assert.equal(status, 400);
  assert.match(JSON.stringify(body), /takes too long/);
});

test('a rule, a pattern and a tag are told with what they are about now', async (context) => {
  const api = await draftApi(context);
  const touches = async (...path: (string | number)[]) => {
    const documents = [{ file: 'shop.yaml', text: POLICY }];
    const asked = posted({ documents, file: 'shop.yaml', path });
    return TouchReport.parse((await api.get('/v1/policy/touches', 'audrey', asked)).body);
  };
  assert.deepEqual(await touches('rules', 0), {
    kind: 'touches',
    targets: [
      { target: 'shop', kind: 'postgres', relations: 1, columns: null, examples: ['public.customers'] },
    ],
    people: { count: 1, of: 1, examples: ['Ana Ruiz'] },
    decided: { count: 1, isMore: false, days: 30 },
  });
  const tagged = await touches('rules', 1, 'on', 'tags', 0);
  assert.ok(tagged.kind === 'touches');
  assert.deepEqual(tagged.targets?.[0]?.examples, ['public.customers.email', 'public.orders.email']);
  assert.equal(tagged.people, null);
  const pattern = await touches('tags', 'shop.public.*.email');
  assert.ok(pattern.kind === 'touches');
  assert.equal(pattern.targets?.[0]?.columns, 2);
  const group = await touches('rules', 0, 'who', 'groups', 0);
  assert.ok(group.kind === 'touches');
  assert.deepEqual([group.targets, group.people?.count], [null, 1]);
  const groups = Array.from({ length: 6000 }, (_, at) => `g${at}`).join(', ');
  const text = POLICY.replace('groups: [dev]', `groups: [${groups}]`);
  const asked = posted({ documents: [{ file: 'a.yaml', text }], file: 'a.yaml', path: ['rules', 0] });
  const { body } = await api.get('/v1/policy/touches', 'audrey', asked);
  assert.match(JSON.stringify(body), /more than can be looked through at once/);
  assert.equal((await touches('rules', 9)).kind, 'unreadable');
  assert.equal((await touches('version')).kind, 'unreadable');
});

test('names of targets, groups, people and catalogues are told to those who keep the policy', async (context) => {
  const api = await draftApi(context);
  const names = PolicyNames.parse((await api.get('/v1/policy/names', 'audrey')).body);
  assert.deepEqual(
    names.targets.map(({ name }) => name),
    ['shop'],
  );
  assert.deepEqual(names.groups, ['admins', 'auditors', 'dev']);
  assert.deepEqual(
    names.people.map(({ name }) => name),
    ['Ana Ruiz'],
  );
  const shop = CatalogueNames.parse((await api.get('/v1/policy/names/shop', 'audrey')).body);
  assert.ok(shop.kind === 'names');
  assert.deepEqual(shop.schemas[0]?.relations[1], { name: 'orders', columns: ['id', 'email'] });
  assert.deepEqual((await api.get('/v1/policy/names/shop?known=v7', 'audrey')).body, { kind: 'unchanged' });
  assert.equal((await api.get('/v1/policy/names/nowhere', 'audrey')).status, 404);
});

test('nobody else is told anything', async (context) => {
  const api = await draftApi(context);
  const documents = [{ file: 'shop.yaml', text: POLICY }];
  const asked = posted({ documents, file: 'shop.yaml', path: ['rules', 0] });
  for (const [path, init] of [
    ['/v1/policy/check', asked],
    ['/v1/policy/touches', asked],
    ['/v1/policy/names', {}],
    ['/v1/policy/names/shop', {}],
  ] as const) {
    assert.equal((await api.get(path, 'ana', init)).status, 403, path);
  }
});

import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { stringify } from 'yaml';
import type { ExitCode } from './command.ts';
import { run } from './run.ts';

const POLICY = `version: 1
tags: { shop.public.*.email: [email] }
rules:
  - { id: read, owner: dba, who: { groups: [dev] }, on: { labels: { env: prod } }, doing: [select], then: allow, because: They may. }
  - { id: mails, owner: dpo, who: everyone, on: { tags: [email] }, then: { mask: { method: token } }, because: Private. }
  - { id: logs, owner: ops, who: { groups: [dev] }, on: { paths: ["/var/log/**"], accounts: [deploy] }, doing: [readFile], then: { approve: { by: [ops, leads] } }, because: Logs. }
  - { id: uptime, owner: ops, who: { groups: [dev] }, on: { programs: [uptime] }, doing: [run], then: allow, because: Harmless. }
`;
const WORLD = `version: 1
targets:
  shop: { labels: { env: prod }, tables: { customers: [id, email] } }
  web-1: { kind: ssh, accounts: [deploy] }
  web-2: { kind: ssh, shell: audit }
people:
  dev: { groups: [dev] }
  guest: {}
`;

async function sluice(...args: string[]): Promise<{ exit: ExitCode; out: string; said: string }> {
  const told = { out: [] as string[], said: [] as string[] };
  const exit = await run(args, {
    environment: {},
    out: (text) => void told.out.push(text),
    say: (text) => void told.said.push(text),
    stopped: new Promise(() => undefined),
  });
  return { exit, out: told.out.join('\n'), said: told.said.join('\n') };
}

async function folderWith(context: TestContext, files: Record<string, string>): Promise<string> {
  const dir = await mkdtemp(join(tmpdir(), 'sluice-policy-test-'));
  context.after(() => rm(dir, { recursive: true, force: true }));
  for (const [name, text] of Object.entries(files)) await writeFile(join(dir, name), text);
  return dir;
}

test('expectations of every kind are asked by the real parser, and those that are met are silent', async (context) => {
  const dir = await folderWith(context, {
    'policy.yaml': POLICY,
    'all.test.yaml': `${WORLD}tests:
  - { who: dev, on: shop, sql: "select id, lower(email) from customers", expect: { masks: { customers.email: token, customers.id: clear } } }
  - { who: dev, on: shop, sql: "select count(*) from customers where email like 'a%'", expect: runs }
  - { who: [dev, guest], on: shop, sql: "delete from customers", expect: block }
  - { who: dev, on: shop, sql: "selec", expect: { outcome: block, says: syntax error } }
  - { who: dev, on: shop, sql: "select * from nowhere", expect: { says: relation nowhere is not in the catalogue } }
  - { who: dev, on: web-1, run: uptime, expect: allow }
  - { who: dev, on: web-1, run: "uptime; reboot", expect: { outcome: block, says: run reboot } }
  - { who: dev, on: web-1, run: "uptime < /var/log/shop/today.log", expect: { outcome: approve, by: [leads, ops] } }
  - { who: dev, on: web-1, run: "for x in 1 2; do uptime; done > $HOME/x", expect: block }
  - { who: dev, on: web-2, run: "for x in $(uptime); do uptime; done", expect: allow }
  - { who: dev, on: web-2, run: "for x in $(reboot); do uptime; done", expect: { says: run reboot } }
  - { who: dev, on: web-1, does: { readFile: /etc/shadow }, expect: block }
  - { who: { groups: [dev] }, on: web-1, does: { readFile: /var/log/x }, as: root, expect: block }
  - who: dev
    on: shop
    facts: { protocol: sql, kind: select, node: SelectStmt, readOnly: true, hasWhere: null, reads: [{ schema: public, relation: customers }], writes: [], disclosed: [{ schema: public, relation: customers, column: email }], conditions: [], functions: [], settings: [], unknowns: [] }
    expect: { masks: { customers.email: token } }
`,
  });
  assert.deepEqual(await sluice('policy', 'test', dir), {
    exit: 0,
    out: '',
    said: '15 expectations, all met.',
  });
});

test('what is not as expected is told with its place, both sides and the sentence', async (context) => {
  const dir = await folderWith(context, {
    'policy.yaml': POLICY,
    'some.test.yaml': `${WORLD}tests:
  - name: mails are private
    who: dev
    on: shop
    sql: select email from customers
    expect: { outcome: allow, masks: { customers.email: domain }, rules: [nobody], says: Blocked }
  - { who: guest, on: shop, sql: select id from customers, expect: block }
`,
  });
  const { exit, out, said } = await sluice('policy', 'test', dir);
  assert.equal(exit, 1);
  assert.equal(said, '1 of 2 expectations is not met.');
  assert.deepEqual(out.trimEnd().split('\n'), [
    `${join(dir, 'some.test.yaml')}:10:5: mails are private (dev on shop: select email from customers)`,
    '  - outcome: allow',
    '  + outcome: mask',
    '  - customers.email: domain',
    '  + customers.email: token',
    '  - rules: nobody',
    '  + rules: mails, read',
    '  - says: …Blocked…',
    '  + says: Allowed, with 1 column masked by rule mails of dpo: customers.email.',
    '  Allowed, with 1 column masked by rule mails of dpo: customers.email.',
  ]);
});

test('mistakes in expectations are told where they stand', async (context) => {
  const dir = await folderWith(context, {
    'policy.yaml': POLICY,
    'policy.test.yaml': `${WORLD}tests:
  - { who: dve, on: shop, sql: select 1, expect: block }
  - { who: dev, on: web-1, sql: select 1, expect: block }
  - { who: dev, on: shpo, sql: select 1, expect: block }
`,
  });
  const { exit, said } = await sluice('policy', 'test', join(dir, 'policy.yaml'));
  const file = join(dir, 'policy.test.yaml');
  assert.equal(exit, 1);
  assert.deepEqual(said.split('\n').slice(1, 4), [
    `${file}:10:12: "dve" does not stand in "people"; did you mean "dev"?`,
    `${file}:11:21: web-1 is a host; write run or does`,
    `${file}:12:21: "shpo" does not stand in "targets"; did you mean "shop"?`,
  ]);
});

test('a policy without expectations, or of another file, is no success', async (context) => {
  const dir = await folderWith(context, {
    'policy.yaml': POLICY,
    'other.test.yaml': `${WORLD}tests: []\n`,
  });
  const { exit, said } = await sluice('policy', 'test', join(dir, 'policy.yaml'));
  assert.equal(exit, 1);
  assert.match(said, /There are no expectations for/);
});

test('the expectations of examples/policy are met', async () => {
  const { exit, out } = await sluice(
    'policy',
    'test',
    fileURLToPath(new URL('../../../examples/policy', import.meta.url)),
  );
  assert.equal(exit, 0, out);
});

test('500 expectations take less than two seconds, with slack for a busy machine', async (context) => {
  const tests = Array.from({ length: 500 }, (_, n) => ({
    who: n % 2 === 0 ? 'dev' : 'guest',
    on: 'shop',
    sql: `select id, email, ${n} as n from customers where id = '${n}' and lower(email) > 'x${n}'`,
    expect: n % 2 === 0 ? 'mask' : 'block',
  }));
  const dir = await folderWith(context, {
    'policy.yaml': POLICY,
    'many.test.yaml': `${WORLD}${stringify({ tests })}`,
  });
  const startedMs = performance.now();
  const { exit, said } = await sluice('policy', 'test', dir);
  const tookMs = performance.now() - startedMs;
  assert.deepEqual([exit, said], [0, '500 expectations, all met.']);
  context.diagnostic(`500 expectations: ${Math.round(tookMs)} ms`);
  assert.ok(tookMs < 6_000, `${Math.round(tookMs)} ms`);
});

test('a name that is too long is told with its place', async (context) => {
  const dir = await folderWith(context, {
    'policy.yaml': POLICY,
    'all.test.yaml': `${WORLD.replace('guest: {}', `guest: { user: ${'a'.repeat(201)} }`)}tests:
  - { who: guest, on: shop, sql: select 1, expect: block }
`,
  });
  const { exit, said } = await sluice('policy', 'test', dir);
  assert.equal(exit, 1);
  assert.match(said, /all\.test\.yaml:8:/);
  assert.doesNotMatch(said, /ZodError/);
});

test('the name that somebody has in the file may be too long too, and somebody without one is in many groups', async (context) => {
  const groups = Array.from({ length: 30 }, (_, n) => `group-number-${n}`);
  const inAll = `{ who: { groups: [${groups.join(', ')}] }, on: shop, sql: select 1, expect: block }`;
  const dir = await folderWith(context, {
    'policy.yaml': POLICY,
    'all.test.yaml': `${WORLD}tests:\n  - ${inAll}\n`,
    'long.test.yaml': `${WORLD.replace('guest: {}', `${'a'.repeat(201)}: {}`)}tests: [${inAll}]\n`,
  });
  const met = await sluice('policy', 'test', dir, '--tests', join(dir, 'all.test.yaml'));
  assert.deepEqual([met.exit, met.said], [0, '1 expectation, all met.']);
  const long = await sluice('policy', 'test', dir, '--tests', join(dir, 'long.test.yaml'));
  assert.match(long.said, /long\.test\.yaml:8:.*192 characters/);
});

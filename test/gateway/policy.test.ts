import assert from 'node:assert/strict';
import { cpSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { CoverageReport } from '../../gateway/contract/coverage.ts';
import { WhatReport, WhoReport } from '../../gateway/contract/policy-access.ts';
import { PolicyActivation } from '../../gateway/contract/policy-endpoints.ts';
import { ReplayReport } from '../../gateway/contract/policy-replay.ts';
import { run } from '../../gateway/src/cli/run.ts';
import { Channel, type GovernedShop, governedShop, Person } from './gateway.fixture.ts';

/** Policies tried on what really ran, by the command line of an auditor. */

const EXAMPLE = new URL('../../examples/policy', import.meta.url).pathname;
const policy = join(mkdtempSync(join(tmpdir(), 'sluice-gateway-policy-')), 'policy');
let shop: GovernedShop;
before(async () => {
  cpSync(EXAMPLE, policy, { recursive: true });
  shop = await governedShop('', policy);
  audrey = new Person('audrey@shop.example', shop.gateway);
  const channel = new Channel(shop.gateway, await new Person('ana@shop.example', shop.gateway).token());
  await channel.run('select name, phone from customers limit 1');
  await channel.run('select name, phone from customers limit 2');
  await channel.run('select from');
  channel.socket.close();
});
after(() => shop.close());

let audrey: Person;

async function json(...args: string[]): Promise<unknown> {
  const { exit, out } = await audrey.sluice([...args, '--json']);
  assert.equal(exit, 0);
  return JSON.parse(out);
}

/** The example with another rule in a file of its own. */
function candidateWith(rule: string): string {
  const folder = mkdtempSync(join(tmpdir(), 'sluice-candidate-'));
  cpSync(EXAMPLE, folder, { recursive: true });
  writeFileSync(join(folder, 'more.yaml'), `version: 1\nrules:\n  - ${rule}\n`);
  return folder;
}

const hideNames = (more = '') =>
  `{ id: names-hidden, owner: dpo, who: everyone, on: { columns: [customers.name] }, then: { mask: { method: redact } }, because: Names are personal${more} }`;

test('a candidate is replayed against what ran, by the gateway and on its data folder', async () => {
  const candidate = candidateWith(hideNames());
  const asked = ReplayReport.parse(await json('policy', 'replay', candidate));
  assert.deepEqual(asked.changes, { maskAdded: 2 });
  assert.deepEqual(
    [asked.groups.length, asked.groups[0]?.count, asked.groups[0]?.examples.length],
    [1, 2, 2],
  );
  assert.equal(asked.groups[0]?.detail, 'public.customers.name: clear → redact');
  const read = await json('policy', 'replay', candidate, '--data-dir', shop.dataDir);
  assert.deepEqual(ReplayReport.parse(read).changes, { maskAdded: 2 });
  const tried = candidateWith(hideNames(', dryRun: true'));
  assert.equal(ReplayReport.parse(await json('policy', 'replay', tried)).changed, 0);
  assert.equal(ReplayReport.parse(await json('policy', 'replay', tried, '--dry-run')).changed, 2);
});

test('who sees a column, and what Ana may do, are told of people who did something', async () => {
  const who = WhoReport.parse(await json('policy', 'who', 'shop', 'customers', 'phone'));
  assert.deepEqual(who.people, { clear: 0, masked: 1, onlyWhen: 0, no: 0, afterApproval: 0 });
  for (const nothing of [['nowhere'], ['customers', 'nothing']]) {
    assert.equal((await audrey.sluice(['policy', 'who', 'shop', ...nothing])).exit, 1);
  }
  const table = WhoReport.parse(await json('policy', 'who', 'shop', 'public.customers', '--doing', 'delete'));
  const developers = table.subjects.find(
    ({ subject }) => subject.kind === 'group' && subject.name === 'developers',
  );
  assert.equal(developers?.access.approval, 'dba');
  const { relations, rules } = WhatReport.parse(await json('policy', 'what', 'ana@shop.example', 'shop'));
  assert.ok(rules.some(({ id }) => id === 'developers-read'));
  const customers = relations?.find(({ relation }) => relation === 'customers');
  assert.equal(customers?.doing.select, 'yes');
  assert.ok(customers?.masked.includes('phone: token'));
});

test('what could not be parsed stands in the ledger of coverage', async () => {
  const { targets } = CoverageReport.parse(await json('coverage'));
  assert.deepEqual(
    targets.map(({ target, ran, uninspected, gaps }) => [
      target,
      ran,
      uninspected,
      gaps.map(({ gap }) => gap),
    ]),
    [['shop', 2, 0, ['notParsed']]],
  );
});

test('a described database takes the place of tables in expectations', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'sluice-described-'));
  const config = join(folder, 'gateway.yaml');
  writeFileSync(
    config,
    `listen: {http: 127.0.0.1:0, postgres: 127.0.0.1:0}
dataDir: ${folder}
policy: ${EXAMPLE}
targets: [{name: shop, url: {env: SHOP_URL}, labels: {environment: production}}]
`,
  );
  const described: string[] = [];
  const exit = await run(['target', 'describe', 'shop', '--config', config], {
    environment: { SHOP_URL: shop.sample.gatewayUrl() },
    stopped: new Promise(() => undefined),
    out: (text) => void described.push(text),
    say: () => undefined,
  });
  assert.equal(exit, 0);
  const tests = join(folder, 'described.test.yaml');
  writeFileSync(
    tests,
    `version: 1
${described.join('\n')}
people: { developer: { groups: [developers] } }
tests:
  - { who: developer, on: shop, sql: select * from rich_orders, expect: { masks: { rich_orders.email: domain } } }
  - { who: developer, on: shop, sql: "select sum(salary) from employees", expect: { masks: { employees.salary: "null" } } }
`,
  );
  assert.equal((await audrey.sluice(['policy', 'test', EXAMPLE, '--tests', tests])).exit, 0);
});

test('a changed policy is a version with its reason, and the one before is restored', async () => {
  const file = join(policy, 'more.yaml');
  writeFileSync(file, `# reason: Names are personal data.\nversion: 1\nrules:\n  - ${hideNames()}\n`);
  const [newest, first] = await untilThereAre(2);
  assert.deepEqual([newest?.reason, newest?.changed], ['Names are personal data.', ['more.yaml']]);
  assert.equal(newest?.before, first?.version);
  const shown = await audrey.sluice(['policy', 'show', newest?.version.slice(0, 8) ?? '']);
  assert.match(shown.out, /^# --- more.yaml$/m);
  const restore = ['policy', 'restore', first?.version ?? '', '--policy', policy];
  assert.deepEqual(await audrey.sluice(restore), { exit: 0, out: `remove ${file}` });
  assert.match(readFileSync(file, 'utf8'), /names-hidden/);
  await audrey.sluice([...restore, '--apply']);
  const [again] = await untilThereAre(3);
  assert.equal(again?.version, first?.version);
});

async function untilThereAre(count: number): Promise<PolicyActivation[]> {
  for (;;) {
    const activations = PolicyActivation.array().parse(await json('policy', 'history'));
    if (activations.length >= count) return activations;
  }
}

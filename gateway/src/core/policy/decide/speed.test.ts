import assert from 'node:assert/strict';
import { test } from 'node:test';
import { stringify } from 'yaml';
import { person, policyOf, question } from '../a-question.fixture.ts';

const RULES = 200;
const MAX_MICROSECONDS = 200;

test(`a decision by ${RULES} rules takes less than ${MAX_MICROSECONDS} µs, on a busy machine too`, (context) => {
  const policy = policyOf(stringify({ version: 1, rules: Array.from({ length: RULES }, (_, n) => rule(n)) }));
  const columns = Array.from({ length: 30 }, (_, n) => `customers.c${n}`);
  const put = question(person(['developers', 'g1', 'g2', 'g3']), {
    reads: ['customers', 'orders'],
    disclosed: [...columns, 'customers.email'],
  });
  assert.equal(policy.decide(put).decision.outcome, 'mask');
  // The best of many batches is what the code costs; the others are what else the machine did.
  const best = Math.min(
    ...Array.from({ length: 30 }, () => microseconds(200, () => policy.decide({ ...put }))),
  );
  context.diagnostic(`${best.toFixed(1)} µs`);
  assert.ok(best < MAX_MICROSECONDS, `${best} µs`);
});

function microseconds(times: number, run: () => unknown): number {
  const start = process.threadCpuUsage();
  for (let n = 0; n < times; n++) run();
  const { user, system } = process.threadCpuUsage(start);
  return (user + system) / times;
}

function rule(n: number): Record<string, unknown> {
  const groups = [`g${n % 40}`, n % 7 === 0 ? 'developers' : `other${n}`];
  const common = { id: `r${n}`, owner: 'o', because: 'b', who: { groups } };
  const on = { targets: ['s*'], tables: [`public.t${n}*`, 'customers', 'orders'] };
  const outcomes = [
    { on, doing: ['select'], ...follows('allow') },
    { on: { columns: [`*.c${n}`, 'email'] }, ...follows({ mask: { method: 'redact' } }) },
    { on, doing: ['delete'], ...follows('block') },
    { on, doing: ['update'], ...follows({ approve: { by: ['dba'] } }) },
    { on, doing: ['select'], when: 'statement.kind == "select" && network != "x"', ...follows('allow') },
  ];
  return { ...common, ...outcomes[n % outcomes.length] };
}

function follows(then: unknown): Record<string, unknown> {
  return Object.fromEntries([['then', then]]);
}

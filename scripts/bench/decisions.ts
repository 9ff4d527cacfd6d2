import { stringify } from 'yaml';
import { person, policyOf, question } from '../../gateway/src/core/policy/a-question.fixture.ts';
import { type Spread, spreadOf } from './statistics.ts';

const RULES = 200;
const TIMES = 20_000;

/** How long a decision takes by a policy of 200 rules about a statement that discloses 31 columns. */
export function benchDecision(): Spread {
  const rules = Array.from({ length: RULES }, (_, n) => rule(n));
  const policy = policyOf(stringify({ version: 1, rules }));
  const columns = Array.from({ length: 30 }, (_, n) => `customers.c${n}`);
  const put = question(person(['developers', 'g1', 'g2', 'g3']), {
    reads: ['customers', 'orders'],
    disclosed: [...columns, 'customers.email'],
  });
  const decide = () => policy.decide({ ...put }).decision.outcome;
  for (let n = 0; n < TIMES / 10; n++) decide();
  return spreadOf(
    Array.from({ length: TIMES }, () => {
      const start = performance.now();
      const outcome = decide();
      const us = (performance.now() - start) * 1000;
      if (outcome !== 'mask') throw new Error(`decided ${outcome}`);
      return us;
    }),
  );
}

/** Rules of every kind; few of them count for the question. */
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

/** The policy language's word is one that a literal should not have. */
function follows(then: unknown): Record<string, unknown> {
  return Object.fromEntries([['then', then]]);
}

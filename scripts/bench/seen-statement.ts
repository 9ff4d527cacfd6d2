import { SessionId } from '../../gateway/contract/ids.ts';
import { approvalsInMemory } from '../../gateway/src/core/approvals/approvals.fixture.ts';
import { type Action, type GovernServices, govern } from '../../gateway/src/core/flow/govern.ts';
import { PlanCache } from '../../gateway/src/core/flow/plan-cache.ts';
import { SeenPlans } from '../../gateway/src/core/flow/seen-plans.ts';
import { facts, person, policyOf, shop } from '../../gateway/src/core/policy/a-question.fixture.ts';
import { type Spread, spreadOf } from './statistics.ts';

const TIMES = 50_000;
const BATCH = 50;

/** Decision, grant and record of a statement that was seen before, with a recorder that keeps nothing. */
export async function benchSeenStatement(): Promise<Spread> {
  const policy = policyOf(
    'version: 1\nrules: [{id: r, owner: o, who: everyone, on: everything, doing: [select], then: allow, because: b}]',
  );
  const ana = person(['developers']);
  const services: GovernServices<string> = {
    approvals: approvalsInMemory(),
    policy: { current: () => policy, onChange: () => () => undefined },
    recorder: {
      open: () => ({ durable: async () => undefined }),
      close: async () => undefined,
      keep: async () => undefined,
      note: async () => undefined,
    },
    plans: new PlanCache(100),
    now: () => new Date(),
  };
  const action: Action = {
    session: {
      id: SessionId.parse('bench'),
      surface: 'postgres',
      principal: { current: () => ana, onRevoked: () => () => undefined },
      target: shop,
      network: '10.0.0.1',
    },
    statement: 'select * from orders where id = $1',
    facts: facts({ reads: ['orders'] }),
    unparsed: null,
    columns: [],
    through: [],
    planKey: 'key',
  };
  const seen = new SeenPlans<string>();
  const once = () => govern(action, async () => ({ kind: 'enforced', payload: 'sql' }), services, seen);
  for (let n = 0; n < BATCH * 40; n++) await once();
  const batches = Array.from({ length: TIMES / BATCH }, () => {
    const start = performance.now();
    for (let n = 0; n < BATCH; n++) void once();
    return ((performance.now() - start) * 1000) / BATCH;
  });
  return spreadOf(batches);
}

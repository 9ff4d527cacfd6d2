import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { type ColumnMask, type Decision, type Outcome, strictness } from '../../gateway/contract/decision.ts';
import type { Policy } from '../../gateway/src/core/policy/policy.ts';
import { Replay } from '../../gateway/src/core/policy/replay/replay.ts';
import {
  allowRule,
  anyRule,
  askRule,
  blockRule,
  compile,
  type Draft,
  maskRule,
  question,
  rowRule,
  rules,
} from './random-policy.ts';

/** The decider's laws, over random policies and questions. */

const RUNS = { numRuns: 200 };
const STRICTNESS: Record<Outcome, number> = { allow: 0, mask: 1, approve: 2, block: 3 };

function law(name: string, property: fc.IRawProperty<unknown>): void {
  test(name, () => fc.assert(property, RUNS));
}

const ALLOW = { who: 'everyone', except: undefined, on: 'everything', doing: 'anything', when: undefined };

const ask = (drafts: readonly Draft[], put: Parameters<ReturnType<typeof compile>['decide']>[0]): Decision =>
  compile(drafts).decide(put).decision;

/** What a decision says, without what depends on the policy's version. */
const gist = ({ policyVersion: _, ...rest }: Decision): unknown => rest;

const isOpen = (decision: Decision): boolean => decision.outcome !== 'block';

law(
  'a policy without rules blocks',
  fc.property(question, (put) => ask([], put).outcome === 'block'),
);

law(
  'masks and blocks alone open nothing',
  fc.property(fc.array(fc.oneof(maskRule, blockRule)), question, (drafts, put) => !isOpen(ask(drafts, put))),
);

law(
  'the order of rules means nothing',
  fc.property(rules, fc.infiniteStream(fc.nat()), question, (drafts, order, put) => {
    const shuffled = drafts
      .map((draft) => ({ draft, at: order.next().value ?? 0 }))
      .toSorted((a, b) => a.at - b.at)
      .map(({ draft }) => draft);
    assert.deepEqual(ask(shuffled, put), ask(drafts, put));
  }),
);

law(
  'a decision is a function of policy and question',
  fc.property(rules, question, (drafts, put) => {
    const policy = compile(drafts);
    const first = policy.decide(put);
    policy.masksOn(put.principal, put.target, { schema: 'public', relation: 'customers' }, ['email'], put.at);
    assert.deepEqual(policy.decide(structuredClone(put)), first);
    assert.deepEqual(policy.decide(put), first);
    assert.deepEqual(compile(drafts).decide(put), first);
  }),
);

law(
  'the strictest wins: a decision is as strict as each rule that counted',
  fc.property(rules, question, (drafts, put) => {
    const { outcome, rules: counted } = ask(drafts, put);
    for (const rule of counted) assert.ok(STRICTNESS[rule.outcome] <= STRICTNESS[outcome]);
  }),
);

law(
  'adding a block never opens anything',
  fc.property(rules, blockRule, question, (drafts, block, put) => {
    assert.ok(STRICTNESS[ask([...drafts, block], put).outcome] >= STRICTNESS[ask(drafts, put).outcome]);
  }),
);

law(
  'a block about everything blocks, whatever else stands there',
  fc.property(rules, question, (drafts, put) => {
    const block = { owner: 'o', because: 'b', who: 'everyone', on: 'everything', doing: 'anything' };
    return !isOpen(ask([...drafts, { ...block, ...Object.fromEntries([['then', 'block']]) }], put));
  }),
);

law(
  'adding an allow never lifts a block that a rule asked for, nor an ask, nor a mask',
  fc.property(rules, allowRule, question, (drafts, allow, put) => {
    const before = ask(drafts, put);
    const after = ask([...drafts, allow], put);
    if (before.outcome === 'block' && before.rules.length > 0) assert.equal(after.outcome, 'block');
    if (isOpen(before) && isOpen(after)) {
      assert.equal(after.outcome, before.outcome);
      assert.deepEqual(after.masks, before.masks);
      assert.deepEqual(after.rows, before.rows);
      assert.deepEqual(after.asks, before.asks);
    }
  }),
);

law(
  'adding an ask lets nothing run but what is open to whoever may use the target',
  fc.property(rules, askRule, question, (drafts, asked, put) => {
    const before = ask(drafts, put);
    const after = ask([...drafts, asked], put);
    if (after.outcome === 'approve' || after.outcome === 'block') return;
    if (before.outcome === 'block') assert.deepEqual([after.outcome, after.rules], ['allow', []]);
    else assert.deepEqual(gist(after), gist(before));
  }),
);

law(
  'adding a mask never unmasks, nor opens',
  fc.property(rules, maskRule, question, (drafts, mask, put) => {
    const before = ask(drafts, put);
    const after = ask([...drafts, mask], put);
    assert.ok(STRICTNESS[after.outcome] >= STRICTNESS[before.outcome]);
    if (!isOpen(after)) return;
    for (const held of before.masks) {
      const now = after.masks.find((candidate) => sameColumn(candidate, held));
      assert.ok(now !== undefined && strictness(now.mask) >= strictness(held.mask));
    }
  }),
);

law(
  'adding a row filter never widens what is there, unmasks or opens',
  fc.property(rules, rowRule, question, (drafts, filter, put) => {
    const before = ask(drafts, put);
    const after = ask([...drafts, filter], put);
    assert.ok(STRICTNESS[after.outcome] >= STRICTNESS[before.outcome]);
    if (!isOpen(after)) return;
    assert.deepEqual(after.masks, before.masks);
    assert.deepEqual(after.lookups, before.lookups);
    const now = (after.rows ?? []).map((row) => JSON.stringify(row));
    for (const held of before.rows ?? []) assert.ok(now.includes(JSON.stringify(held)));
  }),
);

law(
  'adding a mask lets nothing more be looked up in columns that were masked',
  fc.property(rules, maskRule, question, (drafts, mask, put) => {
    const before = ask(drafts, put);
    const after = ask([...drafts, mask], put);
    if (!isOpen(before) || !isOpen(after)) return;
    for (const held of before.masks) {
      const now = after.masks.find((candidate) => sameColumn(candidate, held));
      if (held.lookup === undefined) assert.equal(now?.lookup, undefined);
    }
  }),
);

law(
  'an open decision names the masks, and each mask names a rule that counted',
  fc.property(rules, question, (drafts, put) => {
    const { outcome, masks, rows, rules: counted } = ask(drafts, put);
    if (outcome === 'allow' || outcome === 'block') assert.deepEqual(masks, []);
    if (outcome === 'mask') assert.ok(masks.length > 0 || (rows ?? []).length > 0);
    const ids = new Set(counted.map(({ id }) => id));
    for (const { rule } of [...masks, ...(rows ?? [])]) assert.ok(ids.has(rule));
  }),
);

law(
  'what could not be determined is never run',
  fc.property(rules, question, (drafts, put) => {
    const unknown = { ...put, facts: { ...put.facts, unknowns: ['something'] } };
    assert.equal(ask(drafts, unknown).outcome, 'block');
  }),
);

law(
  'every decision is told in sentences',
  fc.property(fc.array(anyRule, { maxLength: 8 }), question, (drafts, put) => {
    const { outcome, sentence, next } = ask(drafts, put);
    assert.match(sentence, /^(Allowed|Blocked|Needs approval).*\.$/s);
    assert.equal(next === '', outcome === 'allow' || outcome === 'mask');
  }),
);

law(
  'what does not read the clock decides the same at any time',
  fc.property(rules, question, (drafts, put) => {
    const policy = compile(drafts);
    const ruling = policy.decide(put);
    if (!ruling.cacheable) return;
    assert.deepEqual(policy.decide({ ...put, at: new Date('2040-01-01') }), ruling);
  }),
);

function sameColumn({ column: a }: ColumnMask, { column: b }: ColumnMask): boolean {
  return a.schema === b.schema && a.relation === b.relation && a.column === b.column;
}

law(
  'lifting a mask of one rule on one column changes nothing but that',
  fc.property(rules, question, fc.nat(), (drafts, put, pick) => {
    const before = ask(drafts, put);
    if (!isOpen(before) || before.masks.length === 0) return;
    const lifted = before.masks[pick % before.masks.length];
    assert.ok(lifted);
    const { column, rule } = lifted;
    const lifts = [{ target: put.target.name, column, rules: [rule] }];
    const after = ask(drafts, { ...put, principal: { ...put.principal, lifts } });
    const isIt = (mask: ColumnMask) => JSON.stringify(mask.column) === JSON.stringify(column);
    assert.ok(isOpen(after));
    assert.deepEqual(
      after.masks.filter((mask) => !isIt(mask)),
      before.masks.filter((mask) => !isIt(mask)),
    );
    // What another rule hides stays hidden, by that rule.
    for (const mask of after.masks.filter(isIt)) assert.notEqual(mask.rule, rule);
    assert.deepEqual([after.asks, after.rows], [before.asks, before.rows]);
  }),
);

law(
  'who is told to see a table, and how, is who does',
  fc.property(rules, question, (drafts, put) => {
    const policy = compile(drafts.map(({ when: _, ...draft }) => draft));
    const place = { schema: 'public', relation: 'customers' };
    const columns = ['id', 'email', 'salary'];
    const refs = columns.map((column) => ({ ...place, column }));
    const touched = { reads: [place], writes: [], disclosed: refs, conditions: [], lookups: [] };
    const { decision } = policy.decide({
      ...put,
      facts: { ...put.facts, kind: 'select', unknowns: [], ...touched },
      columns: refs,
      through: [],
    });
    const subject = { kind: 'known', principal: put.principal } as const;
    const access = policy.accessOf(put.target, { ...place, columns, doing: 'select' }, subject);
    // A row filter that can't be told for somebody blocks, which depends on their claims.
    if (decision.outcome === 'block' && access.rows.length > 0) return;
    assert.equal(access.outcome === 'no', decision.outcome === 'block');
    assert.equal(access.approval !== null, decision.outcome === 'approve');
    assert.deepEqual(
      access.masks.map(({ column, rule }) => [column, rule]),
      decision.masks.map(({ column, rule }) => [column.column, rule]),
    );
  }),
);

law(
  'what a statement uses without naming it opens nothing and lifts nothing',
  fc.property(rules, question, (drafts, put) => {
    const [less, more] = [ask(drafts, { ...put, through: [] }), ask(drafts, put)];
    assert.ok(STRICTNESS[more.outcome] >= STRICTNESS[less.outcome]);
  }),
);

law(
  'a column that is used without being named counts for rules that stop as one that is named',
  fc.property(blockRule, question, fc.subarray(['id', 'email', 'salary']), (draft, put, columns) => {
    const hidden = { schema: 'public', relation: 'customers' };
    const view = { schema: 'public', relation: 'view' };
    const open = { ...ALLOW, ...Object.fromEntries([['then', 'allow']]), owner: 'o', because: 'r' };
    const policy = compile([open, { ...draft, who: 'everyone', when: undefined, except: undefined }]);
    const asked = (changes: Partial<typeof put.facts>, through: typeof put.through) => {
      const nothing = {
        kind: 'select',
        writes: [],
        lookups: [],
        unknowns: [],
        disclosed: [],
        conditions: [],
      } as const;
      const facts = { ...put.facts, ...nothing, reads: [view], ...changes } as typeof put.facts;
      return policy.decide({ ...put, facts, columns: [], through }).decision.outcome;
    };
    const refs = columns.map((column) => ({ ...hidden, column }));
    const named = asked({ reads: [view, hidden], disclosed: refs }, []);
    const told = [{ by: view, path: [], columns: columns.map((column) => ({ column, as: null })) }];
    const behind = asked({}, [{ ...hidden, by: 'select', everyRow: false, named: view, columns: told }]);
    assert.equal(behind, named);
  }),
);

const shadows = fc.array(anyRule, { minLength: 1, maxLength: 3 });
const onTrial = (drafts: readonly Draft[]): Draft[] => drafts.map((draft) => ({ ...draft, dryRun: true }));

law(
  'rules on trial change nothing but what is reported of them',
  fc.property(rules, shadows, question, (drafts, tried, put) => {
    const [alone, beside] = [compile(drafts), compile([...drafts, ...onTrial(tried)])];
    const { shadow: _, ...decision } = beside.decide(put).decision;
    assert.deepEqual(gist(decision), gist(alone.decide(put).decision));
    assert.equal(beside.mayUse(put.principal, put.target), alone.mayUse(put.principal, put.target));
    const place = { schema: 'public', relation: 'customers' };
    const columns = ['id', 'email', 'salary'];
    assert.deepEqual(
      beside.masksOn(put.principal, put.target, place, columns, put.at),
      alone.masksOn(put.principal, put.target, place, columns, put.at),
    );
    assert.deepEqual(beside.reachOf(put.target, place, columns), alone.reachOf(put.target, place, columns));
  }),
);

law(
  'what is reported of rules on trial is what they would do in force',
  fc.property(rules, shadows, question, (drafts, tried, put) => {
    const beside = compile([...drafts, ...onTrial(tried)]);
    const { decision } = beside.decide(put);
    const inForce = beside.onTrial().decide(put).decision;
    assert.equal(inForce.shadow, undefined);
    if (decision.shadow !== undefined) {
      assert.deepEqual(
        [decision.shadow.outcome, decision.shadow.sentence],
        [inForce.outcome, inForce.sentence],
      );
      assert.ok(decision.shadow.changes.length > 0);
    } else if (inForce.outcome !== 'allow' && inForce.outcome !== 'mask') {
      assert.equal(inForce.outcome, decision.outcome);
    } else {
      assert.ok(decision.outcome === 'allow' || decision.outcome === 'mask');
    }
  }),
);

law(
  'a policy that is replayed over what it decided itself changes nothing, and others what they decide otherwise',
  fc.property(rules, rules, question, (drafts, others, put) => {
    const [policy, other] = [compile(drafts), compile(others)];
    const { principal, network, columns, through, facts, target } = put;
    const { decision } = policy.decide(put);
    const record = JSON.stringify({
      id: 'r',
      at: put.at.toISOString(),
      principalName: principal.name,
      target: target.name,
      statement: 's',
      facts,
      decision,
      question: { labels: target.labels, network, principal, columns, through },
      outcome: null,
    });
    const report = (candidate: Policy) => {
      const run = new Replay(candidate, {});
      for (let times = 0; times < 2; times += 1) run.take(record);
      return run.report();
    };
    const same = report(policy);
    assert.deepEqual([same.replayed, same.changed, same.groups], [2, 0, []]);
    const { outcome } = other.decide(put).decision;
    const { changes } = report(other);
    assert.equal(changes.nowBlocked === 2, outcome === 'block' && decision.outcome !== 'block');
    assert.equal(changes.nowHeld === 2, outcome === 'approve' && decision.outcome !== 'approve');
  }),
);

import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { ApprovalRequest } from '../../../contract/approval-request.ts';
import type { Ask } from '../../../contract/ask.ts';
import {
  EffectHash,
  PolicyVersion,
  PrincipalId,
  RuleId,
  SessionId,
  TargetName,
} from '../../../contract/ids.ts';
import type { Principal } from '../../../contract/principal.ts';
import { MemoryRequests, TestClock } from './approvals.fixture.ts';
import { Approvals, type Draft } from './approvals.ts';
import type { Elector } from './electorate.ts';

/** Laws of proposals: what an approver agreed to beforehand counts for exactly that, once, in time, where they may vote. */

const GROUPS = ['dba', 'security', 'leads'];
const SESSION = SessionId.parse('s1');
const ASKED = EffectHash.parse('asked');
const NARROWER = EffectHash.parse('narrower');
const WAIT_SECONDS = 900;

function somebody(name: string, groups: string[], changes: Partial<Principal> = {}): Elector {
  const id = PrincipalId.parse(`person:${name}`);
  return { principal: { id, kind: 'person', name, groups, claims: {}, epoch: 1, ...changes }, groups };
}

const ANA = somebody('ana', ['developers', 'dba']);
const BO = somebody('bo', ['dba']);

function ask(changes: Partial<Ask> = {}): Ask {
  return {
    rule: RuleId.parse('r'),
    groups: ['dba'],
    of: 'any',
    quorum: 1,
    waitSeconds: WAIT_SECONDS,
    windowSeconds: 600,
    breakGlass: ['developers'],
    ...changes,
  };
}

function draft({ principal }: Elector, effect: EffectHash, asks: Ask[]): Draft {
  return {
    principal,
    surface: 'postgres',
    target: TargetName.parse('shop'),
    wanted: { kind: 'statement', statement: effect, parameters: [] },
    effect,
    shape: null,
    decision: {
      outcome: 'approve',
      rules: [],
      masks: [],
      asks,
      sentence: '',
      next: '',
      policyVersion: PolicyVersion.parse('p'),
    },
    reason: '',
    ticket: '',
  };
}

function newBench() {
  const clock = new TestClock();
  const store = new MemoryRequests();
  return { clock, store, approvals: new Approvals(store, clock) };
}

const propose = (approvals: Approvals, { id, effect }: ApprovalRequest, by: Elector) =>
  approvals.act(
    id,
    { act: 'propose', effect, proposed: { statement: 'narrower', effect: NARROWER }, reason: 'only that' },
    by,
  );

test('what was proposed runs by itself when the requester runs it, once', async () => {
  const { approvals } = newBench();
  const hold = await approvals.hold(draft(ANA, ASKED, [ask()]), SESSION);
  await propose(approvals, hold.request, BO);
  assert.equal(hold.request.status, 'pending');
  await hold.abandon();
  const second = await approvals.hold(draft(ANA, NARROWER, [ask()]), SESSION);
  const settled = await second.settled;
  assert.equal(settled.status, 'approved');
  assert.deepEqual(
    settled.votes.map(({ by, reason }) => [by.name, reason]),
    [['bo', 'only that']],
  );
  const wanted = { principal: ANA.principal, session: SESSION, effect: NARROWER, shape: null, asks: [ask()] };
  assert.equal((await approvals.use(wanted))?.status, 'used');
  assert.equal(await approvals.use(wanted), null);
  const third = await approvals.hold(draft(ANA, NARROWER, [ask()]), SESSION);
  assert.deepEqual(third.request.votes, []);
  assert.equal(third.request.status, 'pending');
});

test('two that run it at once: one counts', async () => {
  const { approvals } = newBench();
  const hold = await approvals.hold(draft(ANA, ASKED, [ask()]), SESSION);
  await propose(approvals, hold.request, BO);
  const both = await Promise.all([
    approvals.hold(draft(ANA, NARROWER, [ask()]), SESSION),
    approvals.hold(draft(ANA, NARROWER, [ask()]), SessionId.parse('s2')),
  ]);
  assert.deepEqual(both.map(({ request }) => request.votes.length).sort(), [0, 1]);
});

test('a restart forgets neither a proposal nor that it was taken up', async () => {
  const { approvals, store, clock } = newBench();
  const hold = await approvals.hold(draft(ANA, ASKED, [ask()]), SESSION);
  await propose(approvals, hold.request, BO);
  approvals.close();
  const after = await Approvals.open(store, clock);
  assert.equal((await after.ask(draft(ANA, NARROWER, [ask()]))).status, 'approved');
  after.close();
  const again = await Approvals.open(store, clock);
  assert.deepEqual((await again.hold(draft(ANA, NARROWER, [ask()]), SESSION)).request.votes, []);
  again.close();
});

test('who may not vote proposes nothing, nor whoever was shown another statement', async () => {
  const { approvals } = newBench();
  const request = await approvals.ask(draft(ANA, ASKED, [ask()]));
  const agent = somebody('bot', ['dba'], { kind: 'agent', actsFor: BO.principal });
  for (const wrong of [ANA, somebody('cy', ['security']), agent]) {
    assert.equal((await propose(approvals, request, wrong))?.kind, 'refused');
  }
  const stale = { ...request, effect: NARROWER };
  assert.equal((await propose(approvals, stale, BO))?.kind, 'refused');
  assert.equal(approvals.get(request.id)?.proposal, null);
});

test('a proposal counts exactly where its proposer could vote, for that effect, and in time', async () => {
  const groups = fc.subarray(GROUPS, { minLength: 1 });
  await fc.assert(
    fc.asyncProperty(
      fc.record({
        theirs: groups,
        asked: groups,
        askedThen: groups,
        quorum: fc.integer({ min: 1, max: 2 }),
        effect: fc.constantFrom(ASKED, NARROWER),
        who: fc.constantFrom(ANA, BO, somebody('di', ['developers'])),
        meanwhile: fc.constantFrom('nothing', 'denied', 'withdrawn', 'approved', 'brokenGlass'),
        seconds: fc.constantFrom(0, WAIT_SECONDS - 1, WAIT_SECONDS, WAIT_SECONDS + 60),
      }),
      async ({ theirs, asked, askedThen, quorum, effect, who, meanwhile, seconds }) => {
        const { approvals, clock } = newBench();
        const proposer = somebody('bo', theirs);
        const other = somebody('ed', GROUPS);
        const { id } = await approvals.ask(draft(ANA, ASKED, [ask({ groups: asked })]));
        await propose(approvals, approvals.get(id) ?? assert.fail(), proposer);
        const bounds = { maxRows: null, windowSeconds: null };
        if (meanwhile === 'denied')
          await approvals.act(id, { act: 'deny', effect: ASKED, reason: 'no' }, other);
        if (meanwhile === 'withdrawn') await approvals.act(id, { act: 'withdraw' }, ANA);
        if (meanwhile === 'approved')
          await approvals.act(id, { act: 'approve', effect: ASKED, reason: '', bounds }, other);
        if (meanwhile === 'brokenGlass') await approvals.act(id, { act: 'breakGlass', reason: 'fire' }, ANA);
        clock.pass(seconds * 1000);
        const made = await approvals.hold(draft(who, effect, [ask({ groups: askedThen, quorum })]), SESSION);
        const counts =
          effect === NARROWER &&
          who === ANA &&
          seconds < WAIT_SECONDS &&
          ['nothing', 'denied', 'withdrawn'].includes(meanwhile) &&
          theirs.some((group) => asked.includes(group) && askedThen.includes(group));
        if (made.request.id === id) return;
        assert.deepEqual(
          made.request.votes.map(({ by }) => by.name),
          counts ? ['bo'] : [],
        );
        assert.equal(made.request.status === 'approved', counts && quorum === 1);
        approvals.close();
      },
    ),
    { numRuns: 1000 },
  );
});

import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { ApprovalRequest, Vote } from '../../gateway/contract/approval-request.ts';
import type { Ask } from '../../gateway/contract/ask.ts';
import { RuleId, SessionId } from '../../gateway/contract/ids.ts';
import { MemoryRequests, TestClock } from '../../gateway/src/core/approvals/approvals.fixture.ts';
import { Approvals, type Use } from '../../gateway/src/core/approvals/approvals.ts';
import type { Act, Outcome } from '../../gateway/src/core/approvals/transitions.ts';
import { asks, draftOf, EFFECTS, PEOPLE, SESSIONS, type Step, step } from './random-requests.ts';

/** The laws of approvals, over random people who do anything to anything in any order, by a clock that jumps. */

const FINAL = new Set(['used', 'denied', 'withdrawn', 'lapsed', 'reviewed']);

class World {
  readonly store = new MemoryRequests();
  readonly clock = new TestClock();
  approvals = new Approvals(this.store, this.clock);
  /** The latest moment that was seen since the last start. */
  latestMs = 0;
  /** Approvals whose end was seen to come, over restarts too: however far the clock is set back, it came. */
  readonly ended = new Set<string>();
  readonly finals = new Map<string, string>();

  look(): void {
    const nowMs = this.clock.now().getTime();
    if (this.approvals.list().length > 0) this.latestMs = Math.max(this.latestMs, nowMs);
    for (const { id, status, endsAt } of this.approvals.list()) {
      const runs = status === 'approved' || status === 'brokenGlass';
      if (runs && Date.parse(endsAt ?? '') <= nowMs) this.ended.add(id);
    }
  }

  pick(which: number): ApprovalRequest | null {
    return this.approvals.list()[which] ?? null;
  }

  async take(taken: Step): Promise<void> {
    // What nobody looked at between two jumps of the clock has not happened.
    if (taken.do !== 'pass') this.look();
    switch (taken.do) {
      case 'hold':
        await this.#hold(taken);
        break;
      case 'use':
        await this.#use(taken);
        break;
      case 'pass':
        this.clock.pass(taken.seconds * 1000);
        break;
      case 'restart':
        this.approvals.close();
        this.approvals = await Approvals.open(this.store, this.clock);
        this.latestMs = 0;
        break;
      default:
        await this.#act(taken);
    }
    this.#checkFinals();
  }

  async #hold(taken: Extract<Step, { do: 'hold' }>): Promise<void> {
    const elector = PEOPLE[taken.who];
    assert.ok(elector);
    const draft = draftOf(elector, taken.effect, taken.shape, taken.asks);
    if (taken.session === null) await this.approvals.ask(draft);
    else await this.approvals.hold(draft, taken.session);
  }

  async #act(taken: Exclude<Step, { do: 'hold' | 'use' | 'pass' | 'restart' }>): Promise<void> {
    const request = this.pick(taken.which);
    const elector = taken.who === null ? byId(request?.requester.id) : PEOPLE[taken.who];
    if (elector === undefined || request === null) return;
    const effect = 'effect' in taken ? (taken.effect ?? request.effect) : request.effect;
    const acts: Record<typeof taken.do, Act> = {
      approve: {
        act: 'approve',
        effect,
        reason: '',
        bounds: 'bounds' in taken ? taken.bounds : { maxRows: null, windowSeconds: null },
      },
      deny: { act: 'deny', effect, reason: 'no' },
      withdraw: { act: 'withdraw' },
      breakGlass: { act: 'breakGlass', reason: 'fire' },
      review: { act: 'review', reason: '' },
      propose: {
        act: 'propose',
        effect,
        proposed: { statement: 'x', effect: EFFECTS[request.revision % EFFECTS.length] ?? null },
        reason: '',
      },
      remark: { act: 'remark', text: 'why?' },
    };
    const outcome = await this.approvals.act(request.id, acts[taken.do], elector);
    this.#checkAct(taken.do, request, elector.principal.id, effect, outcome);
  }

  #checkAct(did: string, before: ApprovalRequest, by: string, effect: string, outcome: Outcome | null): void {
    if (outcome?.kind !== 'changed') return;
    const isDecision = did === 'approve' || did === 'deny';
    if (isDecision) assert.equal(effect, before.effect, 'decided on what was not shown');
    if (isDecision || did === 'review') {
      assert.ok(by.startsWith('person:'), `${by} decided`);
      assert.notEqual(by, before.requester.id);
      assert.notEqual(by, before.actsFor?.id);
    }
    if (did !== 'review') assert.equal(before.status, 'pending', `${did} changed what was ${before.status}`);
  }

  async #use(taken: Extract<Step, { do: 'use' }>): Promise<void> {
    const picked = this.pick(taken.which);
    const elector = taken.who === null ? byId(picked?.requester.id) : PEOPLE[taken.who];
    if (elector === undefined || picked === null) return;
    const wanted: Use = {
      principal: elector.principal,
      session: taken.session ?? picked.session ?? NEW_SESSION,
      effect: taken.effect ?? picked.effect,
      shape: taken.shape ?? picked.shape,
      asks: picked.asks,
    };
    const before = new Map(this.approvals.list().map((request) => [request.id, request]));
    const used = await this.approvals.use(wanted);
    if (used !== null) this.#checkUse(before.get(used.id), wanted);
  }

  /** What ran was approved: exactly that, by others, enough of them, in time, and not more often than they said. */
  #checkUse(
    request: ApprovalRequest | undefined,
    { principal, session, effect, shape, asks: wanted }: Use,
  ): void {
    assert.ok(request);
    assert.equal(request.requester.id, principal.id);
    assert.ok(!this.ended.has(request.id), 'used after its end');
    assert.ok(Date.parse(request.endsAt ?? '') > this.latestMs, 'used after its end, by a clock set back');
    const windowed = request.bounds.windowSeconds !== null;
    const byShape = windowed && request.shape !== null && request.shape === shape;
    if (byShape) assert.deepEqual(sorted(request.asks), sorted(wanted));
    else {
      assert.equal(request.effect, effect);
      assert.ok(request.session === null || request.session === session, 'used from another session');
    }
    if (!windowed) assert.equal(request.uses, 0, 'used twice');
    if (request.status === 'brokenGlass') {
      assert.equal(request.effect, effect, 'ran what is not reviewed');
      assert.ok(request.asks.every(({ breakGlass }) => breakGlass.length > 0));
      return;
    }
    for (const ask of request.asks) assert.ok(isMetBy(ask, request), 'an ask was not met');
    for (const { windowSeconds } of request.asks) {
      if (windowed)
        assert.ok((request.bounds.windowSeconds ?? 0) <= (windowSeconds ?? 0), 'too long a window');
    }
  }

  #checkFinals(): void {
    for (const request of this.approvals.list()) {
      const known = this.finals.get(request.id);
      const state = JSON.stringify({ ...request, session: null });
      if (known !== undefined) assert.equal(state, known, 'what was settled has changed');
      else if (FINAL.has(request.status)) this.finals.set(request.id, state);
    }
  }
}

const byId = (id: string | undefined) => PEOPLE.find(({ principal }) => principal.id === id);
const NEW_SESSION = SessionId.parse('s3');

const sorted = (all: readonly Ask[]) => [...all].sort((one, other) => one.rule.localeCompare(other.rule));

/** Counted in another way than the gateway does: every choice of different people is tried. */
function isMetBy({ groups, of, quorum }: Ask, request: ApprovalRequest): boolean {
  const yes = request.votes.filter(
    ({ verdict, by }) => verdict === 'approve' && by.id !== request.requester.id,
  );
  const groupsOf = new Map(PEOPLE.map(({ principal, groups: theirs }) => [String(principal.id), theirs]));
  const voters = [...new Set(yes.map(({ by }: Vote) => String(by.id)))].filter((id) =>
    groupsOf.get(id)?.some((group) => groups.includes(group)),
  );
  if (voters.length < quorum) return false;
  if (of === 'any') return true;
  const choices = (left: readonly string[], free: readonly string[]): boolean => {
    const [group, ...rest] = left;
    if (group === undefined) return true;
    return free.some(
      (id) =>
        groupsOf.get(id)?.includes(group) &&
        choices(
          rest,
          free.filter((other) => other !== id),
        ),
    );
  };
  return choices(groups, voters);
}

test('nothing runs but what others approved, exactly that, in time, and as often as they said', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 20, maxLength: 60, size: 'max' }), async (steps) => {
      const world = new World();
      for (const taken of steps) await world.take(taken);
      world.approvals.close();
    }),
    { numRuns: 2000 },
  );
});

test('two approvals at once count once, and so do two uses at once', async () => {
  await fc.assert(
    fc.asyncProperty(asks, async (asked) => {
      const world = new World();
      const [ana] = PEOPLE;
      const [session] = SESSIONS;
      const [effect] = EFFECTS;
      assert.ok(ana && session && effect);
      const hold = await world.approvals.hold(draftOf(ana, effect, null, asked), session);
      const act: Act = { act: 'approve', effect, reason: '', bounds: { maxRows: null, windowSeconds: null } };
      await Promise.all(
        [...PEOPLE, ...PEOPLE].map((elector) => world.approvals.act(hold.request.id, act, elector)),
      );
      const { votes, status } = hold.request;
      assert.equal(new Set(votes.map(({ by }) => by.id)).size, votes.length);
      assert.equal(
        status === 'approved',
        asked.every((ask) => isMetBy(ask, hold.request)),
      );
      const use: Use = { principal: ana.principal, session, effect, shape: null, asks: asked };
      const uses = await Promise.all([use, use, use].map((wanted) => world.approvals.use(wanted)));
      assert.equal(uses.filter((used) => used !== null).length, status === 'approved' ? 1 : 0);
      world.approvals.close();
    }),
    { numRuns: 100 },
  );
});

const ASK_DBA: Ask = {
  rule: RuleId.parse('r'),
  groups: ['dba'],
  of: 'any',
  quorum: 1,
  waitSeconds: 60,
  windowSeconds: null,
  breakGlass: [],
};

test('an approval is kept over a restart, and one that lapsed stays so when the clock is set back', async () => {
  const world = new World();
  const [ana, , bo] = PEOPLE;
  const [session, other] = SESSIONS;
  const [effect] = EFFECTS;
  assert.ok(ana && bo && session && other && effect);
  const act: Act = { act: 'approve', effect, reason: '', bounds: { maxRows: null, windowSeconds: null } };
  const { request } = await world.approvals.hold(draftOf(ana, effect, null, [ASK_DBA]), session);
  await world.take({ do: 'restart' });
  assert.equal((await world.approvals.act(request.id, act, bo))?.kind, 'changed');
  const use: Use = { principal: ana.principal, session: other, effect, shape: null, asks: [ASK_DBA] };
  assert.ok(await world.approvals.use(use), 'who was cut off runs it again in a new session');
  const second = await world.approvals.hold(draftOf(ana, effect, null, [ASK_DBA]), session);
  world.clock.pass(61_000);
  await second.settled;
  world.clock.pass(-3_600_000);
  assert.equal((await world.approvals.act(second.request.id, act, bo))?.kind, 'refused');
  assert.equal(await world.approvals.use({ ...use, session }), null);
  world.approvals.close();
});

test('of two sessions that ask for the same at once each has a request of its own, and both go on', async () => {
  const world = new World();
  const [ana, , bo] = PEOPLE;
  const [one, other] = SESSIONS;
  const [effect] = EFFECTS;
  assert.ok(ana && bo && one && other && effect);
  const draft = draftOf(ana, effect, null, [ASK_DBA]);
  await world.approvals.ask(draft);
  const holds = await Promise.all([one, other].map((session) => world.approvals.hold(draft, session)));
  const act: Act = { act: 'approve', effect, reason: '', bounds: { maxRows: null, windowSeconds: null } };
  for (const { request } of holds) await world.approvals.act(request.id, act, bo);
  const settled = await Promise.all(holds.map((hold) => hold.settled));
  assert.deepEqual(new Set(settled.map(({ session }) => session)), new Set([one, other]));
  world.approvals.close();
});

test('glass is broken for what was asked, whatever window the first of two approvers meant to open', async () => {
  const world = new World();
  const [ana, , bo] = PEOPLE;
  const [session, other] = SESSIONS;
  const [effect, another] = EFFECTS;
  assert.ok(ana && bo && session && other && effect && another);
  const ask: Ask = {
    rule: RuleId.parse('r'),
    groups: ['dba'],
    of: 'any',
    quorum: 2,
    waitSeconds: 60,
    windowSeconds: 600,
    breakGlass: [...ana.principal.groups],
  };
  const { request } = await world.approvals.hold(draftOf(ana, effect, another, [ask]), session);
  const bounds = { maxRows: 5, windowSeconds: 600 };
  await world.approvals.act(request.id, { act: 'approve', effect, reason: '', bounds }, bo);
  const broken = await world.approvals.act(request.id, { act: 'breakGlass', reason: 'fire' }, ana);
  assert.equal(broken?.kind, 'changed');
  const use: Use = {
    principal: ana.principal,
    session: other,
    effect: another,
    shape: another,
    asks: [ask],
  };
  assert.equal(await world.approvals.use(use), null);
  assert.equal((await world.approvals.use({ ...use, session, effect }))?.bounds.maxRows, 5);
  assert.equal(await world.approvals.use({ ...use, session, effect }), null);
  world.approvals.close();
});

test('of what is settled so much is kept in memory as it has room for: the newest', async () => {
  const world = new World();
  const [ana] = PEOPLE;
  const [effect] = EFFECTS;
  assert.ok(ana && effect);
  const asking = draftOf(ana, effect, null, [
    {
      ...{ rule: RuleId.parse('r'), groups: ['dba'], of: 'any', quorum: 1 },
      ...{ waitSeconds: 60, windowSeconds: null, breakGlass: [] },
    },
  ]);
  const settle = async (statement: string) => {
    const { id } = await world.approvals.ask({
      ...asking,
      wanted: { kind: 'statement', statement, parameters: [] },
    });
    assert.equal((await world.approvals.act(id, { act: 'withdraw' }, ana))?.kind, 'changed');
    return id;
  };
  const waiting = await world.approvals.hold(asking, SESSIONS[0] ?? NEW_SESSION);
  const large = 'x'.repeat(4 * 1024 * 1024);
  const ids = [];
  for (let at = 0; at < 20; at += 1) ids.push(await settle(large));
  assert.deepEqual(
    world.approvals.list().map(({ id }) => id),
    [...ids.slice(-8).reverse(), waiting.request.id],
  );
  for (let at = 0; at < 1100; at += 1) await settle('x');
  assert.equal(world.approvals.list().length, 1001);
  assert.equal(world.approvals.get(waiting.request.id)?.status, 'pending');
  assert.equal(world.store.kept.size, 1121, 'on disk all of them stay');
  world.approvals.close();
});

test('who is told and fails keeps nothing waiting', async () => {
  const world = new World();
  const [ana] = PEOPLE;
  const [effect] = EFFECTS;
  const [session] = SESSIONS;
  assert.ok(ana && effect && session);
  const ask = { rule: RuleId.parse('r'), groups: ['dba'], of: 'any', quorum: 1, waitSeconds: 60 } as const;
  const asks = [{ ...ask, groups: ['dba'], windowSeconds: null, breakGlass: [] }];
  const hold = await world.approvals.hold(draftOf(ana, effect, null, asks), session);
  const failing = ({ status }: ApprovalRequest) => {
    if (status !== 'pending') throw new Error('out of order');
  };
  hold.watch(failing);
  world.approvals.watch(failing);
  await assert.rejects(world.approvals.act(hold.request.id, { act: 'withdraw' }, ana), /out of order/);
  assert.equal((await hold.settled).status, 'withdrawn');
  world.approvals.close();
});

import type { ApprovalRequest, Wanted } from '../../../contract/approval-request.ts';
import type { Ask } from '../../../contract/ask.ts';
import type { Decision } from '../../../contract/decision.ts';
import type { EffectHash, PrincipalId, RequestId, SessionId, TargetName } from '../../../contract/ids.ts';
import type { Impact } from '../../../contract/impact.ts';
import type { Principal } from '../../../contract/principal.ts';
import type { Surface } from '../../../contract/surface.ts';
import { newRecordId } from '../flow/record-id.ts';
import { ForwardClock } from './clock.ts';
import type { Elector } from './electorate.ts';
import { Hold } from './hold.ts';
import { takeUp } from './proposal.ts';
import { type Act, changed, lapse, type Outcome, stands, transition, use } from './transitions.ts';

/** Where requests are kept. `put` resolves once it is on disk. */
export interface RequestStore {
  put(request: ApprovalRequest): Promise<void>;
  all(): Promise<ApprovalRequest[]>;
}

/** Time, and being woken: `wake` calls back after so many milliseconds and gives a way to take it back. */
export type Clock = { now(): Date; wake(afterMs: number, call: () => void): () => void };

/** What is asked for, before it is a request. */
export type Draft = {
  principal: Principal;
  surface: Surface;
  target: TargetName;
  wanted: Wanted;
  effect: EffectHash;
  shape: EffectHash | null;
  decision: Decision;
  reason: string;
  ticket: string;
};

/** Who wants to run what now. */
export type Use = {
  principal: Principal;
  session: SessionId;
  effect: EffectHash;
  shape: EffectHash | null;
  asks: readonly Ask[];
};

const SETTLED_KEPT = 1000;
/** Of settled requests' texts: whoever asks for the largest statements again and again fills no memory. */
const SETTLED_CHARACTERS = 32 * 1024 * 1024;

/**
 * All requests of a gateway: made, decided, used once. Every change is on disk before anybody is told of it or anything
 * runs on it, and changes of one request happen one after the other.
 */
export class Approvals {
  readonly #store: RequestStore;
  readonly #clock: Clock;
  readonly #time: ForwardClock;
  readonly #requests = new Map<RequestId, ApprovalRequest>();
  readonly #holds = new Map<RequestId, Hold>();
  readonly #timers = new Map<RequestId, () => void>();
  /** Approved requests to unmask columns, by who asked. */
  readonly #unmasking = new Map<PrincipalId, Map<RequestId, ApprovalRequest>>();
  readonly #watchers = new Set<(request: ApprovalRequest) => void>();
  readonly #changing = new Map<RequestId, Promise<unknown>>();
  /** Settled requests in the order in which they were, with the characters of what people wrote. */
  readonly #settled = new Map<RequestId, number>();
  #settledCharacters = 0;
  /** Requests whose proposal was taken up: each is, once. */
  readonly #takenUp = new Set<RequestId>();

  constructor(store: RequestStore, clock: Clock) {
    this.#store = store;
    this.#clock = clock;
    this.#time = new ForwardClock(() => clock.now());
  }

  /** Reads what was kept. No session of before waits any more; its requests can still be decided and used. */
  static async open(store: RequestStore, clock: Clock): Promise<Approvals> {
    const approvals = new Approvals(store, clock);
    const kept = (await store.all()).sort((one, other) => one.id.localeCompare(other.id));
    for (const request of kept) {
      for (const moment of momentsOf(request)) approvals.#time.atLeast(new Date(moment));
      if (request.takesUp !== null) approvals.#takenUp.add(request.takesUp);
      approvals.#show({ ...request, session: null });
    }
    return approvals;
  }

  /** Newest first. */
  list(): ApprovalRequest[] {
    return [...this.#requests.values()].reverse();
  }

  /** The newest so many, newest first; of thousands that wait no list is made. */
  latest(count: number): ApprovalRequest[] {
    const skipped = this.#requests.size - count;
    const latest: ApprovalRequest[] = [];
    let at = 0;
    for (const request of this.#requests.values()) {
      if (at >= skipped) latest.push(request);
      at += 1;
    }
    return latest.reverse();
  }

  get(id: RequestId): ApprovalRequest | null {
    return this.#requests.get(id) ?? null;
  }

  /** Told of every request that is made or changed, after it is on disk. Returns an unsubscribe. */
  watch(watcher: (request: ApprovalRequest) => void): () => void {
    this.#watchers.add(watcher);
    return () => this.#watchers.delete(watcher);
  }

  /** Asks beforehand, without anything that waits. One that waits for the same already is given instead. */
  async ask(draft: Draft): Promise<ApprovalRequest> {
    return this.#waiting(draft) ?? (await this.#make(draft, null));
  }

  /** Asks, and waits: `session` is told what becomes of it. Adopts a request that waits for the same already. */
  async hold(draft: Draft, session: SessionId): Promise<Hold> {
    const waiting = this.#waiting(draft);
    const adopted = waiting === null ? null : await this.#adopt(waiting, session);
    const request = adopted ?? (await this.#make(draft, session));
    const hold = new Hold(request, () => this.#abandon(request.id));
    this.#holds.set(request.id, hold);
    this.#tell(this.get(request.id) ?? request);
    return hold;
  }

  /** Somebody acts on a request: what became of it, or why it stays as it was. Null when there is none. */
  async act(id: RequestId, act: Act, actor: Elector): Promise<Outcome | null> {
    return this.#change(id, (request) => transition(request, act, actor, this.#time.now()));
  }

  /** What a request's card says was computed, or computed anew. */
  async describe(id: RequestId, impact: Impact): Promise<void> {
    await this.#change(id, (request) => {
      if (request.status !== 'pending') return NOTHING_STANDS;
      return { kind: 'changed', request: changed(request, { impact }) };
    });
  }

  /**
   * Takes the one use of an approval that stands for exactly this, or a use of a window for its shape. Null when there is
   * none. The use is on disk when this resolves.
   */
  async use(wanted: Use): Promise<ApprovalRequest | null> {
    const standing = this.#standing(wanted);
    if (standing === null) return null;
    const used = await this.#change(standing.id, (request) => {
      if (!this.#isFor(request, wanted)) return NOTHING_STANDS;
      return { kind: 'changed', request: use(request) };
    });
    return used?.kind === 'changed' ? used.request : null;
  }

  /** Whether `use` would find one now, so many times in a row. */
  standsFor(wanted: Use, times = 1): boolean {
    let found = 0;
    for (const request of this.#requests.values()) {
      if (!this.#isFor(request, wanted)) continue;
      if (request.bounds.windowSeconds !== null) return true;
      found += 1;
      if (found === times) return true;
    }
    return false;
  }

  /** Approvals to unmask columns that stand for somebody. */
  unmasking({ id }: Principal): ApprovalRequest[] {
    const theirs = this.#unmasking.get(id);
    if (theirs === undefined) return [];
    const now = this.#time.now();
    return [...theirs.values()].filter((request) => stands(request, now));
  }

  close(): void {
    for (const cancel of this.#timers.values()) cancel();
    this.#timers.clear();
    this.#watchers.clear();
  }

  #standing(wanted: Use): ApprovalRequest | null {
    for (const request of this.#requests.values()) if (this.#isFor(request, wanted)) return request;
    return null;
  }

  #isFor(request: ApprovalRequest, { principal, session, effect, shape, asks }: Use): boolean {
    if (!stands(request, this.#time.now())) return false;
    if (request.requester.id !== principal.id) return false;
    if (request.bounds.windowSeconds !== null && request.shape !== null && request.shape === shape) {
      return sameAsks(request.asks, asks);
    }
    // The same person may have left a group since, and another rule asks of them now.
    if (!coversAsks(request.asks, asks)) return false;
    return request.effect === effect && (request.session === null || request.session === session);
  }

  #waiting({ effect, principal }: Draft): ApprovalRequest | null {
    for (const request of this.#requests.values()) {
      const isSame = request.effect === effect && request.requester.id === principal.id;
      if (isSame && request.status === 'pending' && request.session === null) return request;
    }
    return null;
  }

  async #make(draft: Draft, session: SessionId | null): Promise<ApprovalRequest> {
    const at = this.#time.now();
    const { principal, decision } = draft;
    const waitSeconds = Math.min(...decision.asks.map((ask) => ask.waitSeconds));
    const made: ApprovalRequest = {
      id: newRecordId(at) as string as RequestId,
      at: at.toISOString(),
      lapsesAt: new Date(at.getTime() + waitSeconds * 1000).toISOString(),
      status: 'pending',
      requester: { id: principal.id, name: principal.name, kind: principal.kind, groups: principal.groups },
      actsFor: principal.actsFor ?? null,
      surface: draft.surface,
      session,
      target: draft.target,
      wanted: draft.wanted,
      effect: draft.effect,
      shape: draft.shape,
      asks: decision.asks,
      decision,
      reason: draft.reason,
      ticket: draft.ticket,
      impact: null,
      votes: [],
      bounds: { maxRows: null, windowSeconds: null },
      remarks: [],
      proposal: null,
      takesUp: null,
      endsAt: null,
      uses: 0,
      revision: 0,
    };
    const request = this.#withProposal(made, at);
    await this.#store.put(request);
    this.#show(request);
    this.#tell(request);
    return request;
  }

  /** What its requester runs may be what somebody proposed: they agreed to that already. */
  #withProposal(made: ApprovalRequest, at: Date): ApprovalRequest {
    for (const request of this.#requests.values()) {
      if (this.#takenUp.has(request.id)) continue;
      const agreed = takeUp(made, request, at);
      if (agreed === null) continue;
      // Before anything is on disk: of two at once only one counts.
      this.#takenUp.add(request.id);
      return agreed;
    }
    return made;
  }

  /** One session takes over what was asked beforehand; null when another was faster. */
  async #adopt({ id }: ApprovalRequest, session: SessionId): Promise<ApprovalRequest | null> {
    const adopted = await this.#change(id, (request) => {
      if (request.status !== 'pending' || request.session !== null) return NOTHING_STANDS;
      return { kind: 'changed', request: changed(request, { session }) };
    });
    return adopted?.kind === 'changed' ? adopted.request : null;
  }

  /** Who waited is gone: nobody needs to decide. */
  async #abandon(id: RequestId): Promise<void> {
    await this.#change(id, (request) => {
      if (request.status !== 'pending') return NOTHING_STANDS;
      return { kind: 'changed', request: changed(request, { status: 'withdrawn' }) };
    });
  }

  /** One change after the other; on disk before it is shown. */
  async #change(id: RequestId, change: (request: ApprovalRequest) => Outcome): Promise<Outcome | null> {
    const before = this.#changing.get(id) ?? Promise.resolve();
    const outcome = before.then(async () => {
      const request = this.#requests.get(id);
      if (request === undefined) return null;
      const became = change(request);
      if (became.kind === 'changed') {
        await this.#store.put(became.request);
        this.#show(became.request);
        this.#tell(became.request);
      }
      return became;
    });
    const settled = outcome.then(
      () => undefined,
      () => undefined,
    );
    this.#changing.set(id, settled);
    try {
      return await outcome;
    } finally {
      if (this.#changing.get(id) === settled) this.#changing.delete(id);
    }
  }

  #show(request: ApprovalRequest): void {
    this.#requests.set(request.id, request);
    this.#noteUnmasking(request);
    this.#timers.get(request.id)?.();
    this.#timers.delete(request.id);
    const ends = endOf(request);
    if (ends === null) {
      this.#noteSettled(request);
      return;
    }
    const afterMs = Math.max(0, Date.parse(ends) - this.#time.now().getTime());
    this.#timers.set(
      request.id,
      this.#clock.wake(afterMs, () => void this.#lapse(request.id)),
    );
  }

  async #lapse(id: RequestId): Promise<void> {
    await this.#change(id, (request) => {
      const lapsed = lapse(request, this.#time.now());
      if (lapsed !== request) return { kind: 'changed', request: lapsed };
      // Woken too early: it goes on waiting.
      this.#show(request);
      return NOTHING_STANDS;
    }).catch(() => undefined);
  }

  #tell(request: ApprovalRequest): void {
    const hold = this.#holds.get(request.id);
    if (request.status !== 'pending') this.#holds.delete(request.id);
    try {
      for (const watcher of this.#watchers) watcher(request);
    } finally {
      hold?.changed(request);
    }
  }

  #noteUnmasking(request: ApprovalRequest): void {
    const { id, requester, wanted, status } = request;
    if (wanted.kind !== 'unmask') return;
    const theirs = this.#unmasking.get(requester.id) ?? new Map();
    if (status === 'approved') theirs.set(id, request);
    else theirs.delete(id);
    if (theirs.size === 0) this.#unmasking.delete(requester.id);
    else this.#unmasking.set(requester.id, theirs);
  }

  #noteSettled(request: ApprovalRequest): void {
    const { id, status } = request;
    if (status === 'brokenGlass') return;
    const characters = charactersOf(request);
    this.#settledCharacters += characters - (this.#settled.get(id) ?? 0);
    this.#settled.set(id, characters);
    for (const [oldest, theirs] of this.#settled) {
      const isFull = this.#settled.size > SETTLED_KEPT || this.#settledCharacters > SETTLED_CHARACTERS;
      if (!isFull || oldest === id) return;
      this.#settledCharacters -= theirs;
      this.#settled.delete(oldest);
      this.#requests.delete(oldest);
      this.#takenUp.delete(oldest);
    }
  }
}

/** What people wrote, and what a card repeats of it. */
function charactersOf({ wanted, remarks, proposal, impact }: ApprovalRequest): number {
  const asked = wanted.kind === 'statement' ? [wanted.statement, ...wanted.parameters] : [];
  const similar = (impact?.similar ?? []).map(({ statement }) => statement);
  const texts = [...asked, ...remarks.map(({ text }) => text), proposal?.statement, ...similar];
  return texts.reduce((sum, text) => sum + (text?.length ?? 0), 0);
}

/** Moments that have come, as a request shows. */
function momentsOf(request: ApprovalRequest): string[] {
  const { at, votes, remarks, proposal, status, lapsesAt, endsAt } = request;
  const proposed = proposal === null ? [] : [proposal.at];
  const lapsed = status === 'lapsed' ? [endsAt ?? lapsesAt] : [];
  return [at, ...votes.map((vote) => vote.at), ...remarks.map((remark) => remark.at), ...proposed, ...lapsed];
}

/** When a request changes by itself; null when it doesn't. */
function endOf({ status, lapsesAt, endsAt }: ApprovalRequest): string | null {
  if (status === 'pending') return lapsesAt;
  return status === 'approved' ? endsAt : null;
}

/** Whether everything that is asked was asked when it was agreed to. */
function coversAsks(given: readonly Ask[], wanted: readonly Ask[]): boolean {
  const known = new Set(given.map((ask) => JSON.stringify(ask)));
  return wanted.every((ask) => known.has(JSON.stringify(ask)));
}

/** A window was opened for these asks: a rule that asks for more, or another rule, is not met by it. */
function sameAsks(given: readonly Ask[], wanted: readonly Ask[]): boolean {
  const inOrder = (asks: readonly Ask[]) =>
    JSON.stringify([...asks].sort((one, other) => one.rule.localeCompare(other.rule)));
  return inOrder(given) === inOrder(wanted);
}

const NOTHING_STANDS: Outcome = {
  kind: 'refused',
  because: 'settled',
  why: 'The request was decided or used already.',
  next: '',
};

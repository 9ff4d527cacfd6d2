import { hash } from 'node:crypto';
import * as z from 'zod';
import type { Decision } from '../../../../contract/decision.ts';
import { type PrincipalId, RecordId, SessionId, TargetName } from '../../../../contract/ids.ts';
import type { ReplayReport } from '../../../../contract/policy-replay.ts';
import type { Policy, Ruling } from '../policy.ts';
import { type Asked, policySaid, Questions, Recorded } from './asked-again.ts';
import { changesBetween } from './changes.ts';
import { type CutLine, jsonOf, readLine } from './record-line.ts';
import { shapeWords } from './shape.ts';
import { type Place, Tally, type Told } from './tally.ts';

/** Recorded actions as JSON texts, in batches; whatever keeps records can give them. */
export type RecordLines = AsyncIterable<readonly string[]>;

export type ReplayOptions = {
  /** Compared with this policy, asked the same; without it with what was decided when it was recorded. */
  base?: Policy;
  /** Only actions from this moment on. */
  since?: Date;
  maxGroups?: number;
  /** Of each group at most so many actions are told. */
  examples?: number;
};

const MAX_GROUPS = 200;
const EXAMPLES = 3;
/** What was asked before is remembered by its hash; beyond this many it is forgotten and begins anew. */
const MAX_REMEMBERED = 500_000;

/** What is known of all records that were asked the same. */
type Known =
  | { kind: 'cannot'; why: 'withoutQuestion' | 'notUnderstood' }
  | { kind: 'decided'; who: PrincipalId; place: Place | null; refusedOtherwise: boolean }
  /** A condition reads the clock: each is asked again. */
  | { kind: 'clock'; who: PrincipalId; target: TargetName; recorded: Recorded; asked: Asked };

/** Asks a candidate policy what recorded actions were asked, and tells what would be otherwise. */
export async function replay(
  lines: RecordLines,
  candidate: Policy,
  options: ReplayOptions = {},
): Promise<ReplayReport> {
  const run = new Replay(candidate, options);
  for await (const batch of lines) for (const line of batch) run.take(line);
  return run.report();
}

/** One run over records. A record whose question was seen before costs a hash and a look-up. */
export class Replay {
  readonly #candidate: Policy;
  readonly #options: ReplayOptions;
  readonly #since: string | null;
  readonly #questions = new Questions();
  readonly #tally: Tally;
  readonly #known = new Map<string, Known>();
  readonly #counts = { read: 0, replayed: 0, changed: 0, refusedOtherwise: 0 };
  readonly #cannot = { withoutQuestion: 0, notUnderstood: 0, unreadable: 0 };
  #from: string | null = null;
  #until: string | null = null;

  constructor(candidate: Policy, options: ReplayOptions) {
    this.#candidate = candidate;
    this.#options = options;
    this.#since = options.since?.toISOString() ?? null;
    this.#tally = new Tally(options.examples ?? EXAMPLES);
  }

  /** How far it is: how many were read, how many of these change, and the oldest moment that was asked again. */
  progress(): { read: number; changed: number; backTo: string | null } {
    const { read, changed } = this.#counts;
    return { read, changed, backTo: this.#from };
  }

  /** One recorded action as JSON. */
  take(line: string): void {
    const cut = readLine(line);
    if (cut !== null && this.#since !== null && cut.at < this.#since) return;
    this.#counts.read += 1;
    const known = cut === null ? null : this.#knownOf(cut, line);
    if (cut === null || known === null) {
      this.#cannot.unreadable += 1;
      return;
    }
    this.#count(known, cut, line);
  }

  report(): ReplayReport {
    return {
      candidate: this.#candidate.version,
      base: this.#options.base?.version ?? null,
      from: this.#from,
      until: this.#until,
      ...this.#counts,
      cannotReplay: this.#cannot,
      ...this.#tally.report(this.#options.maxGroups ?? MAX_GROUPS),
    };
  }

  #knownOf(cut: CutLine, line: string): Known | null {
    const key = hash('sha256', `${cut.target}\n${cut.asked}`, 'base64');
    const known = this.#known.get(key);
    if (known !== undefined) return known;
    const recorded = parsed(`{${cut.asked}}`);
    if (recorded === null) {
      // What looked like an outcome stood in a claim: this one is read whole, and not remembered.
      const whole = parsed(line);
      return whole === null ? null : this.#judge(cut, whole);
    }
    const made = this.#judge(cut, recorded);
    if (this.#known.size >= MAX_REMEMBERED) this.#known.clear();
    if (made !== null) this.#known.set(key, made);
    return made;
  }

  #judge(cut: CutLine, recorded: Recorded): Known | null {
    const target = TargetName.safeParse(cut.target);
    if (!target.success) return null;
    if (recorded.facts === null) return { kind: 'cannot', why: 'notUnderstood' };
    const asked = this.#questions.of(target.data, recorded);
    if (asked === null || recorded.question === undefined) return { kind: 'cannot', why: 'withoutQuestion' };
    const who = recorded.question.principal.id;
    const { place, cacheable } = this.#ask(target.data, recorded, asked, new Date(cut.at));
    if (!cacheable) return { kind: 'clock', who, target: target.data, recorded, asked };
    return { kind: 'decided', who, place, refusedOtherwise: isRefusedOtherwise(recorded.decision) };
  }

  #ask(
    target: TargetName,
    recorded: Recorded,
    asked: Asked,
    at: Date,
  ): { place: Place | null; cacheable: boolean } {
    const question = asked(at);
    const after = this.#candidate.decide(question);
    const before = this.#before(recorded, question);
    const changes = changesBetween(before.decision, after.decision, question.facts);
    const place =
      changes.length === 0
        ? null
        : this.#tally.place(target, shapeWords(question.facts), changes, before.decision, after.decision);
    return { place, cacheable: before.cacheable && after.cacheable };
  }

  #before({ decision }: Recorded, question: ReturnType<Asked>): Ruling {
    const { base } = this.#options;
    return base?.decide(question) ?? { decision: policySaid(decision), cacheable: true };
  }

  #count(known: Known, cut: CutLine, line: string): void {
    if (known.kind === 'cannot') {
      this.#cannot[known.why] += 1;
      return;
    }
    const { at } = cut;
    this.#counts.replayed += 1;
    if (this.#from === null || at < this.#from) this.#from = at;
    if (this.#until === null || at > this.#until) this.#until = at;
    const refused =
      known.kind === 'decided' ? known.refusedOtherwise : isRefusedOtherwise(known.recorded.decision);
    if (refused) this.#counts.refusedOtherwise += 1;
    const place =
      known.kind === 'decided'
        ? known.place
        : this.#ask(known.target, known.recorded, known.asked, new Date(at)).place;
    if (place === null) return;
    this.#counts.changed += 1;
    this.#tally.count(place, known.who, () => toldBy(line));
  }
}

function isRefusedOtherwise(decision: Decision): boolean {
  return policySaid(decision).outcome !== decision.outcome;
}

function parsed(text: string): Recorded | null {
  const result = Recorded.safeParse(jsonOf(text));
  return result.success ? result.data : null;
}

const Head = z.object({
  id: RecordId,
  sessionId: SessionId,
  at: z.iso.datetime(),
  principalName: z.string(),
  statement: z.string(),
});

function toldBy(line: string): Told | null {
  const head = Head.safeParse(jsonOf(line));
  if (!head.success) return null;
  const { id, sessionId, at, principalName, statement } = head.data;
  return { record: id, session: sessionId, at, who: principalName, statement };
}

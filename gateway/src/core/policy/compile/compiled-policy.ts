import type { ColumnMask, CountedRule } from '../../../../contract/decision.ts';
import type { ColumnRef, RelationRef } from '../../../../contract/facts.ts';
import type { PolicyVersion } from '../../../../contract/ids.ts';
import type { Access, ToldRule } from '../../../../contract/policy-access.ts';
import type { Principal } from '../../../../contract/principal.ts';
import type { Target } from '../../../../contract/target.ts';
import { type AccessPlace, accessOf, toldFor } from '../access/access.ts';
import type { AskedSubject } from '../access/concern.ts';
import { reachOfAnybody } from '../decide/anybody.ts';
import { decide } from '../decide/decider.ts';
import { chooseMasks } from '../decide/masks.ts';
import { match } from '../decide/match.ts';
import { shadowOf } from '../decide/shadow.ts';
import type { Policy, Question, Recording, RelationReach, Ruling } from '../policy.ts';
import { type CompiledDelegation, standsInFor } from './delegations.ts';
import { glob } from './glob.ts';
import { readingAll } from './reading-all.ts';
import { type CompiledRecording, recordingOn } from './record.ts';
import type { CompiledRule } from './rule.ts';
import type { TagPattern } from './tags.ts';
import { TargetRules } from './target-rules.ts';

/** What a policy's documents come to. */
export type PolicyParts = {
  /** With those on trial. */
  rules: readonly CompiledRule[];
  tags: readonly TagPattern[];
  reviewed: ReadonlyArray<readonly [target: string, functions: readonly string[]]>;
  delegations: readonly CompiledDelegation[];
  recording: readonly CompiledRecording[];
};

/** The compiled form of a policy's documents. */
export class CompiledPolicy implements Policy {
  readonly version: PolicyVersion;
  readonly #parts: PolicyParts;
  readonly #rules: readonly CompiledRule[];
  readonly #byTarget = new WeakMap<Target, TargetRules>();
  /** With the rules on trial; null where none is about the target. */
  readonly #trials = new WeakMap<Target, TargetRules | null>();
  readonly #recordings = new WeakMap<Target, Recording>();

  constructor(version: PolicyVersion, parts: PolicyParts) {
    this.version = version;
    const rules = parts.rules.toSorted((a, b) => (a.counted.id < b.counted.id ? -1 : 1));
    this.#parts = { ...parts, rules };
    this.#rules = rules.filter(({ source }) => source.dryRun !== true);
  }

  decide(question: Question): Ruling {
    const ruling = this.#decideBy(this.#rulesOn(question.target), question);
    const trial = this.#trialOn(question.target);
    if (trial === null) return ruling;
    const other = this.#decideBy(trial, question);
    const shadow = shadowOf(ruling.decision, other.decision, question.facts);
    return {
      decision: shadow === null ? ruling.decision : { ...ruling.decision, shadow },
      cacheable: ruling.cacheable && other.cacheable,
    };
  }

  onTrial(): Policy {
    const inForce = (rule: CompiledRule): CompiledRule => ({
      ...rule,
      source: { ...rule.source, dryRun: false },
    });
    return new CompiledPolicy(this.version, { ...this.#parts, rules: this.#parts.rules.map(inForce) });
  }

  #decideBy(rules: TargetRules, question: Question): Ruling {
    const matched = match(question, rules);
    return { decision: decide(question, matched, this.version), cacheable: !matched.readClock };
  }

  #trialOn(target: Target): TargetRules | null {
    const known = this.#trials.get(target);
    if (known !== undefined) return known;
    const { rules, tags } = this.#parts;
    const isTried = rules.some(({ source, on }) => source.dryRun === true && on.target(target));
    const made = isTried ? new TargetRules(target, rules, tags) : null;
    this.#trials.set(target, made);
    return made;
  }

  masksOn(
    principal: Principal,
    target: Target,
    relation: RelationRef,
    columns: readonly string[],
    at: Date,
  ): Array<{ mask: ColumnMask; rule: CountedRule }> {
    const question = readingAll(principal, target, relation, columns, at);
    return chooseMasks(question, this.#rulesOn(target)).chosen;
  }

  reachOf(target: Target, relation: RelationRef, columns: readonly string[]): RelationReach {
    return reachOfAnybody(relation, columns, this.#rulesOn(target));
  }

  rulesKeepingNothing(target: Target, columns: readonly ColumnRef[]): readonly string[] {
    return this.#rulesOn(target)
      .keepingNothing(columns)
      .map(({ counted }) => counted.id);
  }

  mayUse(principal: Principal, target: Target): boolean {
    return this.#rulesOn(target).actions.some((rule) => rule.outcome !== 'block' && rule.concerns(principal));
  }

  groupsToApprove(principal: Principal, at: Date): readonly string[] {
    const delegated = standsInFor(this.#parts.delegations, principal, at);
    return delegated.length === 0 ? principal.groups : [...new Set([...principal.groups, ...delegated])];
  }

  reviewedFunctions(target: Target): ReadonlySet<string> {
    const here = this.#parts.reviewed.filter(([pattern]) => glob(pattern)(target.name));
    return new Set(here.flatMap(([, functions]) => functions));
  }

  recordingFor(target: Target): Recording {
    const known = this.#recordings.get(target);
    if (known !== undefined) return known;
    const made = recordingOn(target, this.#parts.recording);
    this.#recordings.set(target, made);
    return made;
  }

  groups(): readonly string[] {
    const named = this.#rules.flatMap(({ source: { who, except } }) =>
      [who, except ?? []].flat().flatMap((one) => (one === 'everyone' ? [] : (one.groups ?? []))),
    );
    return [...new Set(named)].toSorted();
  }

  accessOf(target: Target, place: AccessPlace, subject: AskedSubject): Access {
    return accessOf(target, place, subject, this.#rulesOn(target));
  }

  rulesFor(target: Target, subject: AskedSubject): ToldRule[] {
    const here = this.#rules.filter(({ on }) => on.target(target));
    return here.flatMap((rule) => toldFor(rule, subject) ?? []);
  }

  #rulesOn(target: Target): TargetRules {
    const known = this.#byTarget.get(target);
    if (known !== undefined) return known;
    const made = new TargetRules(target, this.#rules, this.#parts.tags);
    this.#byTarget.set(target, made);
    return made;
  }
}

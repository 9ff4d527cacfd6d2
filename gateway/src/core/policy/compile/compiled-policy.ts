import type { ColumnMask, CountedRule } from '../../../../contract/decision.ts';
import type { RelationRef } from '../../../../contract/facts.ts';
import type { PolicyVersion } from '../../../../contract/ids.ts';
import type { Principal } from '../../../../contract/principal.ts';
import type { Target } from '../../../../contract/target.ts';
import { reachOfAnybody } from '../decide/anybody.ts';
import { decide } from '../decide/decider.ts';
import { chooseMasks } from '../decide/masks.ts';
import { match } from '../decide/match.ts';
import type { Policy, Question, RelationReach, Ruling, SqlQuestion } from '../policy.ts';
import { type CompiledDelegation, standsInFor } from './delegations.ts';
import { glob } from './glob.ts';
import type { CompiledRule } from './rule.ts';
import type { TagPattern } from './tags.ts';
import { TargetRules } from './target-rules.ts';

/** The compiled form of a policy's documents. */
export class CompiledPolicy implements Policy {
  readonly version: PolicyVersion;
  readonly #rules: readonly CompiledRule[];
  readonly #tags: readonly TagPattern[];
  readonly #reviewed: ReadonlyArray<readonly [target: string, functions: readonly string[]]>;
  readonly #delegations: readonly CompiledDelegation[];
  readonly #byTarget = new WeakMap<Target, TargetRules>();

  constructor(
    version: PolicyVersion,
    rules: readonly CompiledRule[],
    tags: readonly TagPattern[],
    reviewed: ReadonlyArray<readonly [target: string, functions: readonly string[]]>,
    delegations: readonly CompiledDelegation[],
  ) {
    this.version = version;
    this.#rules = rules.toSorted((a, b) => (a.counted.id < b.counted.id ? -1 : 1));
    this.#tags = tags;
    this.#reviewed = reviewed;
    this.#delegations = delegations;
  }

  decide(question: Question): Ruling {
    const matched = match(question, this.#rulesOn(question.target));
    return { decision: decide(question, matched, this.version), cacheable: !matched.readClock };
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

  mayUse(principal: Principal, target: Target): boolean {
    return this.#rulesOn(target).actions.some((rule) => rule.outcome !== 'block' && rule.concerns(principal));
  }

  groupsToApprove(principal: Principal, at: Date): readonly string[] {
    const delegated = standsInFor(this.#delegations, principal, at);
    return delegated.length === 0 ? principal.groups : [...new Set([...principal.groups, ...delegated])];
  }

  reviewedFunctions(target: Target): ReadonlySet<string> {
    const here = this.#reviewed.filter(([pattern]) => glob(pattern)(target.name));
    return new Set(here.flatMap(([, functions]) => functions));
  }

  #rulesOn(target: Target): TargetRules {
    const known = this.#byTarget.get(target);
    if (known !== undefined) return known;
    const made = new TargetRules(target, this.#rules, this.#tags);
    this.#byTarget.set(target, made);
    return made;
  }
}

/** The question that `select * from relation` would put. */
function readingAll(
  principal: Principal,
  target: Target,
  relation: RelationRef,
  columns: readonly string[],
  at: Date,
): SqlQuestion {
  const refs = columns.map((column) => ({ schema: relation.schema, relation: relation.relation, column }));
  return {
    principal,
    target,
    columns: refs,
    through: [],
    at,
    network: 'editor',
    facts: {
      protocol: 'sql',
      kind: 'select',
      node: 'SelectStmt',
      readOnly: true,
      hasWhere: null,
      reads: [relation],
      writes: [],
      disclosed: refs,
      conditions: [],
      functions: [],
      settings: [],
      unknowns: [],
    },
  };
}

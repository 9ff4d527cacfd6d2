import type { Decision } from '../../../../contract/decision.ts';
import type { DecisionChangeKind } from '../../../../contract/decision-change.ts';
import type { PrincipalId, RuleId, TargetName } from '../../../../contract/ids.ts';
import type {
  ReplayExample,
  ReplayGroup,
  ReplayReport,
  ReplayRule,
} from '../../../../contract/policy-replay.ts';
import type { Change } from './changes.ts';

const EXAMPLES = 3;

/** Where an action counts: it is worked out once for all that are asked the same. */
export type Place = {
  groups: readonly Group[];
  kinds: readonly DecisionChangeKind[];
  rules: readonly ReplayRule[];
};

type Group = Omit<ReplayGroup, 'count' | 'people' | 'examples'> & {
  count: number;
  people: Set<PrincipalId>;
  examples: ReplayExample[];
  sentences: Pick<ReplayExample, 'before' | 'after'>;
};

/** What changes, counted and grouped. */
export class Tally {
  readonly #groups = new Map<string, Group>();
  readonly #kinds = new Map<DecisionChangeKind, number>();
  readonly #rules = new Map<RuleId, { rule: ReplayRule; count: number }>();

  place(
    target: TargetName,
    shape: string,
    changes: readonly Change[],
    before: Decision,
    after: Decision,
  ): Place {
    return {
      groups: changes.map((change) => this.#group(target, shape, change, before, after)),
      kinds: [...new Set(changes.map(({ kind }) => kind))],
      rules: [...new Map(changes.flatMap(({ rules }) => rules.map((rule) => [rule.id, rule]))).values()],
    };
  }

  /** `example` is called where one is wanted. */
  count(place: Place, who: PrincipalId, example: () => Omit<ReplayExample, 'before' | 'after'> | null): void {
    for (const group of place.groups) {
      group.count += 1;
      group.people.add(who);
      if (group.examples.length >= EXAMPLES) continue;
      const told = example();
      if (told !== null) group.examples.push({ ...told, ...group.sentences });
    }
    for (const kind of place.kinds) this.#kinds.set(kind, (this.#kinds.get(kind) ?? 0) + 1);
    for (const rule of place.rules) {
      const known = this.#rules.get(rule.id);
      if (known === undefined) this.#rules.set(rule.id, { rule, count: 1 });
      else known.count += 1;
    }
  }

  /** The largest groups first, at most `maxGroups`. */
  report(maxGroups: number): Pick<ReplayReport, 'changes' | 'rules' | 'groups' | 'groupsLeftOut'> {
    const counted = [...this.#groups.values()].filter(({ count }) => count > 0);
    const groups = counted.toSorted((a, b) => b.count - a.count || (a.shape < b.shape ? -1 : 1));
    const rules = [...this.#rules.values()].toSorted(
      (a, b) => b.count - a.count || (a.rule.id < b.rule.id ? -1 : 1),
    );
    return {
      changes: Object.fromEntries(this.#kinds),
      rules: rules.map(({ rule: { id, owner, because }, count }) => ({ id, owner, because, count })),
      groups: groups
        .slice(0, maxGroups)
        .map(({ people, sentences: _, ...group }) => ({ ...group, people: people.size })),
      groupsLeftOut: Math.max(0, groups.length - maxGroups),
    };
  }

  #group(
    target: TargetName,
    shape: string,
    { kind, detail, rules }: Change,
    before: Decision,
    after: Decision,
  ): Group {
    const ids = rules.map(({ id }) => id);
    const key = JSON.stringify([kind, before.outcome, after.outcome, target, shape, detail, ids]);
    const known = this.#groups.get(key);
    if (known !== undefined) return known;
    const made: Group = {
      kind,
      before: before.outcome,
      after: after.outcome,
      target,
      shape,
      detail,
      rules: rules.map(({ id, owner, because }) => ({ id, owner, because })),
      count: 0,
      people: new Set(),
      examples: [],
      sentences: { before: before.sentence, after: after.sentence },
    };
    this.#groups.set(key, made);
    return made;
  }
}

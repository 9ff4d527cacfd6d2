import type { Decision } from '../../../../contract/decision.ts';
import type { ChangeDirection, DecisionChangeKind } from '../../../../contract/decision-change.ts';
import type { PrincipalId, RuleId, TargetName } from '../../../../contract/ids.ts';
import type {
  ReplayDecision,
  ReplayDifference,
  ReplayExample,
  ReplayGroup,
  ReplayReport,
  ReplayRule,
} from '../../../../contract/policy-replay.ts';
import type { Change } from './changes.ts';

/** A statement's begin tells which one it is. */
const MAX_STATEMENT_CHARACTERS = 4_000;
/** Of all statements together so much is kept. */
const MAX_KEPT_CHARACTERS = 8 * 1024 * 1024;

/** Where an action counts: it is worked out once for all that are asked the same. */
export type Place = {
  groups: readonly Group[];
  ways: readonly Way[];
  rules: readonly ReplayRule[];
  difference: ReplayDifference;
};

/** One action, as a record tells it. */
export type Told = Pick<ReplayExample, 'record' | 'session' | 'at' | 'who' | 'statement'>;

type Way = { kind: DecisionChangeKind; direction: ChangeDirection };
type Group = Omit<ReplayGroup, 'count' | 'people' | 'examples'> & {
  count: number;
  people: Set<PrincipalId>;
  examples: ReplayExample[];
};

/** What changes, counted and grouped. */
export class Tally {
  readonly #maxExamples: number;
  readonly #groups = new Map<string, Group>();
  readonly #kinds = new Map<DecisionChangeKind, number>();
  readonly #ways = new Map<string, Way & { count: number }>();
  readonly #rules = new Map<RuleId, { rule: ReplayRule; count: number }>();
  readonly #differences = new Map<ReplayDifference, number>();
  #looser = 0;
  #keptCharacters = 0;

  /** Of each group at most so many actions are told. */
  constructor(maxExamples: number) {
    this.#maxExamples = maxExamples;
  }

  place(
    target: TargetName,
    shape: string,
    changes: readonly Change[],
    before: Decision,
    after: Decision,
  ): Place {
    return {
      groups: changes.map((change) => this.#group(target, shape, change, before, after)),
      ways: [
        ...new Map(
          changes.map(({ kind, direction }) => [wayKey({ kind, direction }), { kind, direction }]),
        ).values(),
      ],
      rules: [...new Map(changes.flatMap(({ rules }) => rules.map((rule) => [rule.id, rule]))).values()],
      difference: {
        before: decisionOf(before),
        after: decisionOf(after),
        changes: changes.map(({ rules, ...change }) => ({ ...change, rules: rules.map(({ id }) => id) })),
      },
    };
  }

  /** `tell` is called where the action is an example of something. */
  count(place: Place, who: PrincipalId, tell: () => Told | null): void {
    const { groups, ways, rules, difference } = place;
    for (const group of groups) {
      group.count += 1;
      group.people.add(who);
    }
    const short = groups.filter(({ examples }) => examples.length < this.#maxExamples);
    if (short.length > 0 && this.#keptCharacters < MAX_KEPT_CHARACTERS) this.#keep(short, difference, tell());
    for (const kind of new Set(ways.map((way) => way.kind))) {
      this.#kinds.set(kind, (this.#kinds.get(kind) ?? 0) + 1);
    }
    for (const way of ways) {
      const known = this.#ways.get(wayKey(way));
      if (known === undefined) this.#ways.set(wayKey(way), { ...way, count: 1 });
      else known.count += 1;
    }
    if (ways.some(({ direction }) => direction === 'looser')) this.#looser += 1;
    for (const rule of rules) {
      const known = this.#rules.get(rule.id);
      if (known === undefined) this.#rules.set(rule.id, { rule, count: 1 });
      else known.count += 1;
    }
  }

  /** The largest groups first, at most `maxGroups`: what lets more through is left out last. */
  report(
    maxGroups: number,
  ): Pick<
    ReplayReport,
    'changes' | 'ways' | 'looser' | 'rules' | 'groups' | 'groupsLeftOut' | 'differences'
  > {
    const groups = [...this.#groups.values()].filter(({ count }) => count > 0).toSorted(bySize);
    const kept = groups.toSorted(
      (a, b) => Number(b.direction === 'looser') - Number(a.direction === 'looser'),
    );
    const rules = [...this.#rules.values()].toSorted(
      (a, b) => b.count - a.count || (a.rule.id < b.rule.id ? -1 : 1),
    );
    return {
      changes: Object.fromEntries(this.#kinds),
      ways: [...this.#ways.values()].toSorted((a, b) => b.count - a.count),
      looser: this.#looser,
      rules: rules.map(({ rule, count }) => ({ ...ruleOf(rule), count })),
      groups: kept
        .slice(0, maxGroups)
        .toSorted(bySize)
        .map(({ people, ...group }) => ({ ...group, people: people.size })),
      groupsLeftOut: Math.max(0, groups.length - maxGroups),
      differences: [...this.#differences.keys()],
    };
  }

  #keep(groups: readonly Group[], difference: ReplayDifference, told: Told | null): void {
    if (told === null) return;
    const known = this.#differences.get(difference) ?? this.#differences.size;
    this.#differences.set(difference, known);
    const statement = told.statement.slice(0, MAX_STATEMENT_CHARACTERS);
    const { before, after } = difference;
    const example: ReplayExample = {
      ...told,
      statement,
      isCut: statement.length < told.statement.length,
      difference: known,
      before: before.sentence,
      after: after.sentence,
    };
    this.#keptCharacters += statement.length * groups.length;
    for (const { examples } of groups) examples.push(example);
  }

  #group(
    target: TargetName,
    shape: string,
    { kind, direction, detail, rules }: Change,
    before: Decision,
    after: Decision,
  ): Group {
    const ids = rules.map(({ id }) => id);
    const key = JSON.stringify([kind, before.outcome, after.outcome, target, shape, detail, ids]);
    const known = this.#groups.get(key);
    if (known !== undefined) return known;
    const made: Group = {
      kind,
      direction,
      before: before.outcome,
      after: after.outcome,
      target,
      shape,
      detail,
      rules: rules.map(ruleOf),
      count: 0,
      people: new Set(),
      examples: [],
    };
    this.#groups.set(key, made);
    return made;
  }
}

function bySize(a: Group, b: Group): number {
  return b.count - a.count || (a.shape < b.shape ? -1 : 1);
}

function wayKey({ kind, direction }: Way): string {
  return `${kind} ${direction}`;
}

function decisionOf({ outcome, sentence, rules }: Decision): ReplayDecision {
  return { outcome, sentence, rules: rules.map(ruleOf) };
}

function ruleOf({ id, owner, because }: ReplayRule): ReplayRule {
  return { id, owner, because };
}

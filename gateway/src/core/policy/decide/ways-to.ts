import type { RelationRef, SqlFacts, ThroughColumns, ThroughRef } from '../../../../contract/facts.ts';

/** The columns that a statement names and uses. */
type Named = Pick<SqlFacts, 'disclosed' | 'conditions'>;
type Ways = readonly ThroughColumns[] | null;

/** What leads to the columns of relations that are used behind what a statement names. */
export class WaysTo {
  readonly #facts: Named;
  readonly #through: readonly ThroughRef[];
  /** What is told of each relation that is read; made once somebody is like one, which few statements lead to. */
  #told: ReadonlyMap<string, ThroughRef['columns']> | undefined;
  /** Of relations that others are like. */
  readonly #known = new Map<string, Ways>();

  constructor(facts: Named, through: readonly ThroughRef[]) {
    this.#facts = facts;
    this.#through = through;
  }

  /** The ways to what is told of a relation; null where every column counts. */
  all(columns: ThroughRef['columns']): Ways {
    return columns !== null && 'sameAs' in columns ? this.#throughOther(columns.sameAs) : columns;
  }

  #throughOther(other: RelationRef): Ways {
    const key = keyOf(other);
    const known = this.#known.get(key);
    if (known !== undefined) return known;
    // Of one that is like itself, every column counts.
    this.#known.set(key, null);
    const told = this.#toldOf(key);
    const behind = told === undefined ? [] : this.all(told);
    const ways = behind === null ? null : [this.#named(other), ...behind.map((way) => further(way, other))];
    this.#known.set(key, ways);
    return ways;
  }

  #toldOf(key: string): ThroughRef['columns'] | undefined {
    this.#told ??= new Map(
      this.#through.filter(({ by }) => by === 'select').map((ref) => [keyOf(ref), ref.columns]),
    );
    return this.#told.get(key);
  }

  #named(by: RelationRef): ThroughColumns {
    const { disclosed, conditions } = this.#facts;
    const named = [...disclosed, ...conditions].filter((column) => keyOf(column) === keyOf(by));
    return { by, path: [], columns: named.map(({ column }) => ({ column, as: column })) };
  }
}

function further(way: ThroughColumns, by: RelationRef): ThroughColumns {
  return { ...way, path: [by, ...way.path] };
}

function keyOf({ schema, relation }: RelationRef): string {
  return JSON.stringify([schema, relation]);
}

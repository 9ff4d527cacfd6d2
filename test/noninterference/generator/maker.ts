import type { Random } from './random.ts';
import type { Schema } from './schema.ts';
import { SQL_NAME, type Type } from './types.ts';

/** How many of the statements have names that stand before others, and how many of theirs do. */
const SHADOWING = 0.15;
const SHADOWS = 0.5;

export type Named = { name: string; type: Type };
/** Something in FROM. `whole`: its alias can stand for a row of named columns. */
export type Item = { alias: string; columns: readonly Named[]; whole: boolean };
export type Cte = { name: string; columns: readonly Named[] };
/** What names mean where an expression stands. */
export type Scope = { items: readonly Item[]; outer: Scope | null; ctes: readonly Cte[] };
export const EMPTY_SCOPE: Scope = { items: [], outer: null, ctes: [] };

/** What one statement is made with. */
export class Maker {
  readonly random: Random;
  readonly schema: Schema;
  /** Whether names may be those of columns, relations, system columns and one another: which one is meant, the server knows. */
  readonly shadows: boolean;
  /** Texts of $1, $2 …; null where the statement takes none. */
  parameters: string[] | null = null;
  readonly #given: string[] = [];

  constructor(random: Random, schema: Schema) {
    this.random = random;
    this.schema = schema;
    this.shadows = random.chance(SHADOWING);
  }

  /** A name that nothing else in the statement has, but where it shadows. */
  fresh(prefix: string): string {
    const name = `${prefix}${this.#given.length + 1}`;
    const shadow = this.shadows && this.random.chance(SHADOWS) ? this.#shadow() : name;
    this.#given.push(shadow);
    return shadow;
  }

  #shadow(): string {
    const { random, schema } = this;
    const relation = random.pick(schema.governedTables);
    return random.weighted([
      [5, random.pick(relation.columns).name],
      [2, relation.name],
      [1, random.pick(schema.relations).name],
      [3, this.#given.length === 0 ? relation.name : random.pick(this.#given)],
      [1, random.pick(['ctid', 'tableoid', 'lower', 'count', 'excluded', 'old', 'value'])],
    ]);
  }

  /** A constant, or a parameter that holds it where the statement may have some. */
  constant(literal: string, type: Type): string {
    if (this.parameters === null || this.parameters.length > 6 || !this.random.chance(0.4)) return literal;
    const text = /^(?:date |interval |timestamptz )?'((?:[^']|'')*)'(?:::[\w.[\]]+)?$/.exec(literal)?.[1];
    const value = text?.replaceAll("''", "'") ?? literal;
    this.parameters.push(value);
    return `$${this.parameters.length}::${SQL_NAME[type]}`;
  }
}

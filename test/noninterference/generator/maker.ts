import type { Random } from './random.ts';
import type { Schema } from './schema.ts';
import { SQL_NAME, type Type } from './types.ts';

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
  /** Texts of $1, $2 …; null where the statement takes none. */
  parameters: string[] | null = null;
  #aliases = 0;

  constructor(random: Random, schema: Schema) {
    this.random = random;
    this.schema = schema;
  }

  /** A name that nothing else in the statement has. */
  fresh(prefix: string): string {
    this.#aliases += 1;
    return `${prefix}${this.#aliases}`;
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

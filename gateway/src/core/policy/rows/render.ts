import { assertNever } from '../../../../contract/assert-never.ts';
import type { Principal } from '../../../../contract/principal.ts';
import type { Comparison, Filter, Operand } from './tree.ts';

/** A filter as SQL over a relation's own columns, for one person; or why it can't be told for them. */
export type Rendered = { sql: string } | { problem: string };

class CannotTell extends Error {}

/** Puts what a person's claims say in place of their names. */
export function renderFilter(filter: Filter, principal: Principal): Rendered {
  try {
    return { sql: new Renderer(principal).filter(filter) };
  } catch (error) {
    if (error instanceof CannotTell) return { problem: error.message };
    throw error;
  }
}

/** Names of the columns that a filter looks at. */
export function columnsOf(filter: Filter): Set<string> {
  const columns = new Set<string>();
  const visit = (node: Filter | Operand): void => {
    if (node.kind === 'column') columns.add(node.name);
    for (const part of Object.values(node)) {
      for (const inner of Array.isArray(part) ? part : [part]) {
        if (typeof inner === 'object' && inner !== null) visit(inner as Filter | Operand);
      }
    }
  };
  visit(filter);
  return columns;
}

const PLAIN_NAME = /^[a-z_][a-z0-9_]*$/;
/** Reserved in PostgreSQL: they stand for something else without quotes. */
const RESERVED: ReadonlySet<string> = new Set(
  `all analyse analyze and any array as asc asymmetric authorization binary both case cast check collate collation
  column concurrently constraint create cross current_catalog current_date current_role current_schema current_time
  current_timestamp current_user default deferrable desc distinct do else end except false fetch for foreign freeze
  from full grant group having ilike in initially inner intersect into is isnull join lateral leading left like limit
  localtime localtimestamp natural not notnull null offset on only or order outer overlaps placing primary references
  returning right select session_user similar some symmetric system_user table tablesample then to trailing true union
  unique user using variadic verbose when where window with`.split(/\s+/),
);

class Renderer {
  readonly #principal: Principal;

  constructor(principal: Principal) {
    this.#principal = principal;
  }

  filter(filter: Filter): string {
    switch (filter.kind) {
      case 'and':
      case 'or':
        return filter.parts.map((part) => this.#within(part)).join(filter.kind === 'and' ? ' AND ' : ' OR ');
      case 'not':
        return `NOT (${this.filter(filter.part)})`;
      case 'compare':
        return this.#compare(filter.operator, filter.left, filter.right);
      case 'in':
        return this.#in(
          filter.left,
          filter.right.flatMap((item) => this.#values(item)),
          filter.negated,
        );
      case 'like':
        return `${this.#one(filter.left)}${not(filter.negated)} ${filter.operator} ${this.#one(filter.right)}`;
      case 'between':
        return `${this.#one(filter.left)}${not(filter.negated)} BETWEEN ${this.#one(filter.low)} AND ${this.#one(filter.high)}`;
      case 'is':
        return `${this.#one(filter.left)} IS${not(filter.negated)} ${filter.what}`;
      case 'holds':
        return this.#one(filter.left);
      default:
        return assertNever(filter);
    }
  }

  #within(filter: Filter): string {
    const text = this.filter(filter);
    return filter.kind === 'and' || filter.kind === 'or' ? `(${text})` : text;
  }

  /** A claim that is a list has a value when it contains it. */
  #compare(operator: Comparison, left: Operand, right: Operand): string {
    const [lefts, rights] = [this.#listOf(left), this.#listOf(right)];
    if (lefts === null && rights === null) return `${this.#one(left)} ${operator} ${this.#one(right)}`;
    if (operator !== '=' && operator !== '<>') {
      throw new CannotTell(
        `${shown(lefts === null ? right : left)} is a list, which ${operator} can't be asked of`,
      );
    }
    if (lefts !== null && rights !== null) throw new CannotTell('both sides are lists');
    return this.#in(lefts === null ? left : right, lefts ?? rights ?? [], operator === '<>');
  }

  #in(left: Operand, values: readonly string[], negated: boolean): string {
    if (values.length === 0) return negated ? 'TRUE' : 'FALSE';
    return `${this.#one(left)}${not(negated)} IN (${values.join(', ')})`;
  }

  #values(operand: Operand): string[] {
    return this.#listOf(operand) ?? [this.#one(operand)];
  }

  #listOf(operand: Operand): string[] | null {
    const value = this.#held(operand);
    return Array.isArray(value) ? value.map((item) => this.#literal(operand, item)) : null;
  }

  #one(operand: Operand): string {
    switch (operand.kind) {
      case 'column':
        return PLAIN_NAME.test(operand.name) && !RESERVED.has(operand.name)
          ? operand.name
          : `"${operand.name.replaceAll('"', '""')}"`;
      case 'literal':
        return operand.quoted ? quote(operand.text) : operand.text;
      case 'call':
        return `${operand.name}(${operand.args.map((arg) => this.#one(arg)).join(', ')})`;
      case 'claim':
      case 'user':
        return this.#literal(operand, this.#held(operand));
      default:
        return assertNever(operand);
    }
  }

  #held(operand: Operand): unknown {
    if (operand.kind === 'user') return this.#principal[operand.field];
    if (operand.kind !== 'claim') return undefined;
    const { claims } = this.#principal;
    return Object.hasOwn(claims, operand.name) ? claims[operand.name] : undefined;
  }

  /** Numbers too are written in quotes: the server reads them as whatever type the column has. */
  #literal(operand: Operand, value: unknown): string {
    if (value === undefined || value === null) throw new CannotTell(`you have no ${shown(operand)}`);
    if (typeof value === 'object')
      throw new CannotTell(`${shown(operand)} is neither a value nor a list of them`);
    if (Number.isInteger(value) && !Number.isSafeInteger(value))
      throw new CannotTell(
        `${shown(operand)} is a number of more digits than can be told: it must be a text`,
      );
    const text = String(value);
    if (text.includes('\0') || !text.isWellFormed()) throw new CannotTell(`${shown(operand)} is no text`);
    return quote(text);
  }
}

const not = (negated: boolean) => (negated ? ' NOT' : '');
const quote = (text: string) => `'${text.replaceAll("'", "''")}'`;

function shown(operand: Operand): string {
  if (operand.kind === 'claim') return `claim "${operand.name}"`;
  return operand.kind === 'user' ? `user.${operand.field}` : 'what it compares';
}

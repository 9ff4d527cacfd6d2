import type { A_Expr, Node } from 'libpg-query';
import type { Column, Relation } from '../catalogue/catalogue.ts';
import { isCitext, plainType } from '../masks/plain-type.ts';
import { quoted } from '../masks/type-name.ts';
import { bodyOf, namesOf, tagOf } from '../parse/node.ts';
import { parse } from '../parse/parser.ts';
import { incomparable, isCollated, unlike, unsettled } from './compared-types.ts';

/** Operators and functions that are immutable, and raise no error on any value. */
const OPERATORS: ReadonlySet<string> = new Set(['=', '<>', '<', '<=', '>', '>=', '~~', '!~~', '~~*', '!~~*']);
const FUNCTIONS: ReadonlySet<string> = new Set(['lower', 'upper', 'btrim', 'length']);

class NotAllowed extends Error {}

/** What stands in a comparison: types of columns, constants, and citext, qualified, where a column is one. */
type Compared = {
  citext: string | null;
  types: readonly string[];
  texts: readonly string[];
  /** How many columns. */
  columns: number;
};
/** How columns are written where they are compared. */
type As = { citext: string | null; collated: boolean };
const AS_THEY_ARE: As = { citext: null, collated: false };

/** No column's own collation, of which two don't compare and some take no LIKE. */
const COLLATION = ' COLLATE pg_catalog."default"';
const LIKE: ReadonlySet<string> = new Set(['~~', '!~~', '~~*', '!~~*']);

/**
 * A row filter's condition over `relation`, with columns of `alias` and every operator and function of pg_catalog; or
 * a sentence that says why it can't be one.
 */
export function qualifiedCondition(
  condition: string,
  relation: Relation,
  alias: string | null,
): { sql: string; columns: ReadonlySet<string> } | { problem: string } {
  const parsed = parse(`SELECT 1 WHERE ${condition}`);
  const [only, second] = parsed.kind === 'parsed' ? parsed.statements : [];
  const select = bodyOf(only?.tree, 'SelectStmt');
  const { targetList: _one, whereClause, op: _op, limitOption: _limit, ...rest } = select ?? {};
  if (second !== undefined || whereClause === undefined || Object.keys(rest).length > 0) {
    return { problem: `its condition ${condition} is not understood` };
  }
  try {
    const writer = new Writer(relation, alias);
    return { sql: writer.write(whereClause), columns: writer.columns };
  } catch (error) {
    if (error instanceof NotAllowed) return { problem: error.message };
    throw error;
  }
}

/** Names of the columns that a relation's filters look at. */
export function columnsOfFilters(
  relation: Relation,
  rows: { conditionsOf(relation: Relation): readonly string[] },
): ReadonlySet<string> {
  const made = rows.conditionsOf(relation).map((condition) => qualifiedCondition(condition, relation, null));
  return new Set(made.flatMap((one) => ('sql' in one ? [...one.columns] : [])));
}

export function literal(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

class Writer {
  /** Names of the columns that were written. */
  readonly columns = new Set<string>();
  readonly #relation: Relation;
  readonly #alias: string | null;

  constructor(relation: Relation, alias: string | null) {
    this.#relation = relation;
    this.#alias = alias;
  }

  write(node: Node | undefined): string {
    const both = bodyOf(node, 'BoolExpr');
    if (both !== undefined) {
      const parts = (both.args ?? []).map((part) => `(${this.write(part)})`);
      if (both.boolop === 'NOT_EXPR') return `NOT ${parts.join('')}`;
      return parts.join(both.boolop === 'AND_EXPR' ? ' AND ' : ' OR ');
    }
    const expression = bodyOf(node, 'A_Expr');
    if (expression !== undefined) return this.#operation(expression);
    const isNull = bodyOf(node, 'NullTest');
    if (isNull !== undefined) {
      return `${this.#value(isNull.arg)} IS ${isNull.nulltesttype === 'IS_NULL' ? '' : 'NOT '}NULL`;
    }
    const truth = bodyOf(node, 'BooleanTest');
    if (truth !== undefined)
      return `${this.#value(truth.arg)} ${TESTS[truth.booltesttype ?? ''] ?? refuse('a test')}`;
    return this.#value(node);
  }

  #operation({ kind, name, lexpr, rexpr }: A_Expr): string {
    const items = bodyOf(rexpr, 'List')?.items ?? [];
    const operands = [lexpr, ...(items.length === 0 ? [rexpr] : items)];
    const operator = namesOf(name).join('.');
    if (LIKE.has(operator)) patternOf(rexpr);
    const as = this.#compares(operands, LIKE.has(operator));
    const value = (node: Node | undefined) => this.#value(node, as);
    const written = (operator: string) => operatorOf(operator, as.citext);
    const left = value(lexpr);
    if (kind === 'AEXPR_IN') {
      const each = items.map((item) => `${left} ${written(operator)} ${value(item)}`);
      return `(${each.join(operator === '=' ? ' OR ' : ' AND ')})`;
    }
    if (kind === 'AEXPR_BETWEEN' || kind === 'AEXPR_NOT_BETWEEN') {
      const [low = refuse('BETWEEN'), high = refuse('BETWEEN')] = items.map(value);
      const within = `(${left} ${written('>=')} ${low} AND ${left} ${written('<=')} ${high})`;
      return kind === 'AEXPR_BETWEEN' ? within : `(NOT ${within})`;
    }
    if (kind !== 'AEXPR_OP' && kind !== 'AEXPR_LIKE' && kind !== 'AEXPR_ILIKE') refuse(`${kind}`);
    if (lexpr === undefined) refuse(`a sign before a value`);
    return `${left} ${written(operator)} ${value(rexpr)}`;
  }

  /** How columns are written that are compared with one another, or with constants, so that no value raises an error. */
  #compares(operands: ReadonlyArray<Node | undefined>, isLike: boolean): As {
    const { citext, types, texts, columns } = this.#compared(operands);
    if (citext !== null && types.length > 0) refuse('a citext beside something of another type');
    const why = unsettled(types, texts) ?? unlike(types);
    if (why !== null) refuse(why);
    return { citext, collated: citext === null && (isLike || columns > 1) };
  }

  #compared(operands: ReadonlyArray<Node | undefined>): Compared {
    const each = operands.map((operand) => this.#operand(operand));
    return {
      citext: each.find(({ citext }) => citext !== null)?.citext ?? null,
      types: each.flatMap(({ types }) => types),
      texts: each.flatMap(({ texts }) => texts),
      columns: each.reduce((sum, { columns }) => sum + columns, 0),
    };
  }

  #operand(node: Node | undefined): Compared {
    const column = bodyOf(node, 'ColumnRef');
    if (column !== undefined) return this.#column(namesOf(column.fields)[0] ?? '');
    const first = bodyOf(node, 'CoalesceExpr')?.args;
    if (first !== undefined) {
      this.#compares(first, false);
      return this.#compared(first);
    }
    const call = bodyOf(node, 'FuncCall');
    const within = this.#compared(call?.args ?? []);
    const constant = bodyOf(node, 'A_Const');
    const texts = constant?.sval === undefined ? [] : [constant.sval.sval ?? ''];
    const given = namesOf(call?.funcname)[0] === 'length' ? 'int4' : 'text';
    return { citext: null, types: constant === undefined ? [given] : [], texts, columns: within.columns };
  }

  #column(name: string): Compared {
    const column = this.#named(name);
    if (column.virtual) refuse(`column ${name}, which is computed as it is read, and that may fail`);
    const type = plainType(column);
    if (isCitext(type)) return { citext: type.shown, types: [], texts: [], columns: 1 };
    const why = incomparable(type);
    if (why !== null) refuse(`column ${name}, whose ${why}`);
    return { citext: null, types: [type.name ?? type.shown], texts: [], columns: 1 };
  }

  #named(name: string): Column {
    return this.#relation.byName.get(name) ?? refuse(`column ${name}, which there is not`);
  }

  #value(node: Node | undefined, as: As = AS_THEY_ARE): string {
    const cast = as.citext === null ? '' : `::${as.citext}`;
    const column = bodyOf(node, 'ColumnRef');
    if (column !== undefined) {
      const [name, more] = namesOf(column.fields);
      if (name == null || more !== undefined) refuse('a column that is not named by its name alone');
      const own = this.#named(name);
      if (own.virtual) refuse(`column ${name}, which is computed as it is read, and that may fail`);
      this.columns.add(own.name);
      const shown = `${this.#alias === null ? '' : `${quoted(this.#alias)}.`}${quoted(name)}${cast}`;
      return as.collated && isCollated(plainType(own).name ?? '') ? `(${shown}${COLLATION})` : shown;
    }
    const constant = bodyOf(node, 'A_Const');
    if (constant?.sval !== undefined) return `${literal(constant.sval.sval ?? '')}${cast}`;
    if (constant?.ival !== undefined) return `(${constant.ival.ival ?? 0})`;
    if (constant?.fval !== undefined) return `(${constant.fval.fval ?? ''})`;
    if (constant?.boolval !== undefined) return constant.boolval.boolval === true ? 'TRUE' : 'FALSE';
    const call = bodyOf(node, 'FuncCall');
    if (call !== undefined) return this.#call(namesOf(call.funcname), call.args ?? [], Object.keys(call), as);
    const first = bodyOf(node, 'CoalesceExpr');
    if (first !== undefined)
      return `COALESCE(${(first.args ?? []).map((arg) => this.#value(arg, as)).join(', ')})`;
    return refuse(`${tagOf(node)}`);
  }

  #call(name: Array<string | null>, args: readonly Node[], fields: readonly string[], as: As): string {
    const [only, more] = name;
    const plain = fields.every((field) => ['funcname', 'args', 'funcformat', 'location'].includes(field));
    if (only == null || more !== undefined || !FUNCTIONS.has(only) || !plain)
      refuse(`function ${name.join('.')}`);
    return `pg_catalog.${quoted(only)}(${args.map((arg) => this.#value(arg, { ...as, citext: null })).join(', ')})`;
  }
}

const TESTS: Readonly<Record<string, string>> = {
  IS_TRUE: 'IS TRUE',
  IS_NOT_TRUE: 'IS NOT TRUE',
  IS_FALSE: 'IS FALSE',
  IS_NOT_FALSE: 'IS NOT FALSE',
};

/** An operator of pg_catalog, or the one of the same name of citext, which stands where its type does. */
function operatorOf(name: string, citext: string | null): string {
  if (!OPERATORS.has(name)) refuse(`operator ${name}`);
  const schema = citext === null ? 'pg_catalog' : citext.replace(/\.citext$/, '');
  return `OPERATOR(${schema}.${name})`;
}

/** A pattern that ends in the middle of an escape fails for the texts that get so far. */
function patternOf(node: Node | undefined): void {
  const text = bodyOf(node, 'A_Const')?.sval?.sval ?? refuse('a pattern that is no constant');
  const escapes = /\\*$/.exec(text)?.[0].length ?? 0;
  if (escapes % 2 === 1) refuse(`the pattern '${text}', which ends in a lone \\`);
}

function refuse(what: string): never {
  throw new NotAllowed(`its condition uses ${what}`);
}

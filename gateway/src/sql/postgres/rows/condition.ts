import type { A_Expr, Node } from 'libpg-query';
import type { Column, Relation } from '../catalogue/catalogue.ts';
import { isCitext, plainType } from '../masks/plain-type.ts';
import { quoted } from '../masks/type-name.ts';
import { bodyOf, namesOf, tagOf } from '../parse/node.ts';
import { parse } from '../parse/parser.ts';
import { incomparable, unsettled } from './compared-types.ts';

/** Operators and functions that are immutable, and raise no error on any value. */
const OPERATORS: ReadonlySet<string> = new Set(['=', '<>', '<', '<=', '>', '>=', '~~', '!~~', '~~*', '!~~*']);
const FUNCTIONS: ReadonlySet<string> = new Set(['lower', 'upper', 'btrim', 'length']);

class NotAllowed extends Error {}

/** What stands in a comparison: types of columns, constants, and citext, qualified, where a column is one. */
type Compared = { citext: string | null; types: readonly string[]; texts: readonly string[] };

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
    const citext = this.#citextOf([lexpr, ...(items.length === 0 ? [rexpr] : items)]);
    const value = (node: Node | undefined) => this.#value(node, citext);
    const written = (operator: string) => operatorOf(operator, citext);
    const operator = namesOf(name).join('.');
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

  /** The type citext, qualified, where it is what is compared; null where that is a type of the server's own. */
  #citextOf(operands: ReadonlyArray<Node | undefined>): string | null {
    const { citext, types, texts } = this.#compared(operands);
    if (citext !== null && types.length > 0) refuse('a citext beside something of another type');
    const why = unsettled(types, texts);
    return why === null ? citext : refuse(why);
  }

  #compared(operands: ReadonlyArray<Node | undefined>): Compared {
    const each = operands.map((operand) => this.#operand(operand));
    return {
      citext: each.find(({ citext }) => citext !== null)?.citext ?? null,
      types: each.flatMap(({ types }) => types),
      texts: each.flatMap(({ texts }) => texts),
    };
  }

  #operand(node: Node | undefined): Compared {
    const column = bodyOf(node, 'ColumnRef');
    if (column !== undefined) return this.#column(namesOf(column.fields)[0] ?? '');
    const first = bodyOf(node, 'CoalesceExpr')?.args;
    if (first !== undefined) {
      this.#citextOf(first);
      return this.#compared(first);
    }
    for (const arg of bodyOf(node, 'FuncCall')?.args ?? []) this.#operand(arg);
    const constant = bodyOf(node, 'A_Const');
    const texts = constant?.sval === undefined ? [] : [constant.sval.sval ?? ''];
    return { citext: null, types: constant === undefined ? ['text'] : [], texts };
  }

  #column(name: string): Compared {
    const type = plainType(this.#named(name));
    if (isCitext(type)) return { citext: type.shown, types: [], texts: [] };
    const why = incomparable(type);
    if (why !== null) refuse(`column ${name}, whose ${why}`);
    return { citext: null, types: [type.name ?? type.shown], texts: [] };
  }

  #named(name: string): Column {
    return this.#relation.byName.get(name) ?? refuse(`column ${name}, which there is not`);
  }

  /** @param citext the type, qualified, as which it is compared; null for one of the server's own */
  #value(node: Node | undefined, citext: string | null = null): string {
    const cast = citext === null ? '' : `::${citext}`;
    const column = bodyOf(node, 'ColumnRef');
    if (column !== undefined) {
      const [name, more] = namesOf(column.fields);
      if (name == null || more !== undefined) refuse('a column that is not named by its name alone');
      this.columns.add(this.#named(name).name);
      return `${this.#alias === null ? '' : `${quoted(this.#alias)}.`}${quoted(name)}${cast}`;
    }
    const constant = bodyOf(node, 'A_Const');
    if (constant?.sval !== undefined) return `${literal(constant.sval.sval ?? '')}${cast}`;
    if (constant?.ival !== undefined) return `(${constant.ival.ival ?? 0})`;
    if (constant?.fval !== undefined) return `(${constant.fval.fval ?? ''})`;
    if (constant?.boolval !== undefined) return constant.boolval.boolval === true ? 'TRUE' : 'FALSE';
    const call = bodyOf(node, 'FuncCall');
    if (call !== undefined) return this.#call(namesOf(call.funcname), call.args ?? [], Object.keys(call));
    const first = bodyOf(node, 'CoalesceExpr');
    if (first !== undefined)
      return `COALESCE(${(first.args ?? []).map((arg) => this.#value(arg, citext)).join(', ')})`;
    return refuse(`${tagOf(node)}`);
  }

  #call(name: Array<string | null>, args: readonly Node[], fields: readonly string[]): string {
    const [only, more] = name;
    const plain = fields.every((field) => ['funcname', 'args', 'funcformat', 'location'].includes(field));
    if (only == null || more !== undefined || !FUNCTIONS.has(only) || !plain)
      refuse(`function ${name.join('.')}`);
    return `pg_catalog.${quoted(only)}(${args.map((arg) => this.#value(arg)).join(', ')})`;
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

function refuse(what: string): never {
  throw new NotAllowed(`its condition uses ${what}`);
}

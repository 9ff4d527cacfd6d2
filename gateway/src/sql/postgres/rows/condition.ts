import type { A_Expr, Node } from 'libpg-query';
import type { Relation } from '../catalogue/catalogue.ts';
import { quoted } from '../masks/type-name.ts';
import { bodyOf, namesOf, tagOf } from '../parse/node.ts';
import { parse } from '../parse/parser.ts';

/** Operators and functions that are immutable, and raise no error on any value. */
const OPERATORS: ReadonlySet<string> = new Set(['=', '<>', '<', '<=', '>', '>=', '~~', '!~~', '~~*', '!~~*']);
const FUNCTIONS: ReadonlySet<string> = new Set(['lower', 'upper', 'btrim', 'length']);

class NotAllowed extends Error {}

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
    const operator = namesOf(name).join('.');
    const left = this.#value(lexpr);
    const items = (bodyOf(rexpr, 'List')?.items ?? []).map((item) => this.#value(item));
    if (kind === 'AEXPR_IN') {
      const each = items.map((item) => `${left} ${pgCatalog(operator)} ${item}`);
      return `(${each.join(operator === '=' ? ' OR ' : ' AND ')})`;
    }
    if (kind === 'AEXPR_BETWEEN' || kind === 'AEXPR_NOT_BETWEEN') {
      const [low = refuse('BETWEEN'), high = refuse('BETWEEN')] = items;
      const within = `(${left} ${pgCatalog('>=')} ${low} AND ${left} ${pgCatalog('<=')} ${high})`;
      return kind === 'AEXPR_BETWEEN' ? within : `(NOT ${within})`;
    }
    if (kind !== 'AEXPR_OP' && kind !== 'AEXPR_LIKE' && kind !== 'AEXPR_ILIKE') refuse(`${kind}`);
    if (lexpr === undefined) refuse(`a sign before a value`);
    return `${left} ${pgCatalog(operator)} ${this.#value(rexpr)}`;
  }

  #value(node: Node | undefined): string {
    const column = bodyOf(node, 'ColumnRef');
    if (column !== undefined) {
      const [name, more] = namesOf(column.fields);
      if (name == null || more !== undefined) refuse('a column that is not named by its name alone');
      if (!this.#relation.byName.has(name)) refuse(`column ${name}, which there is not`);
      this.columns.add(name);
      return this.#alias === null ? quoted(name) : `${quoted(this.#alias)}.${quoted(name)}`;
    }
    const constant = bodyOf(node, 'A_Const');
    if (constant?.sval !== undefined) return literal(constant.sval.sval ?? '');
    if (constant?.ival !== undefined) return `(${constant.ival.ival ?? 0})`;
    if (constant?.fval !== undefined) return `(${constant.fval.fval ?? ''})`;
    if (constant?.boolval !== undefined) return constant.boolval.boolval === true ? 'TRUE' : 'FALSE';
    const call = bodyOf(node, 'FuncCall');
    if (call !== undefined) return this.#call(namesOf(call.funcname), call.args ?? [], Object.keys(call));
    const first = bodyOf(node, 'CoalesceExpr');
    if (first !== undefined)
      return `COALESCE(${(first.args ?? []).map((arg) => this.#value(arg)).join(', ')})`;
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

function pgCatalog(operator: string): string {
  return OPERATORS.has(operator) ? `OPERATOR(pg_catalog.${operator})` : refuse(`operator ${operator}`);
}

function refuse(what: string): never {
  throw new NotAllowed(`its condition uses ${what}`);
}

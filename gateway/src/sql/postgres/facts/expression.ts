import type { A_Expr, ColumnRef, FuncCall, JsonTable, Node, SubLink, WindowDef } from 'libpg-query';
import { type Body, bodyOf, type Tag, tagOf, textOf } from '../parse/node.ts';
import { noteChangingCall } from './changing-call.ts';
import { lookUp } from './column.ts';
import { mayFail, mayFailForRow } from './failing.ts';
import { NO_SOURCES, type Sources, union } from './findings.ts';
import { calledInOlderGrammar } from './older-grammar.ts';
import { query } from './query.ts';
import type { Scope } from './scope.ts';
import { sourcesOf } from './scope.ts';
import type { Walk } from './walk.ts';

/**
 * Fields of a node that hold expressions. A field that is a node's body without its tag is written with it.
 * Fields not named here must be plain values: a node with anything else in it is not understood.
 */
const PARTS: { readonly [T in Tag]?: readonly string[] } = {
  A_Const: ['ival:Integer', 'fval:Float', 'boolval:Boolean', 'sval:String', 'bsval:BitString'],
  Integer: [],
  Float: [],
  Boolean: [],
  String: [],
  BitString: [],
  SQLValueFunction: [],
  SetToDefault: [],
  MergeSupportFunc: [],
  TypeCast: ['arg', 'typeName:TypeName'],
  BoolExpr: ['args'],
  NullTest: ['arg'],
  BooleanTest: ['arg'],
  CaseWhen: ['expr', 'result'],
  CoalesceExpr: ['args'],
  MinMaxExpr: ['args'],
  A_ArrayExpr: ['elements'],
  RowExpr: ['args', 'colnames'],
  A_Indices: ['lidx', 'uidx'],
  A_Star: [],
  CollateClause: ['arg', 'collname'],
  GroupingFunc: ['args'],
  GroupingSet: ['content'],
  XmlExpr: ['args', 'named_args'],
  XmlSerialize: ['expr', 'typeName:TypeName'],
  NamedArgExpr: ['arg'],
  CurrentOfExpr: [],
  MultiAssignRef: ['source'],
  ResTarget: ['val', 'indirection'],
  List: ['items'],
  SortBy: ['node'],
  JsonObjectConstructor: ['exprs', 'output:JsonOutput'],
  JsonArrayConstructor: ['exprs', 'output:JsonOutput'],
  JsonObjectAgg: ['constructor:JsonAggConstructor', 'arg:JsonKeyValue'],
  JsonArrayAgg: ['constructor:JsonAggConstructor', 'arg:JsonValueExpr'],
  JsonAggConstructor: ['output:JsonOutput', 'agg_filter', 'agg_order', 'over:WindowDef'],
  JsonIsPredicate: ['expr', 'format:JsonFormat'],
  JsonParseExpr: ['expr:JsonValueExpr', 'output:JsonOutput'],
  JsonScalarExpr: ['expr', 'output:JsonOutput'],
  JsonSerializeExpr: ['expr:JsonValueExpr', 'output:JsonOutput'],
  JsonFuncExpr: [
    'context_item:JsonValueExpr',
    'pathspec',
    'passing',
    'output:JsonOutput',
    'on_empty:JsonBehavior',
    'on_error:JsonBehavior',
  ],
  JsonKeyValue: ['key', 'value:JsonValueExpr'],
  JsonValueExpr: ['raw_expr', 'formatted_expr', 'format:JsonFormat'],
  JsonArgument: ['val:JsonValueExpr'],
  JsonBehavior: ['expr'],
  JsonOutput: ['typeName:TypeName', 'returning:JsonReturning'],
  JsonReturning: ['format:JsonFormat'],
  JsonFormat: [],
  JsonTablePathSpec: ['string'],
};

/**
 * Walks an expression: notes what it calls and reads, and gives the columns that its value is computed from.
 * Spec: PostgreSQL manual, "Value Expressions".
 */
export function expression(walk: Walk, node: Node | undefined, scope: Scope): Sources {
  const tag = tagOf(node);
  if (node === undefined || tag === null) return NO_SOURCES;
  return typed(walk, tag, Object.values(node)[0], scope);
}

export function expressions(walk: Walk, nodes: readonly Node[] | undefined, scope: Scope): Sources {
  return union(...(nodes ?? []).map((node) => expression(walk, node, scope)));
}

type Handler<T extends Tag> = (walk: Walk, body: Body<T>, scope: Scope) => Sources;

const SPECIAL: { readonly [T in Tag]?: Handler<T> } = {
  ColumnRef: column,
  ParamRef: (walk, body) => {
    walk.findings.parameters = Math.max(walk.findings.parameters, body.number ?? 0);
    return NO_SOURCES;
  },
  FuncCall: call,
  SubLink: subLink,
  A_Expr: operator,
  WindowDef: window,
  TypeName: (walk, body, scope) => {
    walk.findings.visited.add(body);
    walk.names.type(body);
    return expressions(walk, body.typmods, scope);
  },
  A_Indirection: (walk, body, scope) => {
    const field = textOf(body.indirection?.[0]);
    const parts = bodyOf(body.arg, 'ColumnRef');
    const inner = parts !== undefined && field !== null ? lookUp(walk, parts, scope).field(field) : null;
    for (const item of body.indirection?.slice(inner === null ? 0 : 1) ?? []) {
      const name = textOf(item);
      if (name !== null) walk.names.field(name);
    }
    return union(
      inner ?? expression(walk, body.arg, scope),
      ...(body.indirection ?? []).map((item) => expression(walk, item, scope)),
    );
  },
  CaseExpr: (walk, body, scope) => {
    if (body.arg !== undefined) walk.names.impliedOperator('=');
    return union(...fieldsOf(walk, 'CaseExpr', { ...body }, ['arg', 'args', 'defresult'], scope));
  },
  JsonArrayQueryConstructor: (walk, body, scope) => {
    typed(walk, 'JsonOutput', body.output, scope);
    const result = query(walk, body.query, scope);
    return sourcesOf(result.columns, result.rest);
  },
};

function typed(walk: Walk, tag: Tag, body: unknown, scope: Scope): Sources {
  if (body === undefined || body === null) return NO_SOURCES;
  const called = calledInOlderGrammar(tag, body);
  const candidates = called === null ? [] : walk.names.callInOlderGrammar(called);
  const sources = understood(walk, tag, body, scope);
  if (walk.findings.isDefinition && mayFail(tag, body, sources)) walk.findings.fail(sources);
  if (mayFailForRow(tag, body, sources)) walk.findings.raising += 1;
  if (candidates.some(({ returnsSet }) => returnsSet)) walk.findings.multiply(sources);
  return sources;
}

function understood(walk: Walk, tag: Tag, body: unknown, scope: Scope): Sources {
  const special = SPECIAL[tag] as Handler<Tag> | undefined;
  if (special !== undefined) return special(walk, body as Body<Tag>, scope);
  const parts = PARTS[tag];
  if (parts === undefined) {
    walk.findings.unknowns.add(`the syntax ${tag} is not understood here`);
    return NO_SOURCES;
  }
  return union(...fieldsOf(walk, tag, body as Record<string, unknown>, parts, scope));
}

function fieldsOf(
  walk: Walk,
  tag: Tag,
  body: Record<string, unknown>,
  parts: readonly string[],
  scope: Scope,
): Sources[] {
  const sources: Sources[] = [];
  for (const [field, value] of Object.entries(body)) {
    const part = parts.find((entry) => entry === field || entry.startsWith(`${field}:`));
    if (part === undefined) {
      if (typeof value === 'object') walk.findings.unknowns.add(`${field} of ${tag} is not understood`);
    } else if (part.includes(':')) {
      sources.push(typed(walk, part.slice(field.length + 1) as Tag, value, scope));
    } else if (Array.isArray(value)) {
      sources.push(...value.map((item: Node) => expression(walk, item, scope)));
    } else {
      sources.push(expression(walk, value as Node, scope));
    }
  }
  return sources;
}

function column(walk: Walk, body: ColumnRef, scope: Scope): Sources {
  const { row, sources } = lookUp(walk, body, scope);
  // `json_populate_record(row, …)` makes a row of its type, checks of domains included.
  for (const { typeOid } of row?.columns ?? []) {
    walk.names.checksOf(typeOid, `a check of a column of ${row?.schema}.${row?.name}`);
  }
  return sources;
}

function operator(walk: Walk, body: A_Expr, scope: Scope): Sources {
  walk.findings.visited.add(body);
  walk.names.operator(body.name);
  if (RANGED.has(body.kind ?? '')) walk.names.impliedOperator('<', '<=', '>', '>=');
  return union(operand(walk, body.lexpr, scope), operand(walk, body.rexpr, scope));
}

const operand = expression;
const RANGED: ReadonlySet<string> = new Set([
  'AEXPR_BETWEEN',
  'AEXPR_NOT_BETWEEN',
  'AEXPR_BETWEEN_SYM',
  'AEXPR_NOT_BETWEEN_SYM',
]);

function subLink(walk: Walk, body: SubLink, scope: Scope): Sources {
  walk.findings.visited.add(body);
  if (body.subLinkType === 'EXPR_SUBLINK') walk.findings.onlyOne = true;
  if (body.operName !== undefined) walk.names.operator(body.operName);
  else if (body.subLinkType === 'ANY_SUBLINK') walk.names.impliedOperator('=');
  const isExists = body.subLinkType === 'EXISTS_SUBLINK';
  const asked = () => query(walk, body.subselect, scope);
  // What EXISTS selects is nothing that is given, but may be computed all the same.
  const result = isExists ? walk.findings.whileFailing(asked) : asked();
  walk.findings.firstColumns.set(body, result.rest === null ? (result.columns[0]?.name ?? null) : null);
  const tested = expression(walk, body.testexpr, scope);
  if (isExists) return tested;
  return union(tested, sourcesOf(result.columns, result.rest));
}

function call(walk: Walk, body: FuncCall, scope: Scope): Sources {
  walk.findings.visited.add(body);
  const candidates = walk.names.call(body.funcname);
  noteChangingCall(walk, body, scope);
  const given = expressions(walk, body.args, scope);
  if (candidates.some(({ returnsSet }) => returnsSet)) {
    walk.findings.multiply(given);
    walk.findings.sets += 1;
  }
  return union(
    given,
    expressions(walk, body.agg_order, scope),
    expression(walk, body.agg_filter, scope),
    typed(walk, 'WindowDef', body.over, scope),
  );
}

function window(walk: Walk, body: WindowDef, scope: Scope): Sources {
  // Rows are sorted by it, whether or not somebody reads what is computed over it.
  const sources = walk.findings.whileFailing(() => windowOver(walk, body, scope, new Set()));
  walk.findings.sort(sources);
  return sources;
}

/** `seen`: those that lead here. Windows that are over each other are the server's to complain of. */
function windowOver(walk: Walk, body: WindowDef, scope: Scope, seen: Set<WindowDef>): Sources {
  const base = body.refname ?? body.name;
  const named = base === undefined ? undefined : bodyOf(scope.windows.get(base), 'WindowDef');
  const isNew = named !== undefined && named !== body && !seen.has(named);
  if (isNew) seen.add(named);
  return union(
    isNew ? windowOver(walk, { ...named, name: '' }, scope, seen) : NO_SOURCES,
    expressions(walk, body.partitionClause, scope),
    expressions(walk, body.orderClause, scope),
    expression(walk, body.startOffset, scope),
    expression(walk, body.endOffset, scope),
  );
}

/** JSON_TABLE and its nested columns: everything that stands in it. */
export function jsonTable(walk: Walk, body: JsonTable, scope: Scope): { names: string[]; sources: Sources } {
  const names: string[] = [];
  const inColumns = jsonTableColumns(walk, body.columns, scope, names);
  const sources = union(
    typed(walk, 'JsonValueExpr', body.context_item, scope),
    typed(walk, 'JsonTablePathSpec', body.pathspec, scope),
    expressions(walk, body.passing, scope),
    typed(walk, 'JsonBehavior', body.on_error, scope),
    inColumns,
  );
  return { names, sources };
}

/** A level's own columns stand before those nested in it, wherever they are written (transformJsonTableColumns). */
function jsonTableColumns(walk: Walk, nodes: Node[] | undefined, scope: Scope, names: string[]): Sources {
  const sources: Sources[] = [];
  const nested: Array<Node[] | undefined> = [];
  for (const node of nodes ?? []) {
    const body = bodyOf(node, 'JsonTableColumn');
    if (body === undefined) {
      walk.findings.unknowns.add('a column of JSON_TABLE is not understood');
      continue;
    }
    if (body.coltype === 'JTC_NESTED') nested.push(body.columns);
    else names.push(body.name ?? '');
    sources.push(
      typed(walk, 'TypeName', body.typeName, scope),
      typed(walk, 'JsonTablePathSpec', body.pathspec, scope),
      typed(walk, 'JsonBehavior', body.on_empty, scope),
      typed(walk, 'JsonBehavior', body.on_error, scope),
    );
  }
  return union(...sources, ...nested.map((columns) => jsonTableColumns(walk, columns, scope, names)));
}

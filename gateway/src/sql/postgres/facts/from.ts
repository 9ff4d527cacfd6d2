import type {
  Alias,
  JoinExpr,
  Node,
  RangeFunction,
  RangeSubselect,
  RangeTableFunc,
  RangeTableSample,
  RangeVar,
} from 'libpg-query';
import { bodyOf, namesOf, tagOf, textOf } from '../parse/node.ts';
import { noteRead, noteStarred } from './column.ts';
import { expression, expressions, jsonTable } from './expression.ts';
import { NO_SOURCES, type Sources, union } from './findings.ts';
import { noteLookups, reachOf } from './lookup.ts';
import { query } from './query.ts';
import {
  type FromItem,
  itemOf,
  type Range,
  rangeOfRelation,
  renamed,
  type Scope,
  sourcesOf,
  type Visible,
  visible,
} from './scope.ts';
import type { Walk } from './walk.ts';

/** Adds each item of a FROM clause to the scope, left to right, as LATERAL sees them. */
export function addFrom(walk: Walk, nodes: readonly Node[] | undefined, scope: Scope): void {
  for (const node of nodes ?? []) scope.items.push(fromItem(walk, node, scope));
}

/** One item of FROM. `scope` holds the items to its left. Spec: manual, "Table Expressions". */
export function fromItem(walk: Walk, node: Node, scope: Scope): FromItem {
  const relation = bodyOf(node, 'RangeVar');
  if (relation !== undefined) return rangeVar(walk, relation, scope, false);
  const join = bodyOf(node, 'JoinExpr');
  if (join !== undefined) return joined(walk, join, scope);
  const subselect = bodyOf(node, 'RangeSubselect');
  if (subselect !== undefined) return subquery(walk, subselect, scope);
  const called = bodyOf(node, 'RangeFunction');
  if (called !== undefined) return functionCall(walk, called, scope);
  const sample = bodyOf(node, 'RangeTableSample');
  if (sample !== undefined) return tableSample(walk, sample, scope);
  const xml = bodyOf(node, 'RangeTableFunc');
  if (xml !== undefined) return xmlTable(walk, xml, scope);
  const json = bodyOf(node, 'JsonTable');
  if (json !== undefined) {
    const { names, sources } = jsonTable(walk, json, scope);
    walk.findings.multiply(sources);
    return aliased(
      json.alias,
      'json_table',
      names.map((name) => visible(name, sources)),
      null,
    );
  }
  walk.findings.unknowns.add(`${tagOf(node)} in FROM is not understood`);
  return { ranges: [], columns: [], rest: NO_SOURCES };
}

function rangeVar(walk: Walk, node: RangeVar, scope: Scope, sampled: boolean): FromItem {
  walk.findings.visited.add(node);
  const alias = node.alias?.aliasname ?? null;
  const cte = node.schemaname === undefined ? findCte(node.relname ?? '', scope) : null;
  if (cte !== null) {
    walk.findings.pass(cte, { kind: 'with', name: node.relname ?? '' });
    return aliased(node.alias, node.relname ?? '', cte.columns, cte.rest);
  }
  const relation = walk.names.relation(node);
  if (relation === null) {
    return itemOf({ ...NO_RANGE, alias: alias ?? node.relname ?? '', rest: NO_SOURCES });
  }
  walk.findings.refer({ relation, role: 'read', node, sampled });
  const range = rangeOfRelation(relation, alias);
  const columns = renamed(range.columns, namesOf(node.alias?.colnames));
  for (const column of columns) walk.findings.standing.set(column, node);
  return itemOf({ ...range, columns });
}

const NO_RANGE: Range = { alias: '', schema: null, columns: [], rest: null, relation: null, target: null };

function findCte(name: string, scope: Scope) {
  for (let at = scope.ctes; at !== null; at = at.outer) {
    if (at.name === name) return at.result() ?? { columns: [], rest: NO_SOURCES };
  }
  return null;
}

function aliased(
  alias: Alias | undefined,
  name: string,
  columns: readonly Visible[],
  rest: Sources | null,
): FromItem {
  const shown = renamed(columns, namesOf(alias?.colnames)).map((column) => ({ ...column, target: null }));
  return itemOf({ ...NO_RANGE, alias: alias?.aliasname ?? name, columns: shown, rest });
}

function subquery(walk: Walk, node: RangeSubselect, scope: Scope): FromItem {
  const around = node.lateral === true ? scope : { ...scope, items: [] };
  const result = query(walk, node.subquery, around);
  walk.findings.pass(result, { kind: 'subquery', name: node.alias?.aliasname ?? '' });
  const item = aliased(node.alias, '', result.columns, result.rest);
  // Without an alias (since 16) nothing can qualify, but the columns are in reach.
  return node.alias === undefined ? { ...item, ranges: [] } : item;
}

function tableSample(walk: Walk, node: RangeTableSample, scope: Scope): FromItem {
  // What stands to the left is in reach of LATERAL subqueries and of functions, and not here.
  const around = { ...scope, items: [] };
  walk.findings.condition(expressions(walk, node.args, around));
  walk.findings.condition(expression(walk, node.repeatable, around));
  const method = namesOf(node.method).at(-1);
  if (method !== 'system' && method !== 'bernoulli') {
    walk.findings.unknowns.add(`sampling method ${method} is not understood`);
  }
  const relation = bodyOf(node.relation, 'RangeVar');
  if (relation !== undefined) {
    walk.findings.samples.set(relation, node);
    return rangeVar(walk, relation, scope, true);
  }
  walk.findings.unknowns.add('TABLESAMPLE on something that is not a table');
  return { ranges: [], columns: [], rest: NO_SOURCES };
}

function functionCall(walk: Walk, node: RangeFunction, scope: Scope): FromItem {
  const columns: Visible[] = [];
  const all: Sources[] = [];
  const calls = (node.functions ?? []).map((entry) => bodyOf(entry, 'List')?.items ?? []);
  // The alias of several together names none of their columns.
  const alias = calls.length === 1 ? (node.alias?.aliasname ?? null) : null;
  let isKnown = true;
  for (const [call, definitions] of calls) {
    const sources = expression(walk, call, scope);
    all.push(sources);
    const own = [...(bodyOf(definitions, 'List')?.items ?? []), ...(node.coldeflist ?? [])];
    const names = own.length > 0 ? definedNames(walk, own) : resultNames(walk, call, alias);
    isKnown &&= names !== null;
    columns.push(...(names ?? []).map((name) => visible(name, sources)));
  }
  if (node.ordinality === true) columns.push(visible('ordinality', NO_SOURCES));
  const name = callName(calls[0]?.[0]) ?? '';
  return isKnown ? aliased(node.alias, name, columns, null) : unknownColumns(node.alias, name, union(...all));
}

/** Of columns that can't be told those are known that the alias names. */
function unknownColumns(alias: Alias | undefined, name: string, sources: Sources): FromItem {
  const named = namesOf(alias?.colnames).map((column) => visible(column ?? '', sources));
  return itemOf({ ...NO_RANGE, alias: alias?.aliasname ?? name, columns: named, rest: sources });
}

function definedNames(walk: Walk, definitions: readonly Node[]): string[] {
  return definitions.map((definition) => {
    const body = bodyOf(definition, 'ColumnDef');
    walk.names.type(body?.typeName);
    return body?.colname ?? '';
  });
}

/**
 * Column names of a function in FROM; null when they can't be told and any name may be meant. A single output's name comes
 * before the alias, and that before the function's (chooseScalarFunctionAlias in the server's parse_relation.c).
 */
function resultNames(walk: Walk, call: Node | undefined, alias: string | null): string[] | null {
  const body = bodyOf(call, 'FuncCall');
  // What looks like no function may give a row, whose columns are its own.
  if (body === undefined) return null;
  const parts = namesOf(body.funcname);
  const single = alias ?? parts.at(-1) ?? '';
  const candidates = walk.names.catalogue
    .functionsNamed(parts.at(-1) ?? '')
    .filter((row) => parts.length < 2 || row.schema === parts.at(-2));
  const shapes = candidates.map(({ returnType, returnKind, outputs }) => {
    const relation = walk.names.catalogue.relationByRowType(returnType);
    if (relation !== undefined) return relation.columns.map((column) => column.name);
    if (outputs !== null && outputs.length > 1)
      return outputs.map((output, at) => (output === null || output === '' ? `column${at + 1}` : output));
    // Of a domain the base type isn't known here, and a row's has columns of its own.
    if (returnKind !== 'b' && returnKind !== 'e' && returnKind !== 'r' && returnKind !== 'm') return null;
    const [output] = outputs ?? [];
    return [output === undefined || output === null || output === '' ? single : output];
  });
  const [shape] = shapes;
  const same = shapes.every((other) => JSON.stringify(other) === JSON.stringify(shape));
  // `unnest` of several arrays, or of composites, has as many columns as it is given.
  return same && shape !== undefined ? shape : null;
}

function callName(call: Node | undefined): string | null {
  return textOf(bodyOf(call, 'FuncCall')?.funcname?.at(-1));
}

function xmlTable(walk: Walk, node: RangeTableFunc, scope: Scope): FromItem {
  const sources: Sources[] = [
    expression(walk, node.docexpr, scope),
    expression(walk, node.rowexpr, scope),
    expressions(walk, node.namespaces, scope),
  ];
  const names: string[] = [];
  for (const entry of node.columns ?? []) {
    const column = bodyOf(entry, 'RangeTableFuncCol');
    if (column === undefined) {
      walk.findings.unknowns.add('a column of XMLTABLE is not understood');
      continue;
    }
    if (column.typeName !== undefined) walk.names.type(column.typeName);
    names.push(column.colname ?? '');
    sources.push(expression(walk, column.colexpr, scope), expression(walk, column.coldefexpr, scope));
  }
  const all = union(...sources);
  walk.findings.multiply(all);
  return aliased(
    node.alias,
    'xmltable',
    names.map((name) => visible(name, all)),
    null,
  );
}

function joined(walk: Walk, node: JoinExpr, scope: Scope): FromItem {
  const left = node.larg === undefined ? null : fromItem(walk, node.larg, scope);
  const lateral: Scope = { ...scope, items: left === null ? scope.items : [...scope.items, left] };
  const right = node.rarg === undefined ? null : fromItem(walk, node.rarg, lateral);
  if (left === null || right === null) {
    walk.findings.unknowns.add('a join with one side is not understood');
    return { ranges: [], columns: [], rest: NO_SOURCES };
  }
  const names = node.isNatural === true ? commonNames(left, right) : namesOf(node.usingClause);
  if (names.length > 0) walk.names.impliedOperator('=');
  const ranges = node.isNatural === true ? [...left.ranges, ...right.ranges] : [];
  for (const { relation } of ranges) noteStarred(walk, relation);
  const merged = names.map((name) => mergedColumn(walk, name ?? '', left, right));
  const others = [...left.columns, ...right.columns].filter((column) => !names.includes(column.name));
  if (node.isNatural === true && (left.rest !== null || right.rest !== null)) {
    walk.findings.unknowns.add('NATURAL JOIN with a function whose columns are not known');
  }
  const pair: Scope = { ...scope, items: [left, right] };
  walk.findings.condition(expression(walk, node.quals, pair));
  if (node.jointype === 'JOIN_INNER') {
    noteLookups(walk, node.quals, new Set([...reachOf(node.larg), ...reachOf(node.rarg)]), pair);
  }
  const rest =
    left.rest === null && right.rest === null
      ? null
      : union(left.rest ?? NO_SOURCES, right.rest ?? NO_SOURCES);
  const columns = [...merged, ...others];
  const usingAlias = node.join_using_alias?.aliasname;
  const extra = usingAlias === undefined ? [] : [{ ...NO_RANGE, alias: usingAlias, columns: merged }];
  if (node.alias !== undefined) return aliased(node.alias, '', columns, rest);
  return { ranges: [...left.ranges, ...right.ranges, ...extra], columns, rest };
}

function commonNames(left: FromItem, right: FromItem): string[] {
  const names = new Set(right.columns.map((column) => column.name));
  return [...new Set(left.columns.map((column) => column.name))].filter((name) => names.has(name));
}

function mergedColumn(walk: Walk, name: string, left: FromItem, right: FromItem): Visible {
  const both = [...left.columns, ...right.columns].filter((column) => column.name === name);
  const sources = sourcesOf(both, union(left.rest ?? NO_SOURCES, right.rest ?? NO_SOURCES));
  walk.findings.condition(sources);
  for (const source of sources) noteRead(walk, source);
  for (const column of both) {
    if (column.target === null) continue;
    walk.findings.targetReads.push({
      relation: column.target,
      column: column.copyOf,
      clause: 'JOIN',
      ref: null,
      alias: null,
    });
  }
  return visible(name, sources);
}

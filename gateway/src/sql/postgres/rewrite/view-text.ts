import type { Catalogue } from '../catalogue/catalogue.ts';
import { hasFields, textOf } from '../parse/node.ts';
import { utf16Offsets } from '../parse/offsets.ts';
import { type ParsedStatement, parse, tokenAt, tokensOf } from '../parse/parser.ts';
import { isReadAlike } from '../rows/compared-types.ts';
import { type Edit, sameTree, spliced } from './splice.ts';

const PG_CATALOG = { String: { sval: 'pg_catalog' } };

/** What may stand in another place of a query than where `pg_get_viewdef` would print it is not what it printed. */
const PRINTED_OPERATIONS: unknown[] = ['AEXPR_OP', 'AEXPR_OP_ANY', 'AEXPR_OP_ALL'];
/** They take the operator `=` that the search path gives. */
const EQUATING: unknown[] = ['AEXPR_DISTINCT', 'AEXPR_NOT_DISTINCT', 'AEXPR_NULLIF'];
/** Their values are names, which the search path completes. */
const NAMING = /^reg(class|proc|procedure|oper|operator|type|config|dictionary|collation)$/;

/**
 * A view's query as the server prints it with nothing but pg_catalog in the search path, with what it names of
 * pg_catalog said to be of there: so that it means the same in every session, whatever is in its search path. Null
 * where that can't be said of a name. Relations are left as they are.
 */
export function qualifiedQuery(definition: string, catalogue: Catalogue): ParsedStatement | null {
  const printed = onlyStatement(definition.trim().replace(/;$/, ''));
  if (printed === null) return null;
  const edits = qualifying(printed, catalogue);
  const text = edits === null ? null : spliced(printed.text, edits);
  const qualified = text === null ? null : onlyStatement(text);
  if (qualified === null || qualifying(qualified, catalogue)?.length !== 0) return null;
  return sameTree(unqualified(printed.tree), unqualified(qualified.tree)) ? qualified : null;
}

function onlyStatement(text: string): ParsedStatement | null {
  const parsed = parse(text);
  const [only, second] = parsed.kind === 'parsed' ? parsed.statements : [];
  return second === undefined ? (only ?? null) : null;
}

/** The edits that put `pg_catalog` before each name that has no schema; null where one of them can't have any. */
function qualifying({ text, tree }: ParsedStatement, catalogue: Catalogue): Edit[] | null {
  const tokens = tokensOf(text);
  const offset = utf16Offsets(text);
  const edits: Edit[] = [];
  const at = (node: Readonly<Record<string, unknown>>, next = 0) => {
    const location = typeof node.location === 'number' ? node.location : 0;
    const found = tokenAt(tokens, { location }, offset);
    return found < 0 ? undefined : tokens[found + next];
  };
  /** Whether it could be done. */
  const qualify = (node: Readonly<Record<string, unknown>>, next = 0): boolean => {
    const token = at(node, next);
    if (token === undefined) return false;
    edits.push({ start: token.start, end: token.start, text: 'pg_catalog.' });
    return true;
  };
  const qualifyOperator = (
    node: Readonly<Record<string, unknown>>,
    name: string,
    written: string,
  ): boolean => {
    const token = at(node);
    if (token?.text.toLowerCase() !== written) return false;
    const any = written === 'in' ? ' ANY' : '';
    edits.push({ start: token.start, end: token.end, text: `OPERATOR(pg_catalog.${name})${any}` });
    return true;
  };
  const equates = () => catalogue.operatorsNamed('=').length === 0;
  const visit = (part: unknown): boolean => {
    if (Array.isArray(part)) return part.every(visit);
    if (!hasFields(part)) return true;
    return named(part) && Object.values(part).every(visit);
  };
  const named = (node: Readonly<Record<string, unknown>>): boolean => {
    const { funcname, names, collname, kind, name, subLinkType, operName, useOp, method } = node;
    if (lone(funcname) !== null) return qualify(node);
    if (isOverloaded(funcname, catalogue)) return false;
    if (lone(collname) !== null) return qualify(node, 1);
    if (lone(names) !== null && 'typemod' in node) return qualify(node);
    if (subLinkType === 'ANY_SUBLINK' && operName === undefined) return qualifyOperator(node, '=', 'in');
    const operator = lone(operName);
    if (operator !== null) return qualifyOperator(node, operator, operator);
    if (isOverloadedOperator(operName, catalogue)) return false;
    if (lone(useOp) !== null || lone(method) !== null) return false;
    if (EQUATING.includes(kind)) return equates();
    if (typeof kind === 'string' && kind.startsWith('AEXPR_')) {
      const own = lone(name);
      if (isOverloadedOperator(name, catalogue)) return false;
      return PRINTED_OPERATIONS.includes(kind) && (own === null || qualifyOperator(node, own, own));
    }
    if ('CaseExpr' in node && hasFields(node.CaseExpr)) return !('arg' in node.CaseExpr) || equates();
    if ('JoinExpr' in node && hasFields(node.JoinExpr)) {
      return !('usingClause' in node.JoinExpr || 'isNatural' in node.JoinExpr) || equates();
    }
    return !('TypeCast' in node && isReadAnew(node.TypeCast, catalogue));
  };
  return visit(tree) ? edits : null;
}

/**
 * A constant that a session's settings could make another: a name without its schema, a day or time that was not printed
 * in ISO's form, an array with NULL, and what types are made of that somebody made.
 */
function isReadAnew(cast: unknown, catalogue: Catalogue): boolean {
  if (!hasFields(cast) || !hasFields(cast.typeName) || !Array.isArray(cast.typeName.names)) return false;
  const type = textOf(cast.typeName.names.at(-1));
  if (type === null) return true;
  if (NAMING.test(type)) return !JSON.stringify(cast.arg).includes('.');
  const constant = hasFields(cast.arg) && hasFields(cast.arg.A_Const) ? cast.arg.A_Const.sval : undefined;
  if (!hasFields(constant)) return false;
  const text = typeof constant.sval === 'string' ? constant.sval : '';
  const isArray = Array.isArray(cast.typeName.arrayBounds);
  if (isArray && /null/i.test(text)) return true;
  const schema = cast.typeName.names.length > 1 ? textOf(cast.typeName.names[0]) : 'pg_catalog';
  if (schema === 'pg_catalog') return !isReadAlike(isArray ? `_${type}` : type, text);
  const made = catalogue.typesNamed(type).filter((own) => own.schema === schema);
  return isArray || made.length === 0 || made.some(({ kind }) => !PLAIN_KINDS.has(kind));
}

/** Base types and enums: what they are made of has no settings of its own. */
const PLAIN_KINDS: ReadonlySet<string> = new Set(['b', 'e']);

/** A function of somebody's own, of which the server would have to choose one again. */
function isOverloaded(funcname: unknown, catalogue: Catalogue): boolean {
  if (!Array.isArray(funcname)) return false;
  const [schema, name] = funcname.map(textOf);
  if (schema == null || name == null || schema === 'pg_catalog') return false;
  return catalogue.functionsNamed(name).filter((own) => own.schema === schema).length > 1;
}

/** The same of an operator. */
function isOverloadedOperator(names: unknown, catalogue: Catalogue): boolean {
  if (!Array.isArray(names) || names.length < 2) return false;
  const [schema, name] = names.map(textOf);
  if (schema == null || name == null || schema === 'pg_catalog') return false;
  return catalogue.operatorsNamed(name).filter((own) => own.schema === schema).length > 1;
}

/** The one part of a name that has no schema. */
function lone(names: unknown): string | null {
  return Array.isArray(names) && names.length === 1 ? textOf(names[0]) : null;
}

/** A tree in which names of pg_catalog are said without it. */
function unqualified(part: unknown): unknown {
  if (Array.isArray(part)) {
    const [schema, ...rest] = part;
    return part.length === 2 && sameTree(schema, PG_CATALOG) ? rest : part.map(unqualified);
  }
  if (!hasFields(part)) return part;
  const entries = Object.entries(part).map(([key, value]) => [key, unqualified(value)] as const);
  const isIn = part.subLinkType === 'ANY_SUBLINK' && part.operName === undefined;
  return Object.fromEntries(isIn ? [...entries, ['operName', [{ String: { sval: '=' } }]]] : entries);
}

import type { Node, SubLink } from 'libpg-query';
import { bodyOf, tagOf, textOf } from '../parse/node.ts';

const FIXED: Readonly<Record<string, string>> = {
  CoalesceExpr: 'coalesce',
  A_ArrayExpr: 'array',
  RowExpr: 'row',
  GroupingFunc: 'grouping',
  XmlSerialize: 'xmlserialize',
  MergeSupportFunc: 'merge_action',
  JsonParseExpr: 'json',
  JsonScalarExpr: 'json_scalar',
  JsonSerializeExpr: 'json_serialize',
  JsonObjectConstructor: 'json_object',
  JsonArrayConstructor: 'json_array',
  JsonArrayQueryConstructor: 'json_array',
  JsonObjectAgg: 'json_objectagg',
  JsonArrayAgg: 'json_arrayagg',
};

/** Names of the first columns of subqueries that have been looked at, by their SubLink; null where that can't be told. */
export type FirstColumns = ReadonlyMap<object, string | null>;

/** The name that the server gives an output column without AS (FigureColname); null where it can't be told. */
export function outputName(node: Node | undefined, firstColumns: FirstColumns): string | null {
  const found = nameOf(node, firstColumns);
  return found === null ? '?column?' : found.name;
}

/** A weak name gives way to one around it. */
type Found = { name: string | null; weak: boolean } | null;

function nameOf(node: Node | undefined, firstColumns: FirstColumns): Found {
  const strong = (name: string | null | undefined): Found => (name ? { name, weak: false } : null);
  const lastText = (nodes: readonly Node[] | undefined) => {
    const texts = (nodes ?? []).map(textOf).filter((text) => text !== null);
    return texts.at(-1) ?? null;
  };
  const ref = bodyOf(node, 'ColumnRef');
  if (ref !== undefined) return strong(lastText(ref.fields));
  const indirection = bodyOf(node, 'A_Indirection');
  if (indirection !== undefined) {
    return strong(lastText(indirection.indirection)) ?? nameOf(indirection.arg, firstColumns);
  }
  const call = bodyOf(node, 'FuncCall');
  if (call !== undefined) return strong(lastText(call.funcname));
  const cast = bodyOf(node, 'TypeCast');
  if (cast !== undefined) {
    const inner = nameOf(cast.arg, firstColumns);
    if (inner !== null && !inner.weak) return inner;
    const type = lastText(cast.typeName?.names);
    return type === null ? inner : { name: type, weak: true };
  }
  const collate = bodyOf(node, 'CollateClause');
  if (collate !== undefined) return nameOf(collate.arg, firstColumns);
  const choice = bodyOf(node, 'CaseExpr');
  if (choice !== undefined) {
    const otherwise = nameOf(choice.defresult, firstColumns);
    return otherwise !== null && !otherwise.weak ? otherwise : { name: 'case', weak: true };
  }
  const extreme = bodyOf(node, 'MinMaxExpr');
  if (extreme !== undefined) return strong(extreme.op === 'IS_LEAST' ? 'least' : 'greatest');
  const link = bodyOf(node, 'SubLink');
  if (link !== undefined) return subLinkName(link, firstColumns);
  const value = bodyOf(node, 'SQLValueFunction');
  if (value !== undefined) return strong(valueFunctionName(value.op));
  const comparison = bodyOf(node, 'A_Expr');
  if (comparison?.kind === 'AEXPR_NULLIF') return strong('nullif');
  const xml = bodyOf(node, 'XmlExpr');
  if (xml !== undefined)
    return xml.op === 'IS_DOCUMENT' ? null : strong(xml.op?.replace('IS_', '').toLowerCase());
  const json = bodyOf(node, 'JsonFuncExpr');
  if (json !== undefined) return strong(json.op?.replace('_OP', '').toLowerCase());
  return strong(FIXED[tagOf(node) ?? '']);
}

/** A subquery's first column has its name by then, `?column?` included, and that is a strong one. */
function subLinkName(link: SubLink, firstColumns: FirstColumns): Found {
  const type = link.subLinkType;
  if (type === 'EXISTS_SUBLINK') return { name: 'exists', weak: false };
  if (type === 'ARRAY_SUBLINK') return { name: 'array', weak: false };
  return type === 'EXPR_SUBLINK' ? { name: firstColumns.get(link) ?? null, weak: false } : null;
}

function valueFunctionName(op: string | undefined): string | null {
  return op === undefined ? null : op.replace('SVFOP_', '').replace(/_N$/, '').toLowerCase();
}

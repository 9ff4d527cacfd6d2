import type { Node } from 'libpg-query';
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

/** The name that the server gives an output column without AS (FigureColname). */
export function outputName(node: Node | undefined): string {
  return strongName(node)?.name ?? '?column?';
}

function strongName(node: Node | undefined): { name: string; weak: boolean } | null {
  const strong = (name: string | null | undefined) => (name ? { name, weak: false } : null);
  const lastText = (nodes: readonly Node[] | undefined) => {
    const texts = (nodes ?? []).map(textOf).filter((text) => text !== null);
    return texts.at(-1) ?? null;
  };
  const ref = bodyOf(node, 'ColumnRef');
  if (ref !== undefined) return strong(lastText(ref.fields));
  const indirection = bodyOf(node, 'A_Indirection');
  if (indirection !== undefined) {
    return strong(lastText(indirection.indirection)) ?? strongName(indirection.arg);
  }
  const call = bodyOf(node, 'FuncCall');
  if (call !== undefined) return strong(lastText(call.funcname));
  const cast = bodyOf(node, 'TypeCast');
  if (cast !== undefined) {
    const inner = strongName(cast.arg);
    if (inner !== null && !inner.weak) return inner;
    const type = lastText(cast.typeName?.names);
    return type === null ? inner : { name: type, weak: true };
  }
  const collate = bodyOf(node, 'CollateClause');
  if (collate !== undefined) return strongName(collate.arg);
  const choice = bodyOf(node, 'CaseExpr');
  if (choice !== undefined) return strongName(choice.defresult) ?? { name: 'case', weak: true };
  const extreme = bodyOf(node, 'MinMaxExpr');
  if (extreme !== undefined) return strong(extreme.op === 'IS_LEAST' ? 'least' : 'greatest');
  const link = bodyOf(node, 'SubLink');
  if (link !== undefined) return subLinkName(link.subLinkType, link.subselect);
  const value = bodyOf(node, 'SQLValueFunction');
  if (value !== undefined) return strong(valueFunctionName(value.op));
  const comparison = bodyOf(node, 'A_Expr');
  if (comparison?.kind === 'AEXPR_NULLIF') return strong('nullif');
  const xml = bodyOf(node, 'XmlExpr');
  if (xml !== undefined) return strong(xml.op?.replace('IS_', '').toLowerCase());
  const json = bodyOf(node, 'JsonFuncExpr');
  if (json !== undefined) return strong(json.op?.replace('_OP', '').toLowerCase());
  return strong(FIXED[tagOf(node) ?? '']);
}

function subLinkName(type: string | undefined, subselect: Node | undefined) {
  if (type === 'EXISTS_SUBLINK') return { name: 'exists', weak: false };
  if (type === 'ARRAY_SUBLINK') return { name: 'array', weak: false };
  if (type !== 'EXPR_SUBLINK') return null;
  const target = bodyOf(bodyOf(subselect, 'SelectStmt')?.targetList?.[0], 'ResTarget');
  if (target === undefined) return null;
  return target.name === undefined ? strongName(target.val) : { name: target.name, weak: false };
}

function valueFunctionName(op: string | undefined): string | null {
  return op === undefined ? null : op.replace('SVFOP_', '').replace(/_N$/, '').toLowerCase();
}

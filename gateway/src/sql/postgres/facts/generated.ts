import type { Column } from '../catalogue/catalogue.ts';
import { bodyOf } from '../parse/node.ts';
import { parse } from '../parse/parser.ts';
import { expression } from './expression.ts';
import { Findings, type Sources } from './findings.ts';
import type { Names } from './names.ts';
import { emptyScope, itemOf, rangeOfRelation } from './scope.ts';

/** What a generated column is computed from, null when that can't be told; and why that isn't understood. */
export type GeneratedFlow = { sources: Sources | null; unknowns: ReadonlySet<string> };

/** The lineage of a generated column, stored or virtual, by its expression as the server prints it. */
export function generatedFlow(names: Names, column: Column): GeneratedFlow {
  const key = `generated ${column.relation.oid} ${column.number} ${names.reviewedKey}`;
  const known = column.relation.temporary ? undefined : names.catalogue.derived.get(key);
  if (known !== undefined) return known as GeneratedFlow;
  const flow = compute(names, column);
  names.catalogue.derived.set(key, flow);
  return flow;
}

function compute(names: Names, column: Column): GeneratedFlow {
  const parsed = parse(`SELECT ${column.expression ?? ''}`);
  const tree = parsed.kind === 'parsed' ? parsed.statements[0]?.tree : undefined;
  const target = bodyOf(bodyOf(tree, 'SelectStmt')?.targetList?.[0], 'ResTarget');
  const shown = `generated column ${column.relation.schema}.${column.relation.name}.${column.name}`;
  if (target === undefined) return { sources: null, unknowns: new Set([`${shown} is not understood`]) };
  const findings = new Findings();
  const scope = { ...emptyScope(null, null), items: [itemOf(rangeOfRelation(column.relation, null))] };
  const sources = expression({ names: names.asServer(findings), findings }, target.val, scope);
  return { sources, unknowns: new Set([...findings.unknowns].map((why) => `${shown}: ${why}`)) };
}

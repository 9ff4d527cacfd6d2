import type { Column } from '../catalogue/catalogue.ts';
import { bodyOf } from '../parse/node.ts';
import { parse } from '../parse/parser.ts';
import { expression } from './expression.ts';
import { Findings, type Sources, union } from './findings.ts';
import { keysTold } from './keys-told.ts';
import type { Names } from './names.ts';
import { isNullAsItsColumns } from './nullness.ts';
import { emptyScope, itemOf, rangeOfRelation } from './scope.ts';

/** What a generated column is computed from, null when that can't be told; and why that isn't understood. */
export type GeneratedFlow = {
  sources: Sources | null;
  unknowns: ReadonlySet<string>;
  /** Whether which of its sources are NULL says whether it is, and looking at it raises no error. */
  nullAsSources: boolean;
};

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
  if (target === undefined) {
    return { sources: null, unknowns: new Set([`${shown} is not understood`]), nullAsSources: false };
  }
  const findings = new Findings();
  const scope = { ...emptyScope(null, null), items: [itemOf(rangeOfRelation(column.relation, null))] };
  const walk = { names: names.asServer(findings), findings };
  const computed = expression(walk, target.val, scope);
  // `tableoid` may stand there, which tells of the key by which rows come to partitions.
  const told = keysTold(names.catalogue, findings);
  return {
    sources: union(computed, new Set(told)),
    nullAsSources: told.length === 0 && isNullAsItsColumns(walk, target.val, computed, scope),
    unknowns: new Set([...findings.unknowns].map((why) => `${shown}: ${why}`)),
  };
}

import type { Node, RangeVar } from 'libpg-query';
import type { RelationRef } from '../../../../contract/facts.ts';
import type { Relation } from '../catalogue/catalogue.ts';
import { bodyOf, dottedName } from '../parse/node.ts';
import { placeOf } from './made-columns.ts';
import { viewFlow } from './view.ts';
import type { Walk } from './walk.ts';

/** What a statement makes, which rules are about by its name before it is there. */
export function noteMade(walk: Walk, node: RangeVar | undefined): void {
  if (node?.relname === undefined) return;
  noteMadeAt(walk, placeOf(walk.names, node));
}

/** The same for definitions of relations, types and routines. */
export function noteDefined(walk: Walk, tree: Node): void {
  noteMade(walk, bodyOf(tree, 'CreateStmt')?.relation);
  noteMade(walk, bodyOf(tree, 'CreateSeqStmt')?.sequence);
  noteMade(walk, bodyOf(tree, 'CompositeTypeStmt')?.typevar);
  const named =
    bodyOf(tree, 'CreateFunctionStmt')?.funcname ??
    bodyOf(tree, 'DefineStmt')?.defnames ??
    bodyOf(tree, 'CreateDomainStmt')?.domainname ??
    bodyOf(tree, 'CreateEnumStmt')?.typeName ??
    bodyOf(tree, 'CreateRangeStmt')?.typeName;
  const parts = dottedName(named);
  const name = parts.at(-1);
  if (name !== undefined)
    noteMadeAt(walk, { schema: parts.at(-2) ?? walk.names.creationSchema, relation: name });
}

function noteMadeAt(walk: Walk, place: RelationRef): void {
  walk.findings.calledWrites.push({ ...place, by: 'create', everyRow: false });
}

/**
 * A view that takes the place of another uncovers what materialised views above that were filled with: by its own
 * columns they would be masked no more.
 */
export function noteReplaced(walk: Walk, node: RangeVar | undefined): void {
  const view = node === undefined ? null : walk.names.find(node.schemaname, node.relname ?? '');
  if (view?.kind !== 'v') return;
  walk.findings.replaced.add(view);
  for (const relation of walk.names.catalogue.userRelations()) {
    if (relation.kind !== 'm' || !reaches(walk, relation, view)) continue;
    const above: RangeVar = { schemaname: relation.schema, relname: relation.name };
    walk.findings.references.set(above, { relation, role: 'altered', node: above, sampled: false });
  }
}

/** Whether what a relation shows comes through another, by whatever views lie between them. */
function reaches(walk: Walk, relation: Relation, through: Relation): boolean {
  const reached = new Set([relation]);
  for (const own of reached) {
    if (own === through) return true;
    if (own.definition === null) continue;
    for (const inner of viewFlow(walk.names, own).relations) reached.add(inner);
  }
  return false;
}

import type { SqlFacts, WriteRef } from '../../../../contract/facts.ts';
import type { AnalysedStatement, AnalyseRequest } from '../../engine.ts';
import type { Catalogue, Column, Relation } from '../catalogue/catalogue.ts';
import type { SnapshotRelation } from '../catalogue/snapshot.ts';
import { tagOf } from '../parse/node.ts';
import type { ParsedStatement } from '../parse/parser.ts';
import { Findings } from './findings.ts';
import { Names } from './names.ts';
import type { Shape } from './shape.ts';
import { treat } from './treatment.ts';
import { viewFlow } from './view.ts';

/** A statement looked at: what a rewrite needs besides the facts. `related` is all there is when it is opaque. */
export type Examined = { findings: Findings; names: Names; shape: Shape; related: ReadonlySet<Relation> };

export function examine(statement: ParsedStatement, catalogue: Catalogue, request: AnalyseRequest): Examined {
  const findings = new Findings();
  const names = new Names(catalogue, findings, {
    searchPath: request.session.searchPath,
    // Comes from `decodeSessionState`; anything else is as good as none.
    temporary: Array.isArray(request.session.temporary)
      ? (request.session.temporary as SnapshotRelation[])
      : [],
    reviewedFunctions: request.reviewedFunctions,
  });
  const shape = treat({ names, findings }, statement.tree, request.session);
  const reached = reachedRelations(names, findings);
  // What a view calls or reads without its being understood counts whether or not anything is masked.
  for (const relation of reached) {
    if (relation.definition === null) continue;
    for (const why of viewFlow(names, relation).unknowns) findings.unknowns.add(why);
  }
  const anything = findings.opaque.size > 0 || findings.hidden.size > 0;
  const related = anything ? new Set([...reached, ...catalogue.userRelations()]) : reached;
  return { findings, names, shape, related };
}

/** Facts of one statement, and what the decision and the session need to know besides. */
export function analyseStatement(
  statement: ParsedStatement,
  catalogue: Catalogue,
  request: AnalyseRequest,
): Omit<AnalysedStatement, 'start' | 'end' | 'text'> {
  const { findings, shape, related } = examine(statement, catalogue, request);
  const references = [...findings.references.values()];
  const volatile = [...findings.functions.values()].some((called) => called.volatility === 'volatile');
  const facts: SqlFacts = {
    protocol: 'sql',
    kind: shape.kind,
    node: tagOf(statement.tree) ?? 'empty',
    readOnly: shape.readOnly && findings.writes.length === 0 && !findings.makesTable && !volatile,
    hasWhere: shape.hasWhere,
    reads: relationRefs(
      references.filter((r) => r.role === 'read' || r.role === 'copied').map((r) => r.relation),
    ),
    writes: writeRefs(findings, shape),
    disclosed: columnRefs(findings.disclosed),
    conditions: columnRefs([...findings.conditions].filter((column) => !findings.disclosed.has(column))),
    functions: [...findings.functions.values()],
    settings: findings.settings,
    unknowns: [...findings.unknowns],
  };
  return {
    facts,
    touched: columnRefs([...related].flatMap((relation) => relation.columns)),
    outputs:
      shape.outputs?.map((column) => ({ name: column.name, sources: columnRefs(column.sources) })) ?? null,
    parameters: findings.parameters,
    effect: effectOf(shape, findings),
  };
}

function effectOf(shape: Shape, findings: Findings): Shape['effect'] {
  if (shape.effect !== 'none') return shape.effect;
  const foreign = [...findings.functions.values()].some(
    (called) => called.volatility === 'volatile' && called.schema !== 'pg_catalog',
  );
  if (foreign) return 'catalogue';
  return findings.settings.length > 0 ? 'sessionState' : 'none';
}

/**
 * Every relation whose masks may count: those named, what stands behind views, parents and children of
 * inheritance, both ends of foreign keys of what is written.
 */
function reachedRelations(names: Names, findings: Findings): ReadonlySet<Relation> {
  const related = new Set<Relation>();
  const { catalogue } = names;
  const add = (relation: Relation | undefined): void => {
    if (relation === undefined || related.has(relation)) return;
    related.add(relation);
    for (const oid of catalogue.ancestors(relation.oid)) add(catalogue.relationByOid(oid));
    for (const oid of catalogue.descendants(relation.oid)) add(catalogue.relationByOid(oid));
    if (relation.definition === null) return;
    for (const inner of viewFlow(names, relation).relations) add(inner);
    for (const column of catalogue.columnsBehind(relation.oid)) add(column.relation);
  };
  for (const { relation, role } of findings.references.values()) {
    add(relation);
    if (role !== 'target') continue;
    for (const key of catalogue.constraintsOn(relation.oid)) add(catalogue.relationByOid(key.referenced));
    for (const key of catalogue.constraintsReferencing(relation.oid))
      add(catalogue.relationByOid(key.relation));
  }
  return related;
}

function relationRefs(relations: readonly Relation[]) {
  return [...new Set(relations)].map((relation) => ({ schema: relation.schema, relation: relation.name }));
}

/** What data-changing statements write, and for everything else the relations that the statement is about. */
function writeRefs(findings: Findings, { kind }: Shape): WriteRef[] {
  const about = [...findings.references.values()].filter(
    ({ role }) => role === 'maintained' || role === 'altered',
  );
  const all = [...findings.writes, ...about.map(({ relation }) => ({ relation, by: kind, everyRow: false }))];
  return all.map(({ relation, by, everyRow }) => ({
    schema: relation.schema,
    relation: relation.name,
    by,
    everyRow,
  }));
}

function columnRefs(columns: Iterable<Column>) {
  return [...columns].map((column) => ({
    schema: column.relation.schema,
    relation: column.relation.name,
    column: column.name,
  }));
}

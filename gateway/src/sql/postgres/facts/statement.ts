import type { ColumnRef, SqlFacts, StatementKind, ThroughRef, WriteRef } from '../../../../contract/facts.ts';
import type { AnalysedStatement, AnalyseRequest } from '../../engine.ts';
import { type Catalogue, type Column, isSystemSchema, type Relation } from '../catalogue/catalogue.ts';
import type { SnapshotRelation } from '../catalogue/snapshot.ts';
import { bodyOf, tagOf } from '../parse/node.ts';
import type { ParsedStatement } from '../parse/parser.ts';
import { countsRows, tellsChanges } from './allowed/counting.ts';
import { shownRows } from './allowed/server-rows.ts';
import { isShaped } from './constant-free.ts';
import { misreadName } from './encoded-names.ts';
import { Findings } from './findings.ts';
import { keysTold, referringColumns } from './keys-told.ts';
import { madeColumns } from './made-columns.ts';
import { Names } from './names.ts';
import { numberedTables } from './numbered.ts';
import { originsOf } from './origins.ts';
import { type Doing, keyedWith, type Reached, reachedThrough } from './reached.ts';
import type { Shape } from './shape.ts';
import { treat } from './treatment.ts';
import { throughColumns, type UsedBehind, usedBehind } from './used-behind.ts';
import { listedColumns } from './value-lists.ts';
import { viewFlow } from './view.ts';

/** A statement looked at: what a rewrite needs besides the facts. `related` is all there is when it is opaque. */
export type Examined = { findings: Findings; names: Names; shape: Shape; related: ReadonlySet<Relation> };

export function examine(statement: ParsedStatement, catalogue: Catalogue, request: AnalyseRequest): Examined {
  const findings = new Findings();
  const names = new Names(catalogue, findings, {
    searchPath: request.session.searchPath,
    sessionPath: request.session.searchPath,
    // Comes from `decodeSessionState`; anything else is as good as none.
    temporary: Array.isArray(request.session.temporary)
      ? (request.session.temporary as SnapshotRelation[])
      : [],
    reviewedFunctions: request.reviewedFunctions,
  });
  const misread = misreadName(catalogue, statement.text);
  if (misread !== null) findings.unknowns.add(misread);
  const shape = treat({ names, findings }, statement.tree, request.session);
  const reached = reachedRelations(names, findings);
  names.appliedAnywhere();
  // Who only drops or describes a view doesn't run it.
  if (!DESCRIBING.has(shape.kind)) for (const relation of reached) noteView(names, findings, relation);
  if (DEFINING.has(shape.kind)) noteEventTriggers(names, findings);
  const telling = [...findings.functions.values()].find(tellsChanges);
  if (telling !== undefined)
    findings.opaque.add(`function ${telling.name} tells how much a write has changed`);
  const counts = findings.counting.size > 0 || [...findings.functions.values()].some(countsRows);
  const isApart = [...reached].some((relation) => shownRows(relation) !== null);
  const anything =
    findings.opaque.size > 0 || findings.hidden.size > 0 || counts || findings.everywhere || isApart;
  const related = anything ? new Set([...reached, ...catalogue.userRelations()]) : reached;
  return { findings, names, shape, related };
}

const DESCRIBING: ReadonlySet<StatementKind> = new Set(['drop', 'comment', 'grant', 'lock']);
/** Kinds that set off event triggers. */
const DEFINING: ReadonlySet<StatementKind> = new Set([
  'create',
  'alter',
  'drop',
  'comment',
  'grant',
  'maintenance',
  'other',
]);

/** What a view calls, or reads without its being understood, counts whether or not anything is masked. */
function noteView(names: Names, findings: Findings, relation: Relation): void {
  if (relation.definition === null) return;
  const flow = viewFlow(names, relation);
  for (const why of flow.unknowns) findings.unknowns.add(why);
  for (const [name, called] of flow.functions) findings.functions.set(name, called);
  for (const column of flow.hidden) findings.hidden.add(column);
  for (const column of flow.counting) findings.counting.add(column);
  findings.settings.push(...flow.settings);
  findings.writes.push(...flow.writes);
  findings.calledWrites.push(...flow.calledWrites);
}

function noteEventTriggers(names: Names, findings: Findings): void {
  for (const trigger of names.catalogue.eventTriggers) {
    const why = names.refusal(trigger.schema, trigger.function, null);
    if (why !== null) findings.unknowns.add(`event trigger ${trigger.name}: ${why}`);
  }
}

/** Facts of one statement, and what the decision and the session need to know besides. */
export function analyseStatement(
  statement: ParsedStatement,
  catalogue: Catalogue,
  request: AnalyseRequest,
): Omit<AnalysedStatement, 'start' | 'end' | 'text'> {
  const { findings, names, shape, related } = examine(statement, catalogue, request);
  const made = madeColumns(names, statement.tree, request.session);
  const references = [...findings.references.values()];
  const volatile = [...findings.functions.values()].some((called) => called.volatility === 'volatile');
  const writes = writeRefs(findings, shape);
  // As in PostgreSQL, who writes a relation and looks at its columns reads it as well.
  const read = [
    ...references.filter((r) => r.role === 'read' || r.role === 'copied').map((r) => r.relation),
    ...findings.targetReads.map(({ relation }) => relation),
  ];
  const facts: SqlFacts = {
    protocol: 'sql',
    kind: shape.kind,
    node: tagOf(statement.tree) ?? 'empty',
    readOnly: shape.readOnly && writes.length === 0 && !findings.makesTable && !volatile,
    hasWhere: shape.hasWhere,
    reads: relationRefs(read),
    writes,
    disclosed: columnRefs(findings.disclosed),
    conditions: columnRefs([...columnsNamed(findings)].filter((column) => !findings.disclosed.has(column))),
    ...lookupRefs(findings, shape, catalogue),
    functions: [...findings.functions.values()],
    settings: findings.settings,
    unknowns: [...findings.unknowns],
  };
  const through = throughRefs(names, findings, shape, read);
  // Every column of these counts, wherever a foreign key has led to them.
  const whole = through.flatMap(({ schema, relation, columns }) =>
    columns === null ? (names.find(schema, relation) ?? []) : [],
  );
  return {
    facts,
    touched: [
      ...columnRefs([...new Set([...related, ...whole])].flatMap((relation) => relation.columns)),
      ...made.map(({ schema, relation, column }) => ({ schema, relation, column })),
    ],
    through,
    outputs:
      shape.outputs?.map((column) => ({
        name: column.name,
        sources: columnRefs(column.sources),
        origins: originsOf(names, findings.passed, column),
      })) ?? null,
    copyTo: shape.copyTo,
    parameters: findings.parameters,
    naming: namingOf(statement),
    effect: effectOf(shape, findings),
    concludes: shape.concludes,
    shaped: isShaped(statement.text, statement.tree, facts.kind),
  };
}

/** Columns of which estimates of a statement's plan could tell, though it doesn't ask for them. */
export function listedIn(
  statement: ParsedStatement,
  catalogue: Catalogue,
  request: AnalyseRequest,
): ColumnRef[] {
  const { names, findings } = examine(statement, catalogue, request);
  return columnRefs(new Set(listedColumns(names, findings)));
}

/** The parser folds and cuts names as the server does. */
function namingOf({ tree }: ParsedStatement): string | null {
  return bodyOf(tree, 'PrepareStmt')?.name ?? bodyOf(tree, 'DeclareCursorStmt')?.portalname ?? null;
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
 * inheritance, both ends of foreign keys of what is written, and keys that system columns tell of.
 */
function reachedRelations(names: Names, findings: Findings): ReadonlySet<Relation> {
  const related = new Set<Relation>();
  const { catalogue } = names;
  const add = (relation: Relation | undefined): void => {
    if (relation === undefined || related.has(relation)) return;
    related.add(relation);
    for (const other of catalogue.relationsOfPolicies(relation.oid)) add(other);
    for (const oid of catalogue.ancestors(relation.oid)) add(catalogue.relationByOid(oid));
    for (const oid of catalogue.descendants(relation.oid)) add(catalogue.relationByOid(oid));
    if (relation.definition === null) return;
    const { relations, conditions } = viewFlow(names, relation);
    for (const inner of relations) add(inner);
    for (const column of conditions) add(column.relation);
    for (const column of catalogue.columnsBehind(relation.oid)) add(column.relation);
  };
  for (const { relation, role } of findings.references.values()) {
    add(relation);
    if (role === 'target') for (const other of keyedWith(names, relation)) add(other);
  }
  for (const { relation } of findings.askedKeys) for (const other of keyedWith(names, relation)) add(other);
  for (const column of keysTold(catalogue, findings)) add(column.relation);
  for (const relation of numberedTables(catalogue, findings)) add(relation);
  if (findings.locksKeys) {
    for (const relation of [...related])
      for (const column of referringColumns(catalogue, relation)) add(column.relation);
  }
  return related;
}

function relationRefs(relations: readonly Relation[]) {
  return [...new Set(relations)].map((relation) => ({ schema: relation.schema, relation: relation.name }));
}

/** What data-changing statements write, and for everything else the relations that the statement is about. */
function writeRefs(findings: Findings, shape: Shape): WriteRef[] {
  return [...writesOf(findings, shape).map(writeRef), ...findings.calledWrites];
}

function writesOf({ references, writes }: Findings, { kind }: Shape): Doing[] {
  const about = [...references.values()].filter(({ role }) => role === 'maintained' || role === 'altered');
  return [...writes, ...about.map(({ relation }) => ({ relation, by: kind, everyRow: false }))];
}

function writeRef({ relation, by, everyRow }: Doing): WriteRef {
  return { schema: relation.schema, relation: relation.name, by, everyRow };
}

function throughRefs(
  names: Names,
  findings: Findings,
  shape: Shape,
  read: readonly Relation[],
): ThroughRef[] {
  const named = [...read.map(readingOf), ...writesOf(findings, shape)];
  const readings = new Set(read);
  const columns = [...columnsNamed(findings)].filter(({ relation }) => readings.has(relation));
  const used = usedBehind(names, new Set(columns), [...named, ...plannedWrites(findings)]);
  const reached = reachedThrough(names, named);
  const known = new Set(reached.flatMap(({ by, relation }) => (by === 'select' ? relation : [])));
  // A condition of a view reads what is written through it, and what is named may have columns that aren't.
  const others = [...used].flatMap(([relation, { named: from }]): Reached[] =>
    known.has(relation) || isSystemSchema(relation.schema) ? [] : [{ ...readingOf(relation), named: from }],
  );
  return [...reached, ...others].map(({ named: from, ...doing }) => ({
    ...writeRef(doing),
    named: { schema: from.schema, relation: from.name },
    columns: doing.by === 'select' ? columnsUsed(used.get(doing.relation)) : null,
  }));
}

function columnsUsed(used: UsedBehind | undefined): ThroughRef['columns'] {
  return used === undefined ? [] : throughColumns(used);
}

function readingOf(relation: Relation): Doing {
  return { relation, by: 'select', everyRow: false };
}

function columnsNamed({ disclosed, conditions, seen }: Findings): ReadonlySet<Column> {
  return new Set([...disclosed, ...conditions, ...seen]);
}

/** Writes that are planned or kept, and not done: a plan tells of what the view that they go through looks at. */
function plannedWrites({ references, writes }: Findings): Doing[] {
  const targets = [...references.values()].filter(({ role }) => role === 'target');
  return targets
    .filter(({ relation }) => !writes.some((write) => write.relation === relation))
    .map(({ relation }) => ({ relation, by: 'update', everyRow: false }));
}

/**
 * What `=` asks, and what a unique key answers of the values that it is given. FETCH takes rows that were found when
 * the cursor was opened.
 */
function lookupRefs(
  { lookups, given, explained }: Findings,
  { kind }: Shape,
  catalogue: Catalogue,
): Pick<SqlFacts, 'lookups'> {
  if (kind === 'fetch') return {};
  const asked = lookups.map(({ column, values }) => ({ column, values: values.length }));
  for (const [column, values] of explained ? [] : given) {
    const isUnique = catalogue
      .constraintsOn(column.relation.oid)
      .some(({ type, columns }) => type === 'u' && columns.includes(column.number));
    if (values !== null && isUnique) asked.push({ column, values });
  }
  if (asked.length === 0) return {};
  return {
    lookups: asked.flatMap(({ column, values }) =>
      columnRefs([column]).map((ref) => ({ column: ref, values })),
    ),
  };
}

function columnRefs(columns: Iterable<Column>) {
  return [...columns].map((column) => ({
    schema: column.relation.schema,
    relation: column.relation.name,
    column: column.name,
  }));
}

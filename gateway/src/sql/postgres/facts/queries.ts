import type { CopyStmt, Node } from 'libpg-query';
import type { StatementKind } from '../../../../contract/facts.ts';
import type { SqlSessionState } from '../../engine.ts';
import { isSystemSchema } from '../catalogue/catalogue.ts';
import { bodyOf, namesOf, tagOf } from '../parse/node.ts';
import { parse } from '../parse/parser.ts';
import { noteRead } from './column.ts';
import { noteUnvisited } from './completeness.ts';
import { copyFormat } from './copy-format.ts';
import { expression, expressions } from './expression.ts';
import { noteFilled } from './filled.ts';
import { noteMade, noteReplaced } from './made.ts';
import { query } from './query.ts';
import { emptyScope, itemOf, type Result, rangeOfRelation, sourcesOf, visible } from './scope.ts';
import { type Shape, shape } from './shape.ts';
import { type Treatments, treat } from './treatment.ts';
import { noteWriteEffects } from './triggers.ts';
import type { Walk } from './walk.ts';

/** A query as a statement. */
export function queryShape(walk: Walk, node: Node): Shape {
  const result = query(walk, node, emptyScope(null, null));
  walk.findings.disclose(sourcesOf(result.columns, result.rest));
  noteUnvisited(walk, node);
  // INTO stands in the first SELECT of a set operation.
  const into = walk.findings.makesTable;
  const guarded = bodyOf(node, 'UpdateStmt') ?? bodyOf(node, 'DeleteStmt');
  return shape(into ? 'create' : (KINDS[tagOf(node) ?? ''] ?? 'other'), {
    outputs: !into && result.rest === null ? shown(result) : null,
    hasWhere: guarded === undefined ? null : guarded.whereClause !== undefined,
    effect: into ? 'catalogue' : 'none',
    readOnly: !into,
  });
}

const KINDS: Readonly<Record<string, StatementKind>> = {
  SelectStmt: 'select',
  InsertStmt: 'insert',
  UpdateStmt: 'update',
  DeleteStmt: 'delete',
  MergeStmt: 'merge',
};

const shown = (result: Result) => (result.columns.length === 0 ? null : result.columns);

export const queryTreatments: Treatments = {
  SelectStmt: (walk, body) => queryShape(walk, { SelectStmt: body }),
  InsertStmt: (walk, body) => queryShape(walk, { InsertStmt: body }),
  UpdateStmt: (walk, body) => queryShape(walk, { UpdateStmt: body }),
  DeleteStmt: (walk, body) => queryShape(walk, { DeleteStmt: body }),
  MergeStmt: (walk, body) => queryShape(walk, { MergeStmt: body }),
  CopyStmt: copy,
  ExplainStmt: (walk, body, session) => {
    const inner = innerShape(walk, body.query, session);
    const runs = (body.options ?? []).some((node) => bodyOf(node, 'DefElem')?.defname === 'analyze');
    walk.findings.explained = true;
    walk.findings.estimatesOnly = (body.options ?? []).every(showsEstimatesOnly);
    walk.findings.timesSelect =
      inner.kind === 'select' && inner.readOnly && (body.options ?? []).every(showsRowsAndTime);
    if (!runs) forgetWrites(walk);
    return shape('explain', {
      outputs: [visible('QUERY PLAN', new Set())],
      hasWhere: inner.hasWhere,
      effect: runs ? inner.effect : 'none',
      readOnly: !runs || inner.readOnly,
    });
  },
  CreateTableAsStmt: (walk, body, session) => {
    innerShape(walk, body.query, session);
    noteMade(walk, body.into?.rel);
    // A materialised view keeps its text, as a view does.
    if (body.objtype === 'OBJECT_MATVIEW') walk.findings.definesView = true;
    const into = bodyOf(body.query, 'SelectStmt') ?? bodyOf(body.query, 'ExecuteStmt');
    if (into === undefined) walk.findings.unknowns.add('CREATE TABLE AS something that is no query');
    return shape('create', { effect: 'catalogue' });
  },
  ViewStmt: (walk, body) => {
    if (body.query !== undefined) queryShape(walk, body.query);
    noteMade(walk, body.view);
    if (body.replace === true) noteReplaced(walk, body.view);
    walk.findings.definesView = true;
    return shape('create', { effect: 'catalogue' });
  },
  PrepareStmt: (walk, body) => {
    for (const node of body.argtypes ?? []) walk.names.type(bodyOf(node, 'TypeName'));
    if (body.query !== undefined) queryShape(walk, body.query);
    walk.findings.parameters = 0;
    forgetWrites(walk);
    return shape('prepare', { effect: 'sessionState', readOnly: true });
  },
  ExecuteStmt: (walk, body, session) => {
    const parameters = expressions(walk, body.params, emptyScope(null, null));
    walk.findings.disclose(parameters);
    const own = walk.findings.parameters;
    const name = body.name ?? '';
    const inner = storedQuery(walk, 'PrepareStmt', session.prepared.get(name));
    if (inner === null) walk.findings.unknowns.add(`no prepared statement ${name} is known in this session`);
    walk.findings.parameters = own;
    return { ...(inner ?? shape('execute')), kind: 'execute' };
  },
  DeclareCursorStmt: (walk, body) => {
    const inner = body.query === undefined ? shape('declareCursor') : queryShape(walk, body.query);
    return { ...inner, kind: 'declareCursor', outputs: null, effect: 'sessionState' };
  },
  FetchStmt: (walk, body, session) => {
    const name = body.portalname ?? '';
    const inner = storedQuery(walk, 'DeclareCursorStmt', session.cursors.get(name));
    if (inner === null) walk.findings.unknowns.add(`no cursor ${name} is known in this session`);
    walk.findings.parameters = 0;
    const outputs = body.ismove === true ? null : (inner?.outputs ?? null);
    return { ...shape('fetch', { readOnly: true }), outputs };
  },
};

/** The query inside a statement that the session keeps by name, as it would be analysed now. */
function storedQuery(
  walk: Walk,
  tag: 'PrepareStmt' | 'DeclareCursorStmt',
  text: string | undefined,
): Shape | null {
  const parsed = text === undefined ? null : parse(text);
  const tree = parsed?.kind === 'parsed' ? parsed.statements[0]?.tree : undefined;
  const inner =
    tag === 'PrepareStmt' ? bodyOf(tree, 'PrepareStmt')?.query : bodyOf(tree, 'DeclareCursorStmt')?.query;
  walk.findings.usesStored = true;
  return inner === undefined ? null : queryShape(walk, inner);
}

const ESTIMATES: ReadonlySet<string> = new Set([
  'costs',
  'format',
  'summary',
  'settings',
  'generic_plan',
  'memory',
]);

function showsEstimatesOnly(node: Node): boolean {
  return ESTIMATES.has(bodyOf(node, 'DefElem')?.defname ?? '');
}

const ROWS_AND_TIME: ReadonlySet<string> = new Set([...ESTIMATES, 'analyze', 'buffers', 'timing']);

function showsRowsAndTime(node: Node): boolean {
  return ROWS_AND_TIME.has(bodyOf(node, 'DefElem')?.defname ?? '');
}

/** What is only planned or kept changes nothing yet. */
function forgetWrites({ findings }: Walk): void {
  findings.writes.length = 0;
  findings.calledWrites.length = 0;
}

function innerShape(walk: Walk, node: Node | undefined, session: SqlSessionState): Shape {
  if (node !== undefined) return treat(walk, node, session);
  walk.findings.unknowns.add('a statement without its query is not understood');
  return shape('other');
}

function copy(walk: Walk, body: CopyStmt, _session: SqlSessionState): Shape {
  if (body.is_program === true) walk.findings.unknowns.add('COPY with a program on the server');
  else if (body.filename !== undefined) walk.findings.unknowns.add('COPY with a file on the server');
  const kind = body.is_from === true ? 'copyFrom' : 'copyTo';
  if (body.query !== undefined) {
    const inner = queryShape(walk, body.query);
    return { ...inner, kind, outputs: null, copyTo: copyFormat(body) };
  }
  const relation = body.relation === undefined ? null : walk.names.relation(body.relation);
  if (body.relation === undefined || relation === null) return shape(kind);
  const listed = namesOf(body.attlist);
  const columns = relation.columns.filter((column) => listed.length === 0 || listed.includes(column.name));
  const node = body.relation;
  if (kind === 'copyTo') {
    walk.findings.references.set(node, { relation, role: 'copied', node, sampled: false });
    walk.findings.disclose(new Set(columns));
    for (const column of columns) noteRead(walk, column);
    return shape(kind, { readOnly: true, copyTo: copyFormat(body) });
  }
  if (isSystemSchema(relation.schema)) {
    walk.findings.unknowns.add(
      `${relation.schema}.${relation.name} is the server's own and is not written through the gateway`,
    );
  }
  walk.findings.references.set(node, { relation, role: 'target', node, sampled: false });
  walk.findings.writes.push({ relation, by: 'copyFrom', everyRow: false });
  for (const column of columns) walk.findings.written.add(column);
  noteFilled(walk, relation, { given: (column) => columns.includes(column), rows: null });
  noteWriteEffects(walk, relation, ['insert']);
  const scope = {
    ...emptyScope(null, null),
    items: [itemOf(rangeOfRelation(relation, null, true))],
    clause: 'WHERE',
  };
  walk.findings.condition(expression(walk, body.whereClause, scope));
  return shape(kind);
}

import { assertNever } from '../../../contract/assert-never.ts';
import type { AnalyseRequest, Analysis, Outline, Rewrite, SelectList } from '../engine.ts';
import { Catalogue } from './catalogue/catalogue.ts';
import { analyseStatement, listedIn } from './facts/statement.ts';
import { outlineOf } from './outline/outline.ts';
import { parse } from './parse/parser.ts';
import { rewriteStatement } from './rewrite/rewrite.ts';
import { selectListOf } from './rewrite/select-list.ts';
import type { WorkerReply, WorkerRequest } from './worker-protocol.ts';

const catalogues = new Map<string, Catalogue>();
const versionsOf = new Map<string, string[]>();

/** Answers one request; needs the parser to be ready. */
export function answer(request: WorkerRequest): WorkerReply {
  switch (request.ask) {
    case 'learn':
      learn(request);
      return { kind: 'learned' };
    case 'analyse':
      return { kind: 'analysis', analysis: analyse(request.request) };
    case 'selectList':
      return { kind: 'selectList', list: selectList(request.request) };
    case 'outline':
      return { kind: 'outline', outline: outline(request.request) };
    case 'rewrite':
      return { kind: 'rewrite', rewrite: rewrite(request) };
    default:
      return assertNever(request);
  }
}

function learn({ target, version, snapshot, beside }: Extract<WorkerRequest, { ask: 'learn' }>): void {
  catalogues.set(version, new Catalogue(snapshot));
  versionsOf.set(target, [...beside, version]);
  const used = new Set([...versionsOf.values()].flat());
  for (const known of catalogues.keys()) if (!used.has(known)) catalogues.delete(known);
}

function analyse(request: AnalyseRequest): Analysis {
  const catalogue = catalogues.get(request.catalogue);
  if (catalogue === undefined) return { kind: 'unparsed', message: UNKNOWN_CATALOGUE, position: null };
  const parsed = parse(request.text);
  if (parsed.kind === 'unparsed') return parsed;
  const statements = parsed.statements.map((statement) => ({
    start: statement.start,
    end: statement.end,
    text: statement.text,
    ...analyseStatement(statement, catalogue, request),
  }));
  return { kind: 'analysed', statements };
}

function selectList(request: AnalyseRequest): SelectList | null {
  const analysis = analyse(request);
  const [statement, second] = analysis.kind === 'analysed' ? analysis.statements : [];
  const parsed = parse(request.text);
  const [tree] = parsed.kind === 'parsed' ? parsed.statements : [];
  if (tree === undefined || second !== undefined || !statement?.outputs) return null;
  return selectListOf(
    tree,
    statement.outputs.map(({ name }) => name),
  );
}

function outline(request: AnalyseRequest): Outline | null {
  const catalogue = catalogues.get(request.catalogue);
  const parsed = parse(request.text);
  const [statement, second] = parsed.kind === 'parsed' ? parsed.statements : [];
  if (catalogue === undefined || statement === undefined || second !== undefined) return null;
  return outlineOf(statement, listedIn(statement, catalogue, request));
}

function rewrite(request: Extract<WorkerRequest, { ask: 'rewrite' }>): Rewrite {
  const catalogue = catalogues.get(request.request.catalogue);
  const parsed = parse(request.request.text);
  const statement = parsed.kind === 'parsed' ? parsed.statements[request.index] : undefined;
  if (catalogue === undefined || statement === undefined) {
    return { kind: 'refused', why: UNKNOWN_CATALOGUE, next: 'Send the statement again.' };
  }
  return rewriteStatement(statement, catalogue, request.request, request.masks, request);
}

const UNKNOWN_CATALOGUE = "the target's catalogue is not known at this version";

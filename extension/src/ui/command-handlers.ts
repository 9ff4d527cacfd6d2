import * as vscode from 'vscode';
import * as z from 'zod';
import { SluiceError } from '../../../gateway/contract/error.ts';
import { RequestId, type TargetName } from '../../../gateway/contract/ids.ts';
import type { FormatName } from '../../contract/formats/format.ts';
import { quoteIdentifier } from '../../contract/formats/identifier.ts';
import type { TargetNode } from '../targets/nodes.ts';
import type { CommandHandlers } from './commands.ts';
import { chooseGateway } from './gateway-choice.ts';
import { log } from './log.ts';
import { exportSet } from './results-handlers.ts';
import { activeSqlEditor, openSql, partOf, selectedText, wholeText } from './sql-editor.ts';
import { pickTarget } from './target-picker.ts';
import type { Workbench } from './workbench.ts';

/** What a lens hands over: a document and a part of it. */
const Part = z.tuple([z.string(), z.int().nonnegative(), z.int().nonnegative()]);
const Place = z.tuple([z.string(), z.int().nonnegative()]);

/** What each command does. */
export function commandHandlers(w: Workbench): CommandHandlers {
  return {
    'sluice.signIn': () => w.auth.createSession(),
    'sluice.signOut': () => w.auth.removeSession(),
    'sluice.chooseGateway': () => chooseGateway(),
    'sluice.restartGateway': () => w.connect(),
    'sluice.refreshTargets': () => refreshTargets(w),
    'sluice.refreshNode': (node) => w.tree.refresh(nodeOf(node)),
    'sluice.chooseTarget': () => w.chooseTarget(sqlDocument(w)),
    'sluice.useTarget': (node) => useTarget(w, nodeOf(node).target.name),
    'sluice.newQuery': (node) => newQuery(w, node),
    'sluice.openTerminal': (node) => w.terminals.open(isNode(node) ? node.target.name : null),
    'sluice.browseFiles': (node) => w.browseFiles(isNode(node) ? node.target.name : null),
    'sluice.openHostFile': (node) => openHostFile(w, nodeOf(node)),
    'sluice.showTerminal': (node) => w.terminals.show(nodeOf(node).target.name),
    'sluice.copyConnection': (node) => copyConnection(w, nodeOf(node).target.name),
    'sluice.selectTop': (node) => selectTop(w, nodeOf(node)),
    'sluice.copyName': (node) => vscode.env.clipboard.writeText(nameOf(nodeOf(node))),
    'sluice.runStatement': (...args) => runStatement(w, args),
    'sluice.runFile': () => w.runner.run(sqlDocument(w), wholeText(sqlDocument(w))),
    'sluice.cancelRun': () => w.runs.cancel(sqlDocument(w).uri.toString()),
    'sluice.showResults': () => w.panel.focus(),
    'sluice.exportCsv': () => exportLatest(w, 'csv'),
    'sluice.exportJson': () => exportLatest(w, 'json'),
    'sluice.showVerdict': (...args) => showVerdict(args),
    'sluice.requestAccess': (...args) => w.requestAccess(...Place.parse(args)),
    'sluice.askToSee': (node) => askToSee(w, nodeOf(node)),
    'sluice.copyRequest': (...args) => w.copyRequest(...Place.parse(args)),
    'sluice.showApprovals': () => w.desk.panel.show(null),
    'sluice.withdrawRequest': (id) => w.desk.approvals.act('withdraw', RequestId.parse(id), {}),
    'sluice.showRequest': (id) => w.showRequest(RequestId.parse(id)),
    'sluice.searchHistory': async () => openEntry(w, (await w.history.pick())?.id),
    'sluice.openHistoryEntry': (id) => openEntry(w, id),
    'sluice.clearHistory': () => w.history.clear(),
    'sluice.refreshSessions': () => w.sessions.list.refresh(),
    'sluice.findSessions': () => w.sessions.find(),
    'sluice.moreSessions': () => w.sessions.list.more(),
    'sluice.openReplay': (node) => w.sessions.open(node),
    'sluice.exportRecording': (node) => w.sessions.export(node),
    'sluice.replayPolicy': (resource) => w.policyReplays.open(resource),
    'sluice.whoMaySee': (node) => w.policy.reports.whoMaySee(isNode(node) ? node : null),
    'sluice.whatMayTheyDo': (node) => w.policy.reports.whatMayTheyDo(isNode(node) ? node : null),
    'sluice.showLog': () => log().show(),
    'sluice.openWalkthrough': () =>
      vscode.commands.executeCommand('workbench.action.openWalkthrough', 'sluice.sluice#start', false),
  };
}

async function askToSee(w: Workbench, node: TargetNode): Promise<void> {
  if (node.kind !== 'column' || node.column.masked === null) return;
  await w.desk.askToSee(node.target.name, node.column.masked);
}

async function openHostFile(w: Workbench, node: TargetNode): Promise<void> {
  if (node.kind === 'file') await w.openHostFile(node.target, node.place);
}

async function refreshTargets(w: Workbench): Promise<void> {
  await w.connection.refresh();
  if (w.auth.account.value !== null) await w.list.refresh();
}

async function runStatement(w: Workbench, args: unknown[]): Promise<void> {
  const part = Part.safeParse(args);
  if (part.success) {
    const [address, start, end] = part.data;
    const document = await vscode.workspace.openTextDocument(vscode.Uri.parse(address));
    return w.runner.run(document, partOf(document, start, end));
  }
  const editor = activeSqlEditor();
  if (editor === null) throw noSqlFile();
  return w.runner.run(editor.document, selectedText(editor));
}

async function useTarget(w: Workbench, target: TargetName): Promise<void> {
  const document = activeSqlEditor()?.document ?? (await openSql('')).document;
  w.activeTarget.choose(document.uri.toString(), target);
}

async function newQuery(w: Workbench, node: unknown): Promise<void> {
  const target = isNode(node) ? node.target.name : await targetForNewQuery(w);
  const editor = await openSql('');
  if (target !== null) w.activeTarget.choose(editor.document.uri.toString(), target);
}

/** The only target needs no question; signed out, the query is opened all the same. */
async function targetForNewQuery(w: Workbench): Promise<TargetName | null> {
  if (w.auth.account.value === null) return null;
  if (w.list.targets.length === 1) return w.list.targets[0]?.name ?? null;
  return pickTarget(w.list, 'On which target?');
}

async function selectTop(w: Workbench, node: TargetNode): Promise<void> {
  if (node.kind !== 'relation') return;
  const name = `${quoteIdentifier(node.schema.name)}.${quoteIdentifier(node.relation.name)}`;
  const { document } = await openSql(`select *\nfrom ${name}\nlimit 100;\n`);
  w.activeTarget.choose(document.uri.toString(), node.target.name);
  await w.runner.run(document, wholeText(document));
}

async function copyConnection(w: Workbench, target: TargetName): Promise<void> {
  const client = await w.connection.client();
  const { user, password, host, port, database, expiresAt } = await client.ask('credential', {
    params: { target },
  });
  const part = encodeURIComponent;
  const dsn = `postgres://${part(user)}:${part(password)}@${host}:${port}/${part(database)}?sslmode=require`;
  await vscode.env.clipboard.writeText(`psql '${dsn}'`);
  const until = new Date(expiresAt).toLocaleTimeString();
  void vscode.window.showInformationMessage(
    `A psql command for ${target} is on your clipboard. It logs in until ${until}.`,
  );
}

async function exportLatest(w: Workbench, format: FormatName): Promise<void> {
  const set = w.runs.of(sqlDocument(w).uri.toString()).flatMap((run) => run.resultSets)[0];
  if (set === undefined)
    throw new SluiceError('request.invalid', 'There is no result to export.', 'Run a statement first.');
  const { file, rows } = await exportSet(w.runs, set, format);
  if (file !== null) {
    void vscode.window.showInformationMessage(`${rows.toLocaleString('en')} rows were written to ${file}.`);
  }
}

async function showVerdict(args: unknown[]): Promise<void> {
  const place = Place.safeParse(args);
  const editor = activeSqlEditor();
  if (editor === null) throw noSqlFile();
  if (place.success) {
    const at = editor.document.positionAt(place.data[1]);
    editor.selection = new vscode.Selection(at, at);
  }
  await vscode.commands.executeCommand('editor.action.showHover');
}

async function openEntry(w: Workbench, id: unknown): Promise<void> {
  const entry = w.history.find(id);
  if (entry === undefined) return;
  const { document } = await openSql(entry.text);
  w.activeTarget.choose(document.uri.toString(), entry.target);
}

function nameOf(node: TargetNode): string {
  switch (node.kind) {
    case 'relation':
      return `${quoteIdentifier(node.schema.name)}.${quoteIdentifier(node.relation.name)}`;
    case 'function':
      return `${quoteIdentifier(node.schema.name)}.${quoteIdentifier(node.routine.name)}`;
    case 'column':
      return quoteIdentifier(node.column.name);
    case 'schema':
      return quoteIdentifier(node.schema.name);
    default:
      return node.target.name;
  }
}

function isNode(value: unknown): value is TargetNode {
  return typeof value === 'object' && value !== null && 'kind' in value && 'target' in value;
}

function nodeOf(value: unknown): TargetNode {
  if (isNode(value)) return value;
  throw new SluiceError('request.invalid', 'This command belongs to an entry of the Targets view.');
}

function sqlDocument(w: Workbench): vscode.TextDocument {
  const document = activeSqlEditor()?.document ?? w.pairedDocument;
  if (document === null) throw noSqlFile();
  return document;
}

function noSqlFile(): SluiceError {
  return new SluiceError('request.invalid', 'No SQL file is open.', 'Open one, or run “Sluice: New Query”.');
}

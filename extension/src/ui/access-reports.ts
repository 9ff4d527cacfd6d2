import * as vscode from 'vscode';
import { SluiceError } from '../../../gateway/contract/error.ts';
import type { TargetName } from '../../../gateway/contract/ids.ts';
import type { HttpClient } from '../gateway/http-client.ts';
import { whatText, whoText } from '../policy-language/access-words.ts';
import type { KnownNamesBook } from '../policy-language/known-names.ts';
import { part } from '../policy-language/names.ts';
import type { TargetNode } from '../targets/nodes.ts';

const SCHEME = 'sluice-report';
const MAX_KEPT = 20;

export type AccessReportsOptions = {
  client: () => Promise<HttpClient>;
  names: KnownNamesBook;
  requireSignIn: () => Promise<void>;
};

/** A table of a target, or one of its columns. */
type Asked = { target: TargetName; schema: string; relation: string; column: string | null };

/** Who may see what, and what somebody may do, as documents to be read: plain text, for names in it are other people's. */
export class AccessReports implements vscode.Disposable, vscode.TextDocumentContentProvider {
  readonly #options: AccessReportsOptions;
  readonly #kept = new Map<string, string>();
  readonly #registration: vscode.Disposable;
  #count = 0;

  constructor(options: AccessReportsOptions) {
    this.#options = options;
    this.#registration = vscode.workspace.registerTextDocumentContentProvider(SCHEME, this);
  }

  provideTextDocumentContent(uri: vscode.Uri): string {
    return this.#kept.get(uri.toString()) ?? 'This report is not kept any more. Ask again.\n';
  }

  /** Who may see a column, or a whole table, and why. @throws SluiceError as the gateway refuses */
  async whoMaySee(node: TargetNode | null): Promise<void> {
    await this.#options.requireSignIn();
    const asked = (node === null ? null : askedBy(node)) ?? (await this.#pickColumn());
    if (asked === null) return;
    const { target, schema, relation, column } = asked;
    const table = `${part(schema)}.${part(relation)}`;
    const params = { target, table, ...(column === null ? {} : { column }) };
    const report = await this.#waiting('Asking who may see it…', (client, signal) =>
      client.ask('policyWho', { params }, signal),
    );
    await this.#show(`Who may see ${relation}${column === null ? '' : `.${column}`}`, whoText(report));
  }

  /** What somebody may do on a target, and why. @throws SluiceError as the gateway refuses */
  async whatMayTheyDo(node: TargetNode | null): Promise<void> {
    await this.#options.requireSignIn();
    const target = node?.target.name ?? (await this.#pickTarget('On which target?', false));
    if (target === null) return;
    const { people } = await this.#general();
    const items = people.map(({ id, name }) => ({ label: name, description: id, id }));
    if (items.length === 0) {
      throw new SluiceError(
        'request.invalid',
        'Nobody did anything yet that was recorded, so nobody’s groups are known.',
        'Ask who may see a column: that tells each group.',
      );
    }
    const person = await vscode.window.showQuickPick(items, {
      placeHolder: `Whose rights on ${target}?`,
      matchOnDescription: true,
    });
    if (person === undefined) return;
    const report = await this.#waiting('Asking what they may do…', (client, signal) =>
      client.ask('policyWhat', { params: { target, person: person.id } }, signal),
    );
    await this.#show(`What ${person.label} may do on ${target}`, whatText(report));
  }

  dispose(): void {
    this.#registration.dispose();
  }

  async #pickColumn(): Promise<Asked | null> {
    const target = await this.#pickTarget('Of which target?', true);
    if (target === null) return null;
    await this.#options.names.catalogues([target]);
    const schemas = this.#options.names.now.catalogues.get(target) ?? [];
    const tables = schemas.flatMap((schema) =>
      schema.relations.map((relation) => ({
        label: relation.name,
        description: schema.name,
        schema: schema.name,
        columns: relation.columns,
      })),
    );
    const table = await vscode.window.showQuickPick(tables, {
      placeHolder: tables.length === 0 ? 'No table is known there' : 'Of which table?',
      matchOnDescription: true,
    });
    if (table === undefined) return null;
    const whole = { label: 'The whole table', column: null };
    const columns = table.columns.map((column) => ({ label: column, column }));
    const chosen = await vscode.window.showQuickPick<{ label: string; column: string | null }>(
      [whole, ...columns],
      { placeHolder: `Which column of ${table.label}?` },
    );
    if (chosen === undefined) return null;
    return { target, schema: table.schema, relation: table.label, column: chosen.column };
  }

  async #pickTarget(placeHolder: string, isDatabase: boolean): Promise<TargetName | null> {
    const { targets } = await this.#general();
    const items = targets
      .filter(({ kind }) => !isDatabase || kind !== 'ssh')
      .map(({ name, labels }) => ({ label: name, description: Object.values(labels).join(' · '), name }));
    return (await vscode.window.showQuickPick(items, { placeHolder }))?.name ?? null;
  }

  async #general() {
    await this.#options.names.general();
    return this.#options.names.now;
  }

  #waiting<T>(title: string, ask: (client: HttpClient, signal: AbortSignal) => Promise<T>): Thenable<T> {
    const options = { location: vscode.ProgressLocation.Notification, title, cancellable: true };
    return vscode.window.withProgress(options, async (_, token) => {
      const unwanted = new AbortController();
      token.onCancellationRequested(() => unwanted.abort(new vscode.CancellationError()));
      try {
        return await ask(await this.#options.client(), unwanted.signal);
      } catch (error) {
        throw unwanted.signal.aborted ? new vscode.CancellationError() : error;
      }
    });
  }

  async #show(title: string, text: string): Promise<void> {
    this.#count += 1;
    // The path is the tab's title; the number keeps each report its own.
    const path = `/${title.replaceAll('/', '∕')}`;
    const uri = vscode.Uri.from({ scheme: SCHEME, path, query: String(this.#count) });
    this.#kept.set(uri.toString(), text);
    for (const oldest of [...this.#kept.keys()].slice(0, -MAX_KEPT)) this.#kept.delete(oldest);
    const document = await vscode.workspace.openTextDocument(uri);
    await vscode.window.showTextDocument(document, { preview: true });
  }
}

function askedBy(node: TargetNode): Asked | null {
  const target = node.target.name;
  if (node.kind === 'relation') {
    return { target, schema: node.schema.name, relation: node.relation.name, column: null };
  }
  if (node.kind !== 'column') return null;
  // A node's id leads to it from the target on.
  const [, schema = 'public'] = node.id.split('/').map(decodeURIComponent);
  return { target, schema, relation: node.relation.name, column: node.column.name };
}

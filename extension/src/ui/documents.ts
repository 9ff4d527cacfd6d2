import * as vscode from 'vscode';
import { SQL } from './sql-editor.ts';

/** Follows SQL documents: which one results are paired with, and what stands in the visible ones. */
export class Documents implements vscode.Disposable {
  readonly #onPaired: () => void;
  readonly #onText: (document: vscode.TextDocument) => void;
  readonly #subscriptions: vscode.Disposable[];
  #paired: vscode.TextDocument | null = null;

  constructor(on: {
    paired: () => void;
    text: (document: vscode.TextDocument) => void;
    closed: (document: vscode.TextDocument) => void;
  }) {
    this.#onPaired = on.paired;
    this.#onText = on.text;
    this.#subscriptions = [
      vscode.window.onDidChangeActiveTextEditor((editor) => this.#activate(editor)),
      vscode.window.onDidChangeVisibleTextEditors(() => this.refresh()),
      vscode.workspace.onDidChangeTextDocument(({ document }) => this.#textOf(document)),
      vscode.workspace.onDidCloseTextDocument((document) => {
        if (this.#paired === document) {
          this.#paired = null;
          this.#onPaired();
        }
        on.closed(document);
      }),
    ];
  }

  /** The SQL document in front, or the last one that was. */
  get paired(): vscode.TextDocument | null {
    return this.#paired;
  }

  /** Looks at everything again, as after signing in. */
  refresh(): void {
    this.#activate(vscode.window.activeTextEditor);
    for (const editor of vscode.window.visibleTextEditors) this.#textOf(editor.document);
  }

  dispose(): void {
    for (const subscription of this.#subscriptions) subscription.dispose();
  }

  #activate(editor: vscode.TextEditor | undefined): void {
    const document = editor?.document;
    if (document === undefined || document.languageId !== SQL) {
      this.#onPaired();
      return;
    }
    this.#paired = document;
    this.#onPaired();
  }

  #textOf(document: vscode.TextDocument): void {
    if (document.languageId === SQL && isVisible(document)) this.#onText(document);
  }
}

function isVisible(document: vscode.TextDocument): boolean {
  return vscode.window.visibleTextEditors.some((editor) => editor.document === document);
}

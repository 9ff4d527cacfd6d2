import * as vscode from 'vscode';
import { loadPolicyLanguage } from '../lazy.ts';
import type { Suggestion, SuggestionKind } from '../policy-language/complete.ts';
import type { KnownNamesBook } from '../policy-language/known-names.ts';
import type { PolicyDrafts } from './policy-drafts.ts';

/** Whoever types isn't kept waiting for names longer than that; the next letter asks again. */
const PATIENCE_MS = 1_500;

export const COMPLETION_TRIGGERS = [' ', ':', '[', '{', '.', '"'] as const;

const KINDS: Record<SuggestionKind, vscode.CompletionItemKind> = {
  key: vscode.CompletionItemKind.Property,
  value: vscode.CompletionItemKind.EnumMember,
  template: vscode.CompletionItemKind.Snippet,
  target: vscode.CompletionItemKind.Module,
  describedTarget: vscode.CompletionItemKind.Module,
  label: vscode.CompletionItemKind.Keyword,
  labelValue: vscode.CompletionItemKind.Value,
  schema: vscode.CompletionItemKind.Folder,
  table: vscode.CompletionItemKind.Struct,
  column: vscode.CompletionItemKind.Field,
  tagPattern: vscode.CompletionItemKind.Field,
  tag: vscode.CompletionItemKind.Constant,
  group: vscode.CompletionItemKind.Interface,
  person: vscode.CompletionItemKind.User,
  describedPerson: vscode.CompletionItemKind.User,
  account: vscode.CompletionItemKind.User,
  function: vscode.CompletionItemKind.Function,
  detector: vscode.CompletionItemKind.EnumMember,
  rule: vscode.CompletionItemKind.Reference,
};

/** Keys and words of the policy language, and names that the gateway knows. */
export class PolicyCompletion implements vscode.CompletionItemProvider {
  readonly #drafts: PolicyDrafts;
  readonly #names: KnownNamesBook;
  readonly #mayAsk: () => boolean;

  constructor(drafts: PolicyDrafts, names: KnownNamesBook, mayAsk: () => boolean) {
    this.#drafts = drafts;
    this.#names = names;
    this.#mayAsk = mayAsk;
  }

  async provideCompletionItems(
    document: vscode.TextDocument,
    position: vscode.Position,
    token: vscode.CancellationToken,
  ): Promise<vscode.CompletionList | null> {
    const draft = this.#drafts.of(document);
    if (draft === null) return null;
    const { kind } = draft;
    const text = document.getText();
    const offset = document.offsetAt(position);
    const language = loadPolicyLanguage();
    let isKnown = true;
    if (this.#mayAsk()) {
      isKnown = await inTime(this.#names.general(), token);
      const needed = language.needs(kind, text, offset, this.#names.now);
      isKnown = (await inTime(this.#names.catalogues(needed), token)) && isKnown;
    }
    if (token.isCancellationRequested) return null;
    const texts = [text, ...this.#drafts.textsOf(draft.root)];
    const found = language.complete({ kind, text, offset, names: this.#names.now }, texts);
    if (found === null) return null;
    const range = {
      inserting: new vscode.Range(document.positionAt(found.start), position),
      replacing: new vscode.Range(document.positionAt(found.start), document.positionAt(found.end)),
    };
    const quote = /["']/.exec(text.charAt(found.start))?.[0] ?? '';
    const items = found.all.map((one, at) => itemOf(one, at, range, quote));
    return new vscode.CompletionList(items, found.isPartial || !isKnown);
  }
}

function itemOf(
  { label, kind, text, isSnippet, detail, about, goesOn }: Suggestion,
  at: number,
  range: { inserting: vscode.Range; replacing: vscode.Range },
  quote: string,
): vscode.CompletionItem {
  const item = new vscode.CompletionItem({ label, description: detail }, KINDS[kind]);
  item.insertText = isSnippet ? new vscode.SnippetString(text) : text;
  // With an open quote before the cursor the closing one is replaced as well.
  item.range = quote === '' ? range : range.replacing;
  item.filterText = `${quote}${label}`;
  item.sortText = String(at).padStart(5, '0');
  // Text, not Markdown: names and drafts are other people's.
  if (about !== '') item.documentation = about;
  if (goesOn) item.command = { command: 'editor.action.triggerSuggest', title: 'Go on' };
  return item;
}

/** Whether it has come before patience ended, or the editor did not want it any more. */
function inTime(work: Promise<void>, token: vscode.CancellationToken): Promise<boolean> {
  return new Promise((resolve) => {
    const clock = setTimeout(() => settle(false), PATIENCE_MS);
    const cancelled = token.onCancellationRequested(() => settle(false));
    const settle = (came: boolean) => {
      clearTimeout(clock);
      cancelled.dispose();
      resolve(came);
    };
    void work.then(() => settle(true));
  });
}

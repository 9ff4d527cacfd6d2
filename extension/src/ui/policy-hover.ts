import * as vscode from 'vscode';
import type { HttpClient } from '../gateway/http-client.ts';
import { loadPolicyLanguage } from '../lazy.ts';
import type { Described } from '../policy-language/describe.ts';
import { touchesText } from '../policy-language/wording.ts';
import { escapeMarkdown } from '../verdicts/wording.ts';
import { asSluiceError } from './errors.ts';
import type { DraftDocument, PolicyDrafts } from './policy-drafts.ts';

/** The schema's words on a key, and what a rule or a pattern is about now. */
export class PolicyHover implements vscode.HoverProvider {
  readonly #drafts: PolicyDrafts;
  readonly #client: () => Promise<HttpClient>;
  readonly #mayAsk: () => boolean;

  constructor(drafts: PolicyDrafts, client: () => Promise<HttpClient>, mayAsk: () => boolean) {
    this.#drafts = drafts;
    this.#client = client;
    this.#mayAsk = mayAsk;
  }

  async provideHover(
    document: vscode.TextDocument,
    position: vscode.Position,
    token: vscode.CancellationToken,
  ): Promise<vscode.Hover | null> {
    const draft = this.#drafts.of(document);
    if (draft === null) return null;
    const found = loadPolicyLanguage().describe(draft.kind, document.getText(), document.offsetAt(position));
    if (found === null) return null;
    const { about, part, start, end } = found;
    const touched = part === null ? '' : await this.#touched(draft, part, token);
    const texts = [escapeMarkdown(about), touched].filter((text) => text !== '');
    if (token.isCancellationRequested || texts.length === 0) return null;
    // Not trusted, and without HTML: names in it are other people's.
    const text = new vscode.MarkdownString(texts.join('\n\n'));
    text.isTrusted = false;
    text.supportHtml = false;
    return new vscode.Hover(text, new vscode.Range(document.positionAt(start), document.positionAt(end)));
  }

  async #touched(
    { root, file }: DraftDocument,
    { label, path }: NonNullable<Described['part']>,
    token: vscode.CancellationToken,
  ): Promise<string> {
    if (!this.#mayAsk()) return 'What it is about now the gateway tells, once you are signed in\\.';
    const unwanted = new AbortController();
    const cancelled = token.onCancellationRequested(() => unwanted.abort());
    try {
      const documents = await this.#drafts.filesOf(root);
      const body = { documents, file, path: [...path] };
      return touchesText(label, await (await this.#client()).ask('policyTouches', { body }, unwanted.signal));
    } catch (error) {
      if (unwanted.signal.aborted) return '';
      const { message, next } = asSluiceError(error);
      return `What ${escapeMarkdown(label)} is about the gateway does not tell: ${escapeMarkdown(`${message} ${next}`.trim())}`;
    } finally {
      cancelled.dispose();
    }
  }
}

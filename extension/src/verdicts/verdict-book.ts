import { SluiceError } from '../../../gateway/contract/error.ts';
import type { TargetName } from '../../../gateway/contract/ids.ts';
import type { Verdict } from '../../../gateway/contract/verdict.ts';
import type { CommandId } from '../contributions.ts';
import { type Span, splitStatements } from '../sql/split.ts';

/** A statement and how far its check has come. */
export type CheckedStatement = {
  span: Span;
  check:
    | { kind: 'checked'; verdict: Verdict }
    | { kind: 'checking' }
    /** Found, but nobody asked the policy; `why` is for people, `remedy` helps. */
    | ({ kind: 'notChecked' } & Unasked);
};

/** Why nothing was asked, and the command that changes it. */
export type Unasked = { why: string; remedy: CommandId };

export type AskVerdicts = (target: TargetName, text: string, signal: AbortSignal) => Promise<Verdict[]>;

export type VerdictBookOptions = {
  ask: AskVerdicts;
  onChange: (document: string) => void;
  debounceMs?: number;
  now?: () => number;
  schedule?: (action: () => void, ms: number) => () => void;
};

/** Typing pauses shorter than this ask nothing. */
const DEBOUNCE_MS = 250;
/** A policy may change at any time: older answers are asked again. */
const MAX_AGE_MS = 30_000;
const MAX_CACHED_TEXTS = 50;
/** The endpoint's bound on a text. */
const MAX_TEXT_LENGTH = 1_000_000;

type Page = { text: string; target: TargetName; statements: CheckedStatement[]; stop: () => void };
type Cached = { verdicts: Verdict[]; atMs: number };

/** What the policy says about each open document: asked after a pause, given up on edit, cached by text. */
export class VerdictBook {
  readonly #options: VerdictBookOptions;
  readonly #pages = new Map<string, Page>();
  readonly #cache = new Map<string, Cached>();

  constructor(options: VerdictBookOptions) {
    this.#options = options;
  }

  of(document: string): readonly CheckedStatement[] {
    return this.#pages.get(document)?.statements ?? [];
  }

  /** The document stands so now. `target` null: nothing can be asked, and `why` says why. */
  update(document: string, text: string, asked: { target: TargetName } | ({ target: null } & Unasked)): void {
    const known = this.#pages.get(document);
    known?.stop();
    if (asked.target === null || text.length > MAX_TEXT_LENGTH) {
      this.#notChecked(document, text, asked.target === null ? asked : TOO_LONG);
      return;
    }
    const { target } = asked;
    const cached = this.#fresh(target, text);
    if (cached !== null) {
      this.#show(document, text, target, cached);
      return;
    }
    const statements = carryOver(text, known?.target === target ? known : undefined);
    const giveUp = new AbortController();
    const stopClock = this.#schedule(() => void this.#ask(document, text, target, giveUp.signal));
    const stop = () => {
      stopClock();
      giveUp.abort();
    };
    this.#pages.set(document, { text, target, statements, stop });
    this.#options.onChange(document);
  }

  forget(document: string): void {
    this.#pages.get(document)?.stop();
    this.#pages.delete(document);
  }

  /** Another person, gateway or policy: nothing said before counts. */
  forgetAnswers(): void {
    this.#cache.clear();
    for (const page of this.#pages.values()) page.stop();
    this.#pages.clear();
  }

  async #ask(document: string, text: string, target: TargetName, signal: AbortSignal): Promise<void> {
    try {
      const verdicts = await this.#options.ask(target, text, signal);
      if (signal.aborted) return;
      this.#keep(target, text, verdicts);
      this.#show(document, text, target, verdicts);
    } catch (error) {
      if (signal.aborted) return;
      const why = error instanceof SluiceError ? error.message : 'the gateway does not answer';
      this.#notChecked(document, text, { why, remedy: 'sluice.showLog' });
    }
  }

  #show(document: string, text: string, target: TargetName, verdicts: Verdict[]): void {
    const statements = verdicts.map((verdict): CheckedStatement => {
      return { span: { start: verdict.start, end: verdict.end }, check: { kind: 'checked', verdict } };
    });
    this.#pages.set(document, { text, target, statements, stop: () => undefined });
    this.#options.onChange(document);
  }

  #notChecked(document: string, text: string, { why, remedy }: Unasked): void {
    const statements = splitStatements(text).map((span): CheckedStatement => {
      return { span, check: { kind: 'notChecked', why, remedy } };
    });
    this.#pages.set(document, { text, target: NO_TARGET, statements, stop: () => undefined });
    this.#options.onChange(document);
  }

  #fresh(target: TargetName, text: string): Verdict[] | null {
    const cached = this.#cache.get(keyOf(target, text));
    return cached !== undefined && this.#now() - cached.atMs < MAX_AGE_MS ? cached.verdicts : null;
  }

  #keep(target: TargetName, text: string, verdicts: Verdict[]): void {
    const key = keyOf(target, text);
    this.#cache.delete(key);
    this.#cache.set(key, { verdicts, atMs: this.#now() });
    const oldest = this.#cache.keys().next();
    if (this.#cache.size > MAX_CACHED_TEXTS && oldest.done !== true) this.#cache.delete(oldest.value);
  }

  #now(): number {
    return (this.#options.now ?? Date.now)();
  }

  #schedule(action: () => void): () => void {
    const ms = this.#options.debounceMs ?? DEBOUNCE_MS;
    if (this.#options.schedule !== undefined) return this.#options.schedule(action, ms);
    const timer = setTimeout(action, ms);
    return () => clearTimeout(timer);
  }
}

const TOO_LONG: Unasked = { why: 'the file is too long to be checked', remedy: 'sluice.showLog' };
/** Equal to no target that can be named. */
const NO_TARGET = '' as TargetName;

/** While an answer is awaited, statements that did not change keep theirs, so that nothing flickers. */
function carryOver(text: string, known: Page | undefined): CheckedStatement[] {
  const before = new Map<string, Verdict>();
  for (const { span, check } of known?.statements ?? []) {
    if (check.kind === 'checked') before.set(known?.text.slice(span.start, span.end) ?? '', check.verdict);
  }
  return splitStatements(text).map((span) => {
    const verdict = before.get(text.slice(span.start, span.end));
    return { span, check: verdict === undefined ? { kind: 'checking' } : { kind: 'checked', verdict } };
  });
}

function keyOf(target: TargetName, text: string): string {
  return `${target}\n${text}`;
}

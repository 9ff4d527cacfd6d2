import { SluiceError } from '../../../gateway/contract/error.ts';
import type { DraftReport } from '../../../gateway/contract/policy-draft.ts';
import type { PolicyFile } from '../../../gateway/contract/policy-endpoints.ts';

/** How a draft stands. */
export type Check =
  | { kind: 'checking' }
  | { kind: 'checked'; report: DraftReport }
  /** Held against the schemas alone. `needsSignIn`: that would help. */
  | { kind: 'notChecked'; why: string; needsSignIn: boolean };

export type DraftChecksOptions = {
  /** All files of a draft, as they stand in the editor or on disk. */
  read: (root: string) => Promise<PolicyFile[]>;
  /** Why the gateway can't be asked now; null: it can. */
  unasked: () => { why: string; needsSignIn: boolean } | null;
  ask: (documents: readonly PolicyFile[], signal: AbortSignal) => Promise<DraftReport>;
  onChange: (root: string) => void;
  /** Typing has paused when nothing has changed for so long. */
  pauseMs?: number;
};

type Draft = {
  check: Check;
  timer: NodeJS.Timeout | undefined;
  /** Aborted when nobody looks at the draft any more. */
  asking: AbortController | null;
  /** It has changed while the gateway was asked. */
  isStale: boolean;
};

const PAUSE_MS = 300;

/**
 * Has drafts judged when their writer pauses: one question a draft at a time, so that a slow gateway is never asked twice,
 * and an answer about a text that has changed since is not shown.
 */
export class DraftChecks {
  readonly #options: DraftChecksOptions;
  readonly #drafts = new Map<string, Draft>();

  constructor(options: DraftChecksOptions) {
    this.#options = options;
  }

  of(root: string): Check | null {
    return this.#drafts.get(root)?.check ?? null;
  }

  get roots(): string[] {
    return [...this.#drafts.keys()];
  }

  /** Something of the draft has changed, or it is looked at for the first time. */
  changed(root: string): void {
    const draft = this.#drafts.get(root) ?? this.#opened(root);
    if (draft.asking !== null) {
      draft.isStale = true;
      return;
    }
    clearTimeout(draft.timer);
    draft.timer = setTimeout(() => void this.#judge(root, draft), this.#options.pauseMs ?? PAUSE_MS);
  }

  /** Whom the gateway believes, or whether it answers, has changed. */
  askAgain(): void {
    for (const root of this.roots) this.changed(root);
  }

  close(root: string): void {
    const draft = this.#drafts.get(root);
    clearTimeout(draft?.timer);
    draft?.asking?.abort();
    this.#drafts.delete(root);
  }

  dispose(): void {
    for (const root of this.roots) this.close(root);
  }

  #opened(root: string): Draft {
    const draft: Draft = { check: { kind: 'checking' }, timer: undefined, asking: null, isStale: false };
    this.#drafts.set(root, draft);
    return draft;
  }

  async #judge(root: string, draft: Draft): Promise<void> {
    const asking = new AbortController();
    draft.asking = asking;
    draft.isStale = false;
    const check = await this.#check(root, asking.signal);
    draft.asking = null;
    if (this.#drafts.get(root) !== draft) return;
    if (draft.isStale) return this.changed(root);
    draft.check = check;
    this.#options.onChange(root);
  }

  async #check(root: string, signal: AbortSignal): Promise<Check> {
    const unasked = this.#options.unasked();
    if (unasked !== null) return { kind: 'notChecked', ...unasked };
    try {
      return { kind: 'checked', report: await this.#options.ask(await this.#options.read(root), signal) };
    } catch (error) {
      const why =
        error instanceof SluiceError
          ? `${error.message} ${error.next}`.trim()
          : 'the draft could not be read';
      const needsSignIn = error instanceof SluiceError && error.code.startsWith('identity.sign');
      return { kind: 'notChecked', why, needsSignIn };
    }
  }
}

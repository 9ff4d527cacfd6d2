import { SluiceError } from '../../../gateway/contract/error.ts';
import type { RequestId, TargetName } from '../../../gateway/contract/ids.ts';
import type { ResultSetId, RunId, StatementRun } from '../../contract/results-state.ts';
import type { RowStore } from '../results/row-store.ts';
import type { LiveResultSet } from './live-result-set.ts';
import { LiveRun, type RunText } from './live-run.ts';
import { type OpenSession, Sessions } from './sessions.ts';

/** Runs of one document that stay readable; older ones give their rows back. */
const KEPT_RUNS = 5;

export type RunsOptions = {
  openSession: OpenSession;
  newStore: () => Promise<RowStore>;
  maxRows: () => number;
  onChange: (document: string) => void;
  onProgress: (document: string, run: LiveRun) => void;
  onSessionLost: (document: string, why: SluiceError) => void;
};

/** All runs of the window, by document, newest first. */
export class Runs {
  readonly #options: RunsOptions;
  readonly #sessions: Sessions;
  readonly #byDocument = new Map<string, LiveRun[]>();
  readonly #opening = new Map<LiveRun, AbortController>();

  constructor(options: RunsOptions) {
    this.#options = options;
    this.#sessions = new Sessions(options.openSession, options.onSessionLost);
  }

  of(document: string): readonly LiveRun[] {
    return this.#byDocument.get(document) ?? [];
  }

  running(document: string): LiveRun | null {
    return this.of(document).find((run) => !run.isOver) ?? null;
  }

  find(id: RunId): { document: string; run: LiveRun } | null {
    for (const [document, runs] of this.#byDocument) {
      const run = runs.find((candidate) => candidate.id === id);
      if (run !== undefined) return { document, run };
    }
    return null;
  }

  /** The newest run that waits, or waited, for a request. */
  withRequest(id: RequestId): { document: string; run: LiveRun } | null {
    for (const [document, runs] of this.#byDocument) {
      const run = runs.find((candidate) => candidate.statements.some(({ request }) => request?.id === id));
      if (run !== undefined) return { document, run };
    }
    return null;
  }

  findSet(id: ResultSetId): LiveResultSet | null {
    for (const runs of this.#byDocument.values()) {
      for (const run of runs) {
        const set = run.resultSets.find((candidate) => candidate.id === id);
        if (set !== undefined) return set;
      }
    }
    return null;
  }

  /** Where a result set comes from. */
  targetOf(id: ResultSetId): TargetName | null {
    const runs = [...this.#byDocument.values()].flat();
    return runs.find((run) => run.resultSets.some((set) => set.id === id))?.target ?? null;
  }

  /** The statement that gave a result set. */
  statementOf(id: ResultSetId): StatementRun | null {
    for (const run of [...this.#byDocument.values()].flat()) {
      const set = run.resultSets.find((candidate) => candidate.id === id);
      if (set !== undefined) return run.statements.find(({ index }) => index === set.statement) ?? null;
    }
    return null;
  }

  /**
   * Starts a run and gives it at once; `done` resolves when it is over, however it ended.
   * @throws SluiceError `request.invalid` when the document's last run still goes on.
   */
  start(document: string, target: TargetName, source: RunText): { run: LiveRun; done: Promise<void> } {
    if (this.running(document) !== null) {
      throw new SluiceError(
        'request.invalid',
        'The last run of this file still goes on.',
        'Wait for it, or cancel it first.',
      );
    }
    const run: LiveRun = new LiveRun({
      target,
      source,
      maxRows: this.#options.maxRows(),
      newStore: this.#options.newStore,
      onChange: () => this.#options.onChange(document),
      onProgress: () => this.#options.onProgress(document, run),
      onLimit: () => this.#sessions.cancel(document),
    });
    this.#keep(document, run);
    this.#options.onChange(document);
    return { run, done: this.#follow(document, run) };
  }

  /** Cancels on the server; before a session is open, the opening is given up. */
  cancel(document: string): void {
    const run = this.running(document);
    if (run === null) return;
    run.cancelling();
    const opening = this.#opening.get(run);
    if (opening !== undefined) {
      opening.abort(new SluiceError('statement.cancelled', 'Cancelled before anything was sent.'));
      return;
    }
    this.#sessions.cancel(document);
  }

  /** The document is gone: so are its session and rows. */
  async forget(document: string): Promise<void> {
    const runs = this.of(document);
    this.#byDocument.delete(document);
    this.#sessions.close(document);
    await Promise.all(runs.map((run) => run.dispose()));
  }

  /** Ends every session, as after signing out; results stay. */
  closeSessions(): void {
    this.#sessions.closeAll();
  }

  async dispose(): Promise<void> {
    await Promise.all([...this.#byDocument.keys()].map((document) => this.forget(document)));
  }

  async #follow(document: string, run: LiveRun): Promise<void> {
    try {
      const session = await this.#openFor(document, run);
      await run.ended(await session.run(run.source.text, run));
    } catch (error) {
      await run.lost(
        error instanceof SluiceError ? error : new SluiceError('internal.fault', String(error), 'Try again.'),
      );
    }
  }

  async #openFor(document: string, run: LiveRun) {
    const opening = new AbortController();
    this.#opening.set(run, opening);
    try {
      return await this.#sessions.of(document, run.target, opening.signal);
    } finally {
      this.#opening.delete(run);
    }
  }

  #keep(document: string, run: LiveRun): void {
    const runs = [run, ...this.of(document)];
    this.#byDocument.set(document, runs.slice(0, KEPT_RUNS));
    for (const old of runs.slice(KEPT_RUNS)) void old.dispose();
  }
}

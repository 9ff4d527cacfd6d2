import type { CatalogueView } from '../../../gateway/contract/catalogue.ts';
import { SluiceError } from '../../../gateway/contract/error.ts';
import type { TargetName } from '../../../gateway/contract/ids.ts';
import type { Target } from '../../../gateway/contract/target.ts';
import type { HttpClient } from '../gateway/http-client.ts';
import { Signal } from '../signal.ts';

export type TargetsState =
  | { kind: 'none' }
  | { kind: 'loading' }
  | { kind: 'known'; targets: readonly Target[] }
  | { kind: 'failed'; error: SluiceError };

/** The targets of who is signed in, and the catalogues that were looked at. */
export class TargetList {
  readonly state = new Signal<TargetsState>({ kind: 'none' });
  readonly #client: () => Promise<HttpClient>;
  readonly #catalogues = new Map<TargetName, Promise<CatalogueView>>();
  #attempt = 0;

  constructor(client: () => Promise<HttpClient>) {
    this.#client = client;
  }

  /** Databases: what queries run on. */
  get targets(): readonly Target[] {
    return this.#all.filter(({ kind }) => kind !== 'ssh');
  }

  /** What terminals are opened on. */
  get hosts(): readonly Target[] {
    return this.#all.filter(({ kind }) => kind === 'ssh');
  }

  get #all(): readonly Target[] {
    return this.state.value.kind === 'known' ? this.state.value.targets : [];
  }

  /** Asks the gateway again. Never rejects: the outcome is in `state`. */
  async refresh(): Promise<void> {
    const attempt = ++this.#attempt;
    this.#catalogues.clear();
    if (this.state.value.kind !== 'known') this.state.set({ kind: 'loading' });
    const next = await this.#load();
    if (attempt === this.#attempt) this.state.set(next);
  }

  clear(): void {
    this.#attempt++;
    this.#catalogues.clear();
    this.state.set({ kind: 'none' });
  }

  /** A target's catalogue, asked once until it is forgotten. @throws SluiceError */
  catalogue(target: TargetName): Promise<CatalogueView> {
    const known = this.#catalogues.get(target);
    if (known !== undefined) return known;
    const asked = this.#client().then((client) => client.ask('catalogue', { params: { target } }));
    this.#catalogues.set(target, asked);
    asked.catch(() => {
      if (this.#catalogues.get(target) === asked) this.#catalogues.delete(target);
    });
    return asked;
  }

  forgetCatalogue(target: TargetName): void {
    this.#catalogues.delete(target);
  }

  async #load(): Promise<TargetsState> {
    try {
      const { targets } = await (await this.#client()).ask('targets');
      return { kind: 'known', targets };
    } catch (error) {
      const known = error instanceof SluiceError ? error : new SluiceError('internal.fault', String(error));
      return { kind: 'failed', error: known };
    }
  }
}

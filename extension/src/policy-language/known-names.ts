import type { CatalogueView } from '../../../gateway/contract/catalogue.ts';
import { SluiceError } from '../../../gateway/contract/error.ts';
import { TargetName } from '../../../gateway/contract/ids.ts';
import type { CatalogueNames, NamedSchema, PolicyNames } from '../../../gateway/contract/policy-draft.ts';
import type { Target } from '../../../gateway/contract/target.ts';
import { type KnownNames, NO_NAMES } from './names.ts';

export type NamesSource = {
  /** What those who keep the policy are told. */
  names: (signal: AbortSignal) => Promise<PolicyNames>;
  targetNames: (
    target: TargetName,
    known: string | undefined,
    signal: AbortSignal,
  ) => Promise<CatalogueNames>;
  /** What everybody is told: the targets that they may use, and what they see there. */
  ownTargets: () => readonly Target[];
  ownCatalogue: (target: TargetName) => Promise<CatalogueView>;
  now: () => number;
};

type Kept<T> = { value: T; asked: Promise<void> | null; askedAtMs: number };

/** Names are taken for true for so long before the gateway is asked whether they still are. */
const FRESH_MS = 30_000;

/**
 * Names that completions offer. What is known is given at once; what isn't, or is old, is asked for meanwhile, a
 * catalogue by its fingerprint. Who may not ask for all names gets those of their own targets.
 */
export class KnownNamesBook {
  readonly #source: NamesSource;
  #general: Kept<PolicyNames | null> = { value: null, asked: null, askedAtMs: Number.NEGATIVE_INFINITY };
  /** Whether the gateway tells this person no more than everybody. */
  #isOwnOnly = false;
  readonly #catalogues = new Map<
    TargetName,
    Kept<{ version: string; schemas: readonly NamedSchema[] } | null>
  >();
  #ended = new AbortController();

  constructor(source: NamesSource) {
    this.#source = source;
  }

  /** What is known now. */
  get now(): KnownNames {
    const general = this.#general.value;
    const targets = this.#isOwnOnly ? this.#source.ownTargets() : (general?.targets ?? []);
    const catalogues = [...this.#catalogues].flatMap(([target, kept]) =>
      kept.value === null ? [] : ([[target, kept.value.schemas]] as const),
    );
    return {
      ...NO_NAMES,
      targets,
      groups: general?.groups ?? [],
      people: general?.people ?? [],
      catalogues: new Map(catalogues),
    };
  }

  /** Resolves once targets, groups and people are known, or can't be. */
  async general(): Promise<void> {
    const kept = this.#general;
    const { signal } = this.#ended;
    await this.#refresh(kept, async () => {
      try {
        kept.value = await this.#source.names(signal);
      } catch (error) {
        if (!(error instanceof SluiceError) || error.code !== 'identity.forbidden') throw error;
        this.#isOwnOnly = !signal.aborted;
      }
    });
  }

  /** Resolves once the catalogues of these targets are known, or can't be. */
  async catalogues(targets: readonly string[]): Promise<void> {
    const names = targets.flatMap((name) => TargetName.safeParse(name).data ?? []);
    await Promise.all(names.map((name) => this.#catalogue(name)));
  }

  /** Another person, or another gateway: what one was told is nothing for the next. */
  forget(): void {
    this.#ended.abort();
    this.#ended = new AbortController();
    this.#general = { value: null, asked: null, askedAtMs: Number.NEGATIVE_INFINITY };
    this.#isOwnOnly = false;
    this.#catalogues.clear();
  }

  async #catalogue(target: TargetName): Promise<void> {
    const kept = this.#catalogues.get(target) ?? {
      value: null,
      asked: null,
      askedAtMs: Number.NEGATIVE_INFINITY,
    };
    this.#catalogues.set(target, kept);
    await this.#refresh(kept, async () => {
      if (this.#isOwnOnly) {
        const view = await this.#source.ownCatalogue(target);
        kept.value = { version: view.version, schemas: view.schemas.map(namesOf) };
        return;
      }
      const told = await this.#source.targetNames(target, kept.value?.version, this.#ended.signal);
      if (told.kind === 'names') kept.value = told;
    });
  }

  async #refresh<T>(kept: Kept<T>, ask: () => Promise<void>): Promise<void> {
    const nowMs = this.#source.now();
    if (kept.asked !== null) return kept.asked;
    if (nowMs - kept.askedAtMs < FRESH_MS) return;
    kept.askedAtMs = nowMs;
    // What can't be told now is asked for again after a while; completions go on with what is known.
    kept.asked = ask()
      .catch(() => undefined)
      .finally(() => {
        kept.asked = null;
      });
    await kept.asked;
  }
}

function namesOf(schema: CatalogueView['schemas'][number]): NamedSchema {
  return {
    name: schema.name,
    relations: schema.relations.map(({ name, columns }) => ({
      name,
      columns: columns.map((column) => column.name),
    })),
    functions: [...new Set(schema.functions.map(({ name }) => name))],
  };
}

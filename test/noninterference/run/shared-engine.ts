import { createHash } from 'node:crypto';
import type { CatalogueVersion } from '../../../gateway/contract/ids.ts';
import type {
  AnalyseRequest,
  Analysis,
  Outline,
  Rewrite,
  SqlEngine,
} from '../../../gateway/src/sql/engine.ts';

const MAX_KEPT = 4000;
/** An engine keeps few catalogues of a target; a run sees hundreds, which come again. */
const PLACES = 16;

type First = { version: CatalogueVersion; place: string };

type How = Parameters<SqlEngine['rewrite']> extends [AnalyseRequest, ...infer Rest] ? Rest : never;

/**
 * The engine is pure: the same request gives the same answer. Twins ask the same of it, so one answer serves both,
 * which halves the time of a run. Catalogues count as the same when they are equal to the last byte.
 */
export class SharedEngine implements SqlEngine {
  readonly #engine: SqlEngine;
  readonly #answers = new Map<string, Promise<unknown>>();
  /** For each version the first that was learned with the same content, */
  readonly #firstOf = new Map<CatalogueVersion, First>();
  /** and the same for each content. */
  readonly #byContent = new Map<string, First>();

  constructor(engine: SqlEngine) {
    this.#engine = engine;
  }

  async learn(target: string, version: CatalogueVersion, snapshot: unknown): Promise<void> {
    const isOneSessions = target.endsWith('in transaction');
    // Once asked for by its first name it always is, as by a session that still looks at what its target had before.
    const first = this.#firstOf.get(version) ?? (isOneSessions ? null : this.#note(version, snapshot));
    if (first === null) return this.#engine.learn(target, version, snapshot);
    return this.#engine.learn(first.place, first.version, snapshot);
  }

  #note(version: CatalogueVersion, snapshot: unknown): First {
    const content = createHash('sha256').update(JSON.stringify(snapshot)).digest();
    const key = content.toString('hex');
    const first = this.#byContent.get(key) ?? { version, place: `twins ${content.readUInt8() % PLACES}` };
    this.#byContent.set(key, first);
    this.#firstOf.set(version, first);
    return first;
  }

  outline(request: AnalyseRequest): Promise<Outline | null> {
    return this.#engine.outline(this.#own(request));
  }

  analyse(request: AnalyseRequest): Promise<Analysis> {
    const own = this.#own(request);
    return this.#once(keyOf('analyse', own), () => this.#engine.analyse(own));
  }

  selectList(request: AnalyseRequest): ReturnType<SqlEngine['selectList']> {
    return this.#engine.selectList(this.#own(request));
  }

  rewrite(request: AnalyseRequest, ...how: How): Promise<Rewrite> {
    const own = this.#own(request);
    return this.#once(keyOf(`rewrite ${JSON.stringify(how)}`, own), () => this.#engine.rewrite(own, ...how));
  }

  close(): Promise<void> {
    return this.#engine.close();
  }

  #own(request: AnalyseRequest): AnalyseRequest {
    return { ...request, catalogue: this.#firstOf.get(request.catalogue)?.version ?? request.catalogue };
  }

  #once<T>(key: string, ask: () => Promise<T>): Promise<T> {
    const known = this.#answers.get(key);
    // Only what `ask` of the same key gave is kept under it.
    if (known !== undefined) return known as Promise<T>;
    const asked = ask();
    this.#answers.set(key, asked);
    const [oldest] = this.#answers.keys();
    if (this.#answers.size > MAX_KEPT && oldest !== undefined) this.#answers.delete(oldest);
    return asked;
  }
}

function keyOf(
  what: string,
  { text, catalogue, session, reviewedFunctions, ...rest }: AnalyseRequest,
): string {
  const { prepared, cursors, ...state } = session;
  return JSON.stringify([
    what,
    text,
    catalogue,
    state,
    [...prepared],
    [...cursors],
    [...reviewedFunctions],
    Object.keys(rest).length === 0 ? '' : rest,
  ]);
}

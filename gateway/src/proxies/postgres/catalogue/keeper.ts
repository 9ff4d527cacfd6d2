import { Client, type ClientConfig } from 'pg';
import { z } from 'zod';
import { SluiceError } from '../../../../contract/error.ts';
import type { CatalogueVersion } from '../../../../contract/ids.ts';
import type { SqlEngine } from '../../../sql/engine.ts';
import { loadCatalogue, type ReadCatalogue, type RunQuery } from '../../../sql/postgres/catalogue/load.ts';
import { FIRST_USER_OID } from '../../../sql/postgres/catalogue/oids.ts';
import { fingerprintQuery } from '../../../sql/postgres/catalogue/queries.ts';
import {
  type CatalogueFingerprint,
  decodeFingerprint,
  type Snapshot,
  type SnapshotRelation,
  type SystemCatalogue,
} from '../../../sql/postgres/catalogue/snapshot.ts';
import { INITIAL_STATE, initialState, type KnownState } from '../session/state.ts';
import { ownConnection, type UpstreamAddress } from '../upstream/address.ts';
import { type ExplorerDetails, loadExplorerDetails } from './explorer.ts';
import { originsOfMaskingViews, type ViewOrigins } from './masking-views.ts';

/** One state of a target's catalogue, with what the second witness looks up. */
export class LoadedCatalogue {
  /** What the server is asked for again, to see whether this still holds. */
  readonly fingerprint: CatalogueFingerprint;
  /** Names the content. */
  readonly version: CatalogueVersion;
  readonly snapshot: Snapshot;
  /** What of it initdb made. */
  readonly system: SystemCatalogue;
  readonly explorer: ExplorerDetails;
  /** The state in which a new session of the gateway's begins. */
  readonly initialState: KnownState;
  readonly #relations: ReadonlyMap<number, SnapshotRelation>;
  readonly #types: ReadonlyMap<number, string>;
  readonly #enums: ReadonlySet<number>;
  readonly #origins: ReadonlyMap<number, ViewOrigins>;

  constructor(
    { fingerprint, version, snapshot, system }: ReadCatalogue,
    explorer: ExplorerDetails,
    initialState: KnownState,
  ) {
    this.fingerprint = fingerprint;
    this.version = version;
    this.snapshot = snapshot;
    this.system = system;
    this.explorer = explorer;
    this.initialState = initialState;
    this.#relations = new Map(snapshot.relations.map((relation) => [relation.oid, relation]));
    this.#types = new Map(snapshot.types.map((type) => [type.oid, type.name]));
    this.#origins = originsOfMaskingViews(snapshot);
    this.#enums = new Set(snapshot.types.filter(({ kind }) => kind === 'e').map(({ oid }) => oid));
  }

  /** The relation of this OID; null when it is younger than this catalogue, or a session's temporary one. */
  relation(oid: number): SnapshotRelation | null {
    return this.#relations.get(oid) ?? null;
  }

  /** What a column of a masking view is in the relation that it stands for; null when it is none's. */
  behindMaskingView(oid: number, attribute: number): { tableOid: number; columnAttribute: number } | null {
    const view = this.#origins.get(oid);
    if (view === undefined) return null;
    const columnAttribute = view.attributes.get(attribute);
    if (columnAttribute === undefined) return { tableOid: 0, columnAttribute: 0 };
    return { tableOid: view.relation, columnAttribute };
  }

  /** Whether reading a value of this type runs nothing but the server's own code: built-in types and enums. */
  readsPlainly(typeOid: number): boolean {
    return typeOid < FIRST_USER_OID || this.#enums.has(typeOid);
  }

  /** pg_type.typname, `text[]` for arrays of it; the OID as text when it isn't known. */
  typeName(oid: number): string {
    const name = this.#types.get(oid);
    if (name === undefined) return String(oid);
    return name.startsWith('_') ? `${name.slice(1)}[]` : name;
  }
}

export type CatalogueKeeperOptions = {
  target: string;
  address: UpstreamAddress;
  engine: SqlEngine;
  checkMs: number;
  connectMs: number;
  /** Told why the catalogue can't be read, once for each reason in a row. */
  onFault?: ((error: SluiceError) => void) | undefined;
};

/** Nothing was committed between two equal ones; but a standby's does not list what is in progress, and so tells nothing. */
const MOMENT = `SELECT pg_catalog.pg_current_snapshot()::pg_catalog.text AS moment,
  pg_catalog.pg_is_in_recovery() AS standby`;
const Moment = z.tuple([z.object({ moment: z.string(), standby: z.boolean() })]);

/**
 * Knows a target's catalogue and keeps it current over a connection of the gateway's own, which all sessions of
 * the target share. A change is noticed by a fingerprint, at most `checkMs` late, and at once where a caller asks.
 */
export class CatalogueKeeper {
  readonly #options: CatalogueKeeperOptions;
  #client: Client | null = null;
  #loaded: LoadedCatalogue | null = null;
  #checking: Promise<LoadedCatalogue> | null = null;
  #checkingSinceMs = Number.NEGATIVE_INFINITY;
  #checkedAtMs = Number.NEGATIVE_INFINITY;
  /** pg_current_snapshot() of the last look, or ''. */
  #moment = '';
  #fault = '';
  #closed = false;

  constructor(options: CatalogueKeeperOptions) {
    this.#options = options;
  }

  /** What was last loaded, however old. */
  get loaded(): LoadedCatalogue | null {
    return this.#loaded;
  }

  /** The catalogue as it was at most `checkMs` ago. @throws SluiceError `catalogue.unavailable` */
  current(): Promise<LoadedCatalogue> | LoadedCatalogue {
    if (this.fresh && this.#loaded !== null) return this.#loaded;
    // A look that began lately enough tells all that is asked for.
    if (this.#checking !== null && this.#isFresh(this.#checkingSinceMs)) return this.#checking;
    return this.check();
  }

  /** Whether what is loaded was confirmed at most `checkMs` ago. */
  get fresh(): boolean {
    return this.#isFresh(this.#checkedAtMs);
  }

  #isFresh(atMs: number): boolean {
    return performance.now() - atMs < this.#options.checkMs;
  }

  /** The catalogue as it is now. @throws SluiceError `catalogue.unavailable` */
  async check(): Promise<LoadedCatalogue> {
    // A check under way may have looked before the caller's change was there.
    if (this.#checking !== null) await this.#checking.catch(() => undefined);
    this.#checking ??= this.#check().finally(() => {
      this.#checking = null;
    });
    return this.#checking;
  }

  async close(): Promise<void> {
    this.#closed = true;
    const client = this.#client;
    this.#client = null;
    await client?.end().catch(() => undefined);
  }

  async #check(): Promise<LoadedCatalogue> {
    this.#checkingSinceMs = performance.now();
    try {
      const client = await this.#connected();
      const startedAtMs = performance.now();
      const loaded = this.#loaded;
      const known =
        loaded !== null && (await this.#holds(client, loaded)) ? loaded : await this.#load(client);
      this.#loaded = known;
      this.#checkedAtMs = startedAtMs;
      this.#fault = '';
      return known;
    } catch (error) {
      this.#drop();
      this.#tell(error);
      throw unavailable(error);
    }
  }

  /**
   * Whether the catalogue is still the one that was loaded. Its fingerprint is asked for by itself: even unused, it would
   * be most of what each of the many looks takes.
   */
  async #holds(client: Client, { fingerprint }: LoadedCatalogue): Promise<boolean> {
    const [{ moment, standby }] = Moment.parse(await rowsOf(client, MOMENT));
    if (moment === this.#moment && !standby) return true;
    const now = decodeFingerprint(await rowsOf(client, fingerprintQuery));
    this.#moment = moment;
    return now === fingerprint;
  }

  async #load(client: Client): Promise<LoadedCatalogue> {
    // Until this is loaded, the moment that was seen is one at which something else held.
    this.#moment = '';
    const run: RunQuery = (sql) => rowsOf(client, sql);
    const loaded = await loadCatalogue(run, this.#loaded?.system ?? null);
    await this.#options.engine.learn(this.#options.target, loaded.version, loaded.snapshot);
    const explorer = await loadExplorerDetails(run);
    return new LoadedCatalogue(loaded, explorer, initialState(await run(INITIAL_STATE)));
  }

  #tell(cause: unknown): void {
    const why = reasonOf(cause);
    if (this.#closed || why === this.#fault) return;
    this.#fault = why;
    const { target, onFault } = this.#options;
    const told = `The catalogue of target "${target}" can't be read, so its statements are refused: ${why}`;
    onFault?.(new SluiceError('catalogue.unavailable', told, '', { cause }));
  }

  async #connected(): Promise<Client> {
    if (this.#closed) throw new Error('the catalogue keeper is closed');
    if (this.#client !== null) return this.#client;
    const client = new Client(clientConfig(this.#options.address, this.#options.connectMs));
    client.on('error', () => this.#drop());
    await client.connect();
    this.#client = client;
    return client;
  }

  #drop(): void {
    const client = this.#client;
    this.#client = null;
    this.#moment = '';
    client?.end().catch(() => undefined);
  }
}

/** One of the gateway's own questions. Named, so that it is planned once: that is a third of what it takes. */
async function rowsOf(client: Client, text: string): Promise<unknown[]> {
  return (await client.query({ name: nameOf(text), text })).rows;
}

const names = new Map<string, string>();

function nameOf(sql: string): string {
  const name = names.get(sql) ?? `sluice_${names.size}`;
  names.set(sql, name);
  return name;
}

const MAX_REASON_CHARACTERS = 300;

/** What a driver or the server says of the gateway's own questions: no SQL and no secret stands in it. */
function reasonOf(cause: unknown): string {
  if (cause instanceof z.ZodError) return 'the server answered in a shape that is not understood';
  const text = cause instanceof Error ? cause.message || cause.name : String(cause);
  return text.split('\n', 1).join('').slice(0, MAX_REASON_CHARACTERS);
}

function unavailable(cause: unknown): SluiceError {
  return new SluiceError(
    'catalogue.unavailable',
    "The target's catalogue can't be read, so no statement can be checked.",
    'Try again; if it stays so, tell the administrator of this target.',
    { cause },
  );
}

function clientConfig(address: UpstreamAddress, connectMs: number): ClientConfig {
  return {
    ...ownConnection(address, connectMs),
    application_name: 'sluice catalogue',
    query_timeout: 60_000,
    keepAlive: true,
  };
}

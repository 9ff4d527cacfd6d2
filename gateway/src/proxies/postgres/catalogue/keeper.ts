import { Client, type ClientConfig } from 'pg';
import { SluiceError } from '../../../../contract/error.ts';
import type { ColumnRef } from '../../../../contract/facts.ts';
import type { CatalogueVersion } from '../../../../contract/ids.ts';
import type { SqlEngine } from '../../../sql/engine.ts';
import { loadCatalogue, type RunQuery } from '../../../sql/postgres/catalogue/load.ts';
import { fingerprintQuery, sessionStateQuery } from '../../../sql/postgres/catalogue/queries.ts';
import {
  decodeFingerprint,
  type Snapshot,
  type SnapshotRelation,
} from '../../../sql/postgres/catalogue/snapshot.ts';
import { initialState, type KnownState } from '../session/state.ts';
import { type UpstreamAddress, upstreamTls } from '../upstream/address.ts';
import { type ExplorerDetails, loadExplorerDetails } from './explorer.ts';

/** One state of a target's catalogue, with what the second witness looks up. */
export class LoadedCatalogue {
  readonly version: CatalogueVersion;
  readonly snapshot: Snapshot;
  readonly explorer: ExplorerDetails;
  /** The state in which a new session of the gateway's begins. */
  readonly initialState: KnownState;
  readonly #relations: ReadonlyMap<number, SnapshotRelation>;
  readonly #types: ReadonlyMap<number, string>;

  constructor(
    version: CatalogueVersion,
    snapshot: Snapshot,
    explorer: ExplorerDetails,
    initialState: KnownState,
  ) {
    this.version = version;
    this.snapshot = snapshot;
    this.explorer = explorer;
    this.initialState = initialState;
    this.#relations = new Map(snapshot.relations.map((relation) => [relation.oid, relation]));
    this.#types = new Map(snapshot.types.map((type) => [type.oid, type.name]));
  }

  /** The column that RowDescription names by table OID and attribute number; null when it isn't known. */
  column(tableOid: number, attribute: number): ColumnRef | null {
    const relation = this.#relations.get(tableOid);
    const column = relation?.columns.find((candidate) => candidate.number === attribute);
    if (relation === undefined || column === undefined) return null;
    return { schema: relation.schema, relation: relation.name, column: column.name };
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
};

/**
 * Knows a target's catalogue and keeps it current over a connection of the gateway's own. A change is noticed
 * by a cheap fingerprint, at most `checkMs` late, and at once where a caller asks.
 */
export class CatalogueKeeper {
  readonly #options: CatalogueKeeperOptions;
  #client: Client | null = null;
  #loaded: LoadedCatalogue | null = null;
  #checking: Promise<LoadedCatalogue> | null = null;
  #checkedAtMs = Number.NEGATIVE_INFINITY;
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
    const fresh = performance.now() - this.#checkedAtMs < this.#options.checkMs;
    return fresh && this.#loaded !== null ? this.#loaded : this.check();
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
    try {
      const client = await this.#connected();
      const run: RunQuery = async (sql) => (await client.query(sql)).rows;
      const startedAtMs = performance.now();
      if (this.#loaded === null || decodeFingerprint(await run(fingerprintQuery)) !== this.#loaded.version) {
        const { version, snapshot } = await loadCatalogue(run);
        await this.#options.engine.learn(this.#options.target, version, snapshot);
        const explorer = await loadExplorerDetails(run);
        this.#loaded = new LoadedCatalogue(
          version,
          snapshot,
          explorer,
          initialState(await run(sessionStateQuery)),
        );
      }
      this.#checkedAtMs = startedAtMs;
      return this.#loaded;
    } catch (error) {
      this.#drop();
      throw new SluiceError(
        'catalogue.unavailable',
        "The target's catalogue can't be read, so no statement can be checked.",
        'Try again; if it stays so, tell the administrator of this target.',
        { cause: error },
      );
    }
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
    client?.end().catch(() => undefined);
  }
}

function clientConfig(address: UpstreamAddress, connectMs: number): ClientConfig {
  return {
    host: address.host,
    port: address.port,
    user: address.user,
    password: address.password.reveal(),
    database: address.database,
    ssl: upstreamTls(address) ?? false,
    enableChannelBinding: true,
    application_name: 'sluice catalogue',
    connectionTimeoutMillis: connectMs,
    query_timeout: 60_000,
    keepAlive: true,
  };
}

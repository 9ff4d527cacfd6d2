import { Client } from 'pg';
import { z } from 'zod';
import { tokenKeySettings } from '../../../sql/postgres/masks/hmac.ts';
import type { KnownState } from '../session/state.ts';
import { ownConnection, type UpstreamAddress } from '../upstream/address.ts';

export type LooksOptions = { address: UpstreamAddress; tokenKey: Uint8Array; connectMs: number };

/** Values in their text form, and the OIDs of the types that were declared for them, as far as any were. */
export type Bound = { values: ReadonlyArray<string | null>; types: readonly number[] };

/** A look: SQL that reads, in the state of a session, for so long at most. */
export type Look = Partial<Bound> & {
  text: string;
  state: KnownState | null;
  timeoutMs: number;
};

/** Values in their text form. */
export type Seen = { columns: string[]; rows: Array<Array<string | null>> };

const IDLE_MS = 10_000;
const AWAY_MS = 5_000;
/** Somebody may hold a strong lock, and be waiting for this very look. */
const LOCK_MS = 300;

/**
 * A connection of the gateway's own that reads for those who decide: each look is a read-only transaction that is rolled
 * back, with a time limit. One look at a time; the connection is closed when nobody has looked for a while.
 */
export class Looks {
  readonly #options: LooksOptions;
  #client: Client | null = null;
  #idle: NodeJS.Timeout | null = null;
  /** A server that is away is not asked again for each look. */
  #awayUntilMs = 0;

  constructor(options: LooksOptions) {
    this.#options = options;
  }

  /** @throws whatever the driver throws: its words may hold values, and are for nobody. */
  async see({ text, values = [], types = [], state, timeoutMs }: Look): Promise<Seen> {
    const client = await this.#connected();
    try {
      await client.query(
        `BEGIN READ ONLY; SET LOCAL statement_timeout = ${timeoutMs}; SET LOCAL lock_timeout = ${LOCK_MS}`,
      );
      if (state !== null) await client.query(SET_ALL, [state.settings]);
      const result = await client.query({
        // By the extended protocol a text is one statement, or none: nothing can follow what was asked.
        ...{ text, values: [...values], rowMode: 'array', queryMode: 'extended' },
        types: declaring(types),
      });
      return { columns: result.fields.map(({ name }) => name), rows: Rows.parse(result.rows) };
    } finally {
      await client.query('ROLLBACK').catch(() => this.#drop());
      this.#rest();
    }
  }

  async close(): Promise<void> {
    if (this.#idle !== null) clearTimeout(this.#idle);
    const client = this.#client;
    this.#client = null;
    await client?.end().catch(() => undefined);
  }

  async #connected(): Promise<Client> {
    if (this.#idle !== null) clearTimeout(this.#idle);
    if (this.#client !== null) return this.#client;
    if (performance.now() < this.#awayUntilMs) throw new Error('the server was away a moment ago');
    const { address, connectMs, tokenKey } = this.#options;
    this.#awayUntilMs = performance.now() + connectMs + AWAY_MS;
    const client = new Client({
      ...ownConnection(address, connectMs, [...tokenKeySettings(tokenKey), READ_ONLY]),
      application_name: 'sluice impact',
      query_timeout: 30_000,
      types: AS_TEXT,
    });
    client.on('error', () => this.#drop());
    await client.connect();
    this.#awayUntilMs = 0;
    this.#client = client;
    return client;
  }

  #rest(): void {
    if (this.#idle !== null) clearTimeout(this.#idle);
    this.#idle = setTimeout(() => this.#drop(), IDLE_MS);
    this.#idle.unref();
  }

  #drop(): void {
    const client = this.#client;
    this.#client = null;
    client?.end().catch(() => undefined);
  }
}

const AS_TEXT = { getTypeParser: () => (value: unknown) => value };

/** The driver sends what it finds listed here with Parse, and else lets the server infer. */
function declaring(types: readonly number[]) {
  return Object.assign([...types], AS_TEXT);
}

const Rows = z.array(z.array(z.string().nullable()));

const READ_ONLY = ['default_transaction_read_only', 'on'] as const;

/** `KnownState.settings`, for this transaction. */
const SET_ALL = `SELECT pg_catalog.set_config(s.key, s.value, true)
  FROM pg_catalog.json_each_text($1::pg_catalog.json) AS s WHERE s.value IS NOT NULL`;

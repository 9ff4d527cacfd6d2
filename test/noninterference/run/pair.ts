import pg from 'pg';
import { type Server, SIDES, type Side } from '../database/twins.ts';
import type { Script, Step } from '../generator/script.ts';
import { type Ending, endingOf, firstDifference } from '../wire/answer.ts';
import { type Address, type Answer, Connection } from '../wire/connection.ts';

export type Asked = Extract<Step, { kind: 'ask' }>;

/** One step's outcome on both sides. */
export type Compared = { step: Asked; ending: Ending; code: string; ms: Readonly<Record<Side, number>> };

export type Difference = { step: Asked; at: number; left: string; right: string };

export type CaseOutcome = {
  compared: Compared[];
  difference: Difference | null;
  /** A side was cancelled by the clock: what follows was not asked. */
  late: boolean;
};

export type PairOptions = {
  /** Where clients go: the gateway, or the databases themselves. */
  clients: Readonly<Record<Side, Address>>;
  server: Server;
  databases: Readonly<Record<Side, string>>;
  /** SQL for both, after each VACUUM. */
  afterTidying: string;
  /** Puts a variant of the policy in force for this pair. */
  usePolicy: (variant: number) => void;
  /** Makes the gateway look at both catalogues. */
  look: () => Promise<void>;
};

/** Brings what cases write for good back to where it was. */
const EMPTY = `DELETE FROM jots; SELECT setval('jots_id_seq', 1, false), setval('counter', 1, false); DELETE FROM plain`;
const FILL = `INSERT INTO plain SELECT i, 'v' || i, i, jsonb_build_object('a', i), date '2024-01-01' + i FROM generate_series(1, 10) AS i`;
/** Rows that could not be taken away, since some transaction might still have seen them, would leave holes later. */
const MISPLACED = `SELECT FROM plain WHERE ctid <> ('(0,' || id || ')')::tid`;
const MAX_TRIES = 20;
const TIDY = `VACUUM customers, orders, archive, mailing, people, staff, events, buckets, ledger, watched, plain, jots,
  hidden_default, audited, ruled, pay, ratio, regions, other.customers, snapshot,
  tickets, replies, reports, rooms, suites, likes, assigned, board`;
/** Pages of each table: plans follow from them, and they follow from how long values are (docs/SECURITY.md). */
const PAGES = `SELECT string_agg(relname || pg_relation_size(oid), ' ' ORDER BY relname) AS pages
  FROM pg_class WHERE relkind IN ('r', 'm') AND relnamespace <> 'pg_catalog'::regnamespace`;
const WRITES = /\b(insert|update|delete|merge|copy)\b/i;
const CANCELLED = '57014';

/** Two sessions side by side, one on each twin, that are sent the same bytes. */
export class Pair {
  readonly #options: PairOptions;
  #sessions: Record<Side, Connection> | null = null;
  #admins: Record<Side, pg.Client> | null = null;

  constructor(options: PairOptions) {
    this.#options = options;
  }

  /** Fresh sessions on tidy databases. */
  async begin(): Promise<void> {
    this.#endSessions();
    const admins = await this.#connectedAdmins();
    await Promise.all(
      SIDES.map(async (side) => {
        for (let tries = 0; tries < MAX_TRIES; tries += 1) {
          await admins[side].query(EMPTY);
          await admins[side].query(TIDY);
          await admins[side].query(this.#options.afterTidying);
          await admins[side].query(FILL);
          if ((await admins[side].query(MISPLACED)).rowCount === 0) break;
        }
      }),
    );
    await this.#openSessions();
  }

  /** Runs a case on both sides at once, one step after the other, until an answer differs. */
  async run(script: Script): Promise<CaseOutcome> {
    const compared: Compared[] = [];
    for (const step of script) {
      if (step.kind === 'policy') {
        this.#options.usePolicy(step.variant);
        continue;
      }
      if (step.kind === 'others') {
        const admins = await this.#connectedAdmins();
        await Promise.all(SIDES.map((side) => admins[side].query(step.text)));
        await this.#options.look();
        continue;
      }
      const { a, b } = this.#sessions ?? (await this.#openSessions());
      const [left, right] = await Promise.all([
        a.ask(step.messages, step.readies),
        b.ask(step.messages, step.readies),
      ]);
      const { ending, code } = endingOf(left.bytes, left.closed);
      if (code === CANCELLED || endingOf(right.bytes, right.closed).code === CANCELLED) {
        await this.begin();
        return { compared, difference: null, late: true };
      }
      const difference = differenceOf(left, right);
      if (difference !== null) return { compared, difference: { step, ...difference }, late: false };
      compared.push({ step, ending, code, ms: { a: left.ms, b: right.ms } });
      if (left.closed) {
        this.#endSessions();
        break;
      }
    }
    this.#options.usePolicy(0);
    if (script.some((step) => step.kind !== 'policy' && WRITES.test(step.text))) await this.#evenOut();
    return { compared, difference: null, late: false };
  }

  /** What was written and taken back leaves pages behind, and not as many on both sides. */
  async #evenOut(): Promise<void> {
    if (!(await this.#isEven(await this.#connectedAdmins()))) await this.begin();
  }

  async #isEven(admins: Record<Side, pg.Client>): Promise<boolean> {
    const [a, b] = await Promise.all(SIDES.map((side) => admins[side].query<{ pages: string }>(PAGES)));
    return a?.rows[0]?.pages === b?.rows[0]?.pages;
  }

  async close(): Promise<void> {
    this.#endSessions();
    for (const side of SIDES) await this.#admins?.[side].end();
  }

  #endSessions(): void {
    for (const side of SIDES) this.#sessions?.[side].end();
    this.#sessions = null;
  }

  async #openSessions(): Promise<Record<Side, Connection>> {
    const { clients } = this.#options;
    const [a, b] = await Promise.all([Connection.open(clients.a), Connection.open(clients.b)]);
    this.#sessions = { a, b };
    return this.#sessions;
  }

  async #connectedAdmins(): Promise<Record<Side, pg.Client>> {
    if (this.#admins !== null) return this.#admins;
    const { server, databases } = this.#options;
    const open = async (side: Side) => {
      const client = new pg.Client({ ...server, database: databases[side] });
      client.on('error', () => undefined);
      await client.connect();
      return client;
    };
    this.#admins = { a: await open('a'), b: await open('b') };
    return this.#admins;
  }
}

function differenceOf(left: Answer, right: Answer): Omit<Difference, 'step'> | null {
  if (left.closed !== right.closed) {
    return { at: -1, left: left.closed ? 'closed' : 'open', right: right.closed ? 'closed' : 'open' };
  }
  return firstDifference(left.bytes, right.bytes);
}

import type { ActionRecord } from '../../../gateway/contract/record.ts';
import type { RecordSearch } from '../../../gateway/contract/record-search.ts';
import type { LiveSession } from '../../../gateway/contract/session-endpoints.ts';
import type { HttpClient } from '../gateway/http-client.ts';
import { Signal } from '../signal.ts';
import { type SessionSummary, summarised } from './sessions.ts';

export type SessionsState =
  | { kind: 'unknown' }
  | { kind: 'known'; sessions: readonly SessionSummary[]; hasMore: boolean }
  | { kind: 'failed'; error: unknown };

const PAGE_RECORDS = 500;

/** Sessions that this person may see, as far as they were asked for: of everybody for auditors. */
export class SessionList {
  readonly state = new Signal<SessionsState>({ kind: 'unknown' });
  readonly #client: () => Promise<HttpClient>;
  #search: RecordSearch = {};
  #records: ActionRecord[] = [];
  #open: readonly LiveSession[] = [];
  #next: string | null = null;
  /** Grows with each question, so that a late answer to another one is left out. */
  #asked = 0;

  constructor(client: () => Promise<HttpClient>) {
    this.#client = client;
  }

  get search(): RecordSearch {
    return this.#search;
  }

  /** Looks for other ones from now on. Never rejects: what came of it is in `state`. */
  async find(search: RecordSearch): Promise<void> {
    this.#search = search;
    await this.refresh();
  }

  /** Asks for the newest ones again. Never rejects. */
  async refresh(): Promise<void> {
    await this.#ask(async (client) => {
      const [{ sessions }, page] = await Promise.all([
        client.ask('sessions'),
        client.ask('records', { params: { ...this.#search, limit: PAGE_RECORDS } }),
      ]);
      return { open: sessions, records: page.records, next: page.next };
    });
  }

  /** Asks for those before. Never rejects. */
  async more(): Promise<void> {
    const [before, known] = [this.#next, this.#records];
    if (before === null) return;
    await this.#ask(async (client) => {
      const params = { ...this.#search, before, limit: PAGE_RECORDS };
      const { records, next } = await client.ask('records', { params });
      return { open: this.#open, records: [...known, ...records], next };
    });
  }

  /** Nobody is signed in, or somebody else. */
  clear(): void {
    this.#asked += 1;
    this.#search = {};
    this.#keep({ open: [], records: [], next: null });
    this.state.set({ kind: 'unknown' });
  }

  async #ask(question: (client: HttpClient) => Promise<Known>): Promise<void> {
    this.#asked += 1;
    const asked = this.#asked;
    try {
      const known = await question(await this.#client());
      if (asked !== this.#asked) return;
      this.#keep(known);
      const isSearch = Object.keys(this.#search).length > 0;
      const sessions = summarised(known.records, known.open).filter(
        ({ actions }) => !isSearch || actions > 0,
      );
      this.state.set({ kind: 'known', sessions, hasMore: known.next !== null });
    } catch (error) {
      if (asked === this.#asked) this.state.set({ kind: 'failed', error });
    }
  }

  #keep({ open, records, next }: Known): void {
    this.#open = open;
    this.#records = records;
    this.#next = next;
  }
}

type Known = { open: readonly LiveSession[]; records: ActionRecord[]; next: string | null };

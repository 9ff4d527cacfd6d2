import type { Documents, Json } from '../../core/documents/documents.ts';
import type { DocumentRow } from './messages.ts';
import type { WorkerLink } from './worker-link.ts';

/** Documents as rows of one table. */
export class StoredDocuments implements Documents {
  readonly #link: WorkerLink;
  readonly #now: () => Date;

  constructor(link: WorkerLink, now: () => Date) {
    this.#link = link;
    this.#now = now;
  }

  async get(collection: string, key: string): Promise<Json | undefined> {
    return this.#first({ type: 'document', collection, key, nowMs: this.#nowMs() });
  }

  async list(collection: string, prefix = ''): Promise<Array<{ key: string; value: Json }>> {
    const ask = { type: 'documents', collection, prefix, nowMs: this.#nowMs() } as const;
    const { documents } = await this.#link.ask(ask);
    return documents.map((row) => ({ key: row.key, value: parsed(row) }));
  }

  put(collection: string, key: string, value: Json, expiresAt?: Date): Promise<void> {
    return this.putText(collection, key, JSON.stringify(value), expiresAt);
  }

  async putText(collection: string, key: string, json: string, expiresAt?: Date): Promise<void> {
    const expiresAtMs = expiresAt?.getTime() ?? null;
    await this.#link.ask({ type: 'put', collection, key, value: json, expiresAtMs });
  }

  async delete(collection: string, key: string): Promise<void> {
    await this.#link.ask({ type: 'delete', collection, key });
  }

  take(collection: string, key: string): Promise<Json | undefined> {
    return this.#first({ type: 'take', collection, key, nowMs: this.#nowMs() });
  }

  async #first(ask: Parameters<WorkerLink['ask']>[0]): Promise<Json | undefined> {
    const [row] = (await this.#link.ask(ask)).documents;
    return row === undefined ? undefined : parsed(row);
  }

  #nowMs(): number {
    return this.#now().getTime();
  }
}

function parsed(row: DocumentRow): Json {
  return JSON.parse(row.value);
}

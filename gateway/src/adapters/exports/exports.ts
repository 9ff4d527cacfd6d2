import { Worker } from 'node:worker_threads';
import { z } from 'zod';
import { assertNever } from '../../../contract/assert-never.ts';
import type { ExportConfig } from '../../config.ts';
import type { Documents } from '../../core/documents/documents.ts';
import type { ExportStatus } from './exporter.ts';
import type { ExportOrder, ExportWork, FromExports, ToExports } from './messages.ts';
import { destinationOf } from './sink-of.ts';

const COLLECTION = 'export-cursors';
const Cursor = z.object({ seq: z.int().nonnegative() });

/** Found beside this file when run from source, and beside the bundle when bundled. */
const SCRIPT = import.meta.url.endsWith('.ts') ? './exports-worker.ts' : './exports-worker.mjs';

export type ExportServices = {
  exports: readonly ExportConfig[];
  /** The store's database, which the exports' thread reads by itself. */
  database: string;
  /** Where it is kept how far each export is. */
  documents: Documents;
  productVersion: string;
  /** One sentence for whoever runs the gateway. */
  tell(line: string): void;
};

export type Exports = { status(): ExportStatus[]; close(): Promise<void> };

/**
 * Begins every configured export where it was; a new one begins with the log's first row.
 *
 * @throws what reading a PEM file says
 */
export async function openExports(services: ExportServices): Promise<Exports> {
  if (services.exports.length === 0) return { status: () => [], close: async () => undefined };
  const orders: ExportOrder[] = [];
  for (const config of services.exports) {
    const kept = Cursor.safeParse(await services.documents.get(COLLECTION, config.name));
    const cursor = kept.success ? kept.data.seq : 0;
    const { name, includeStatement } = config;
    orders.push({ name, destination: destinationOf(config), includeStatement, cursor });
  }
  return new ExportLink(orders, services);
}

/** The gateway's end of the exports' thread. */
class ExportLink implements Exports {
  readonly #services: ExportServices;
  readonly #worker: Worker;
  readonly #status = new Map<string, ExportStatus>();
  readonly #ended = Promise.withResolvers<void>();
  #isClosing = false;

  constructor(orders: ExportOrder[], services: ExportServices) {
    const { database, productVersion } = services;
    this.#services = services;
    for (const { name, cursor } of orders) {
      this.#status.set(name, { name, cursor, sent: 0, failures: 0, why: '' });
    }
    const workerData: ExportWork = { exports: orders, database, productVersion };
    this.#worker = new Worker(new URL(SCRIPT, import.meta.url), { workerData, name: 'sluice-exports' });
    this.#worker.on('message', (message: FromExports) => this.#receive(message));
    this.#worker.on('error', (error) => this.#lost(error.message));
    this.#worker.on('exit', () => {
      this.#lost('it exited');
      this.#ended.resolve();
    });
  }

  status(): ExportStatus[] {
    return [...this.#status.values()];
  }

  async close(): Promise<void> {
    this.#isClosing = true;
    this.#post({ type: 'close' });
    await this.#ended.promise;
  }

  #receive(message: FromExports): void {
    switch (message.type) {
      case 'keep':
        void this.#keep(message);
        return;
      case 'status':
        this.#status.set(message.status.name, message.status);
        return;
      case 'tell':
        this.#services.tell(message.line);
        return;
      case 'closed':
        return;
      default:
        assertNever(message);
    }
  }

  async #keep({ id, name, cursor }: Extract<FromExports, { type: 'keep' }>): Promise<void> {
    try {
      await this.#services.documents.put(COLLECTION, name, { seq: cursor });
      this.#post({ type: 'kept', id });
    } catch {
      // The store tells of its failure by itself.
      this.#post({ type: 'notKept', id });
    }
  }

  /** Nobody waits for exports, and so the gateway goes on; what was not told is told after the next start. */
  #lost(why: string): void {
    if (this.#isClosing) return;
    this.#isClosing = true;
    for (const status of this.#status.values()) this.#status.set(status.name, { ...status, why });
    this.#services.tell(`Exports have stopped (${why}). Restart the gateway: they go on where they were.`);
  }

  #post(message: ToExports): void {
    this.#worker.postMessage(message);
  }
}

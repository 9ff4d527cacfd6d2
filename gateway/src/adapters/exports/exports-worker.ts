import { DatabaseSync } from 'node:sqlite';
import { parentPort, workerData } from 'node:worker_threads';
import { assertNever } from '../../../contract/assert-never.ts';
import { MACHINE_CLOCK } from '../../core/approvals/clock.ts';
import { LogFile } from '../store/log-file.ts';
import { Exporter } from './exporter.ts';
import type { ExportOrder, ExportWork, FromExports, ToExports } from './messages.ts';
import { sinkOf } from './sink-of.ts';

/** The exports' thread: making events and handing them over takes nothing of the gateway's own. */

// Its own gateway wrote it, in the same process.
const { exports, database, productVersion } = workerData as ExportWork;
const raw = new DatabaseSync(database, { readOnly: true });
raw.exec('pragma busy_timeout = 5000');
const log = new LogFile(raw);
const waiting = new Map<number, { resolve: () => void; reject: (why: Error) => void }>();
let nextId = 0;

function post(message: FromExports): void {
  parentPort?.postMessage(message);
}

function keep(name: string, cursor: number): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const id = nextId++;
  waiting.set(id, { resolve, reject });
  post({ type: 'keep', id, name, cursor });
  return promise;
}

function begin({ name, destination, includeStatement, cursor }: ExportOrder): Exporter {
  return new Exporter({
    name,
    sink: sinkOf(destination),
    telling: { productVersion, includeStatement },
    log,
    cursor,
    keep: (reached) => keep(name, reached),
    clock: MACHINE_CLOCK,
    tell: (line) => post({ type: 'tell', line }),
    changed: (status) => post({ type: 'status', status }),
  });
}

const exporters = exports.map(begin);

parentPort?.on('message', (message: ToExports) => {
  switch (message.type) {
    case 'kept':
      waiting.get(message.id)?.resolve();
      waiting.delete(message.id);
      return;
    case 'notKept':
      waiting.get(message.id)?.reject(new Error('How far it is could not be kept.'));
      waiting.delete(message.id);
      return;
    case 'close':
      void Promise.all(exporters.map((exporter) => exporter.close())).then(() => {
        raw.close();
        post({ type: 'closed' });
        parentPort?.close();
      });
      return;
    default:
      assertNever(message);
  }
});

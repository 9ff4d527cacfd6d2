import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { resultsHost } from '../../extension/contract/results-messages.ts';
import { QuerySession } from '../../extension/src/gateway/query-session.ts';
import { RowStore } from '../../extension/src/results/row-store.ts';
import { openSpillFolder } from '../../extension/src/results/spill-folder.ts';
import { throttle } from '../../extension/src/results/throttle.ts';
import type { LiveRun } from '../../extension/src/runs/live-run.ts';
import { Runs } from '../../extension/src/runs/runs.ts';
import { TargetName } from '../../gateway/contract/ids.ts';
import type { FromHost, ToHost } from './extension-host-messages.ts';

/**
 * What the extension host does with a result, in a process of its own and without an editor: the extension's own
 * session, runs and row store, and what the results grid asks for. Arguments: gateway, target, token.
 */
const [gateway = '', target = '', token = ''] = process.argv.slice(2);

const DOCUMENT = 'untitled:bench.sql';
const SCREEN = { rows: 60, columns: 64 };
const PROGRESS_INTERVAL_MS = 100;
const KEPT_ROWS = 1_000_000;

const base = await mkdtemp(join(tmpdir(), 'sluice-bench-rows-'));
const folder = await openSpillFolder(base);
let onProgress: (run: LiveRun) => void = () => undefined;
const runs = new Runs({
  openSession: (name, signal) => QuerySession.open(gateway, name, token, signal),
  newStore: () => RowStore.create(folder),
  maxRows: () => KEPT_ROWS,
  onChange: () => undefined,
  onProgress: (_, run) => onProgress(run),
  onSessionLost: (_, why) => console.error(why.message),
});

process.on('message', async (message: ToHost) => {
  switch (message.type) {
    case 'run':
      return tell(await read(message.sql));
    case 'stop':
      await runs.dispose();
      await rm(base, { recursive: true, force: true });
      process.disconnect();
  }
});
tell({ type: 'started' });

/** Runs a statement as the editor does, with the grid at its top meanwhile, and at its last row afterwards. */
async function read(sql: string): Promise<FromHost> {
  const startedAtMs = now();
  let firstAtMs: number | null = null;
  const shown = throttle(() => show(run), PROGRESS_INTERVAL_MS);
  onProgress = async () => {
    shown.call();
    if (firstAtMs !== null) return;
    firstAtMs = Number.POSITIVE_INFINITY;
    await screenAt(run, 0);
    firstAtMs = now();
    tell({ type: 'first' });
  };
  const { run, done } = runs.start(DOCUMENT, TargetName.parse(target), { text: sql, offset: 0, line: 0 });
  await done;
  const keptAtMs = now();
  shown.dispose();
  const [failed] = run.statements.flatMap(({ failure }) => failure ?? []);
  if (failed) throw new Error(failed.message);
  const rows = run.resultSets[0]?.snapshot().rowCount ?? 0;
  await screenAt(run, rows - SCREEN.rows);
  return { type: 'kept', startedAtMs, firstAtMs: firstAtMs ?? keptAtMs, keptAtMs, rows };
}

/** What the grid asks for when it stands at `row`. */
async function screenAt(run: LiveRun, row: number): Promise<void> {
  const fromRow = Math.max(0, row);
  const range = { fromRow, toRow: fromRow + SCREEN.rows, fromColumn: 0, toColumn: SCREEN.columns };
  JSON.stringify(await run.resultSets[0]?.window(range));
}

/** What the grid is told while rows arrive. */
function show(run: LiveRun): void {
  const { id, status, elapsedMs } = run;
  const sets = run.resultSets.map((set) => set.snapshot());
  JSON.stringify(resultsHost.events.progress.parse({ run: id, status, elapsedMs, sets }));
}

function now(): number {
  return performance.timeOrigin + performance.now();
}

function tell(message: FromHost): void {
  process.send?.(message);
}

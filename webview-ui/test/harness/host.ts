import { arrange } from '../../../extension/contract/arrange.ts';
import { openChannel, type Transport } from '../../../extension/contract/channel.ts';
import type { FormatRow } from '../../../extension/contract/formats/format.ts';
import { formatColumn, formatRows } from '../../../extension/contract/formats/index.ts';
import {
  CELL_TEXT_LIMIT,
  type Cell,
  type CellRange,
  resultsHost,
  resultsView,
} from '../../../extension/contract/results-messages.ts';
import type { ResultSet } from '../../../extension/contract/results-state.ts';
import { jumpAround } from './jumps.ts';
import { type Rows, scenarios } from './scenarios.ts';

/** What the tests read of what the screen did. */
export type Journal = {
  clipboard: string;
  calls: { type: string; body: unknown }[];
  malformed: string[];
};

declare global {
  interface Window {
    journal: Journal;
    acquireVsCodeApi: () => unknown;
    grow: (set: string, rows: number) => void;
    jumpAround: typeof jumpAround;
    setStatus: (status: 'running' | 'cancelling' | 'cancelled' | 'done') => void;
  }
}

const query = new URLSearchParams(location.search);
const scenario = scenarios[query.get('scenario') ?? 'small']?.() ?? {
  state: { document: null, readiness: 'ready', runs: [] },
  rows: new Map(),
};
const delayMs = Number(query.get('delay') ?? 0);
let state = scenario.state;
const orders = new Map<string, Uint32Array>();
const journal: Journal = { clipboard: '', calls: [], malformed: [] };
window.journal = journal;

/** Both ends live in one page: what one posts is copied and given to the other, as between windows. */
const toView = (message: unknown) => window.postMessage(structuredClone(message), '*');
const listeners = new Set<(message: unknown) => void>();
const transport: Transport = {
  post: toView,
  listen: (listener) => {
    listeners.add(listener);
    return () => listeners.delete(listener);
  },
};

window.acquireVsCodeApi = () => ({
  postMessage: (message: unknown) => {
    const copy: unknown = JSON.parse(JSON.stringify(message));
    setTimeout(() => {
      for (const listener of listeners) listener(copy);
    }, delayMs);
  },
  getState: () => JSON.parse(sessionStorage.getItem('state') ?? 'null'),
  setState: (next: unknown) => sessionStorage.setItem('state', JSON.stringify(next)),
});

const log =
  <Body, Reply>(type: string, handler: (body: Body) => Reply) =>
  (body: Body): Reply => {
    if (type !== 'remember') journal.calls.push({ type, body });
    return handler(body);
  };

const channel = openChannel({
  transport,
  mine: resultsHost,
  theirs: resultsView,
  onMalformed: (error) => journal.malformed.push(String(error)),
  handlers: {
    events: {},
    requests: {
      ready: log('ready', () => ({ state, ui: null })),
      rows: log('rows', ({ set, range }) => {
        const order = orders.get(set);
        const at = setOf(set);
        const rows = rowsOf(set);
        const indexes = rowIndexes(at, range).map((row) => order?.[row] ?? row);
        return {
          version: at.arrangement.version,
          fromRow: range.fromRow,
          fromColumn: range.fromColumn,
          numbers: indexes.map((row) => row + 1),
          cells: indexes.map((row) => columnsOf(range).map((column) => toCell(rows.value(row, column)))),
        };
      }),
      value: log('value', ({ set, row, column }) => ({
        text: rowsOf(set).value(orders.get(set)?.[row] ?? row, column),
      })),
      arrange: log('arrange', ({ set, order, filters }) => {
        const at = setOf(set);
        const rows = rowsOf(set);
        const source = {
          rowCount: at.rowCount,
          kinds: at.columns.map((column) => formatColumn(column).kind),
          valueAt: rows.value,
        };
        const plain = order.length === 0 && filters.length === 0;
        const indexes = plain ? null : arrange(source, order, filters);
        if (indexes) orders.set(set, indexes);
        else orders.delete(set);
        const arrangement = {
          version: at.arrangement.version + 1,
          order,
          filters,
          rowCount: indexes?.length ?? at.rowCount,
        };
        changeSet(set, { arrangement });
        return arrangement;
      }),
      copy: log('copy', ({ set, ranges, format, headers }) => {
        const at = setOf(set);
        const rows = rowsOf(set);
        const order = orders.get(set);
        let cells = 0;
        const texts = ranges.map((range) => {
          const columns = columnsOf(range);
          const values: FormatRow[] = rowIndexes(at, range).map((row) =>
            columns.map((column) => rows.value(order?.[row] ?? row, column)),
          );
          cells += values.length * columns.length;
          const formatted = columns.flatMap((column) => at.columns[column] ?? []).map(formatColumn);
          return [...formatRows(format, formatted, values, { headers, table: ['customers'] })].join('');
        });
        journal.clipboard = texts.join('\n');
        return { rows: ranges.reduce((sum, { fromRow, toRow }) => sum + toRow - fromRow, 0), cells };
      }),
      export: log('export', ({ set }) => ({ file: 'customers.csv', rows: setOf(set).arrangement.rowCount })),
      cancel: log('cancel', () => {
        setStatus('cancelling');
        return {};
      }),
      runAgain: log('runAgain', () => ({})),
      askForMore: log('askForMore', () => ({ sentence: 'Asked data-protection@shop.example.' })),
      explain: log('explain', () => ({})),
      remark: log('remark', () => ({})),
      withdraw: log('withdraw', () => ({})),
      breakGlass: log('breakGlass', () => ({})),
      acceptProposal: log('acceptProposal', () => ({})),
      reveal: log('reveal', () => ({})),
      begin: log('begin', () => ({})),
      remember: log('remember', () => ({})),
    },
  },
});

function setStatus(status: 'running' | 'cancelling' | 'cancelled' | 'done'): void {
  state = {
    ...state,
    runs: state.runs.map((run, index) =>
      index === 0
        ? {
            ...run,
            status,
            elapsedMs: 3240,
            resultSets: run.resultSets.map((set) => ({ ...set, complete: status !== 'running' })),
          }
        : run,
    ),
  };
  channel.tell('state', state);
}
window.setStatus = setStatus;
window.jumpAround = jumpAround;

window.grow = (id, rows) => {
  const at = setOf(id);
  const arrangement = { ...at.arrangement, rowCount: rows };
  changeSet(id, { rowCount: rows, arrangement });
  const run = state.runs[0];
  if (!run) return;
  channel.tell('progress', {
    run: run.id,
    status: run.status,
    elapsedMs: run.elapsedMs + 100,
    sets: run.resultSets.map((set) => ({ id: set.id, rowCount: rows, complete: false, arrangement })),
  });
};

function setOf(id: string): ResultSet {
  const found = state.runs.flatMap((run) => run.resultSets).find((set) => set.id === id);
  if (!found) throw new Error(`no result set ${id}`);
  return found;
}

function rowsOf(id: string): Rows {
  const rows = scenario.rows.get(id);
  if (!rows) throw new Error(`no rows of ${id}`);
  return rows;
}

function changeSet(id: string, parts: Partial<ResultSet>): void {
  const change = (set: ResultSet) => (set.id === id ? { ...set, ...parts } : set);
  state = { ...state, runs: state.runs.map((run) => ({ ...run, resultSets: run.resultSets.map(change) })) };
}

function rowIndexes(set: ResultSet, { fromRow, toRow }: CellRange): number[] {
  const end = Math.min(toRow, set.arrangement.rowCount);
  return Array.from({ length: Math.max(0, end - fromRow) }, (_, index) => fromRow + index);
}

function columnsOf({ fromColumn, toColumn }: CellRange): number[] {
  return Array.from({ length: toColumn - fromColumn }, (_, index) => fromColumn + index);
}

function toCell(value: string | null): Cell {
  if (value === null || value.length <= CELL_TEXT_LIMIT) return value;
  return { cut: value.slice(0, CELL_TEXT_LIMIT), length: value.length };
}

import * as z from 'zod';
import { RequestId } from '../../gateway/contract/ids.ts';
import { ColumnFilter, SortKey } from './arrange.ts';
import { FormatName } from './formats/format.ts';
import { type Protocol, request } from './protocol.ts';
import { Arrangement, ResultSetId, ResultsState, RunId, RunStatus } from './results-state.ts';
import { ResultsUi } from './results-ui.ts';

/** A window never holds more rows than this; a wider one is refused. */
export const MAX_WINDOW_ROWS = 500;
/** A cell's text in a window is cut to this many UTF-16 units; the whole is asked for by `value`. */
export const CELL_TEXT_LIMIT = 300;

const index = z.int().nonnegative();

/** A value as the server's text form; null is NULL; an object is a text that was cut, of `length` units. */
export const Cell = z.union([z.string(), z.null(), z.object({ cut: z.string(), length: index })]);
export type Cell = z.infer<typeof Cell>;

/** Half-open ranges of arranged rows and of columns: `from` is in, `to` is out. */
export const CellRange = z.object({ fromRow: index, toRow: index, fromColumn: index, toColumn: index });
export type CellRange = z.infer<typeof CellRange>;

export const RowsWindow = z.object({
  /** The arrangement these rows belong to. */
  version: index,
  fromRow: index,
  fromColumn: index,
  /** Each row's number as fetched, from 1, whatever the order. */
  numbers: z.array(z.int().positive()),
  cells: z.array(z.array(Cell)),
});
export type RowsWindow = z.infer<typeof RowsWindow>;

const nothing = z.object({});
const words = z.string().max(2000);
const onRequest = z.object({ request: RequestId });

/** What the results view may say to the host. Nothing here runs an arbitrary command. */
export const resultsView = {
  requests: {
    /** Asked once when the view has loaded. */
    ready: request(nothing, z.object({ state: ResultsState, ui: ResultsUi.nullable() })),
    rows: request(z.object({ set: ResultSetId, range: CellRange }), RowsWindow),
    /** One value in full, as the server sent it. */
    value: request(
      z.object({ set: ResultSetId, row: index, column: index }),
      z.object({ text: z.string().nullable() }),
    ),
    arrange: request(
      z.object({ set: ResultSetId, order: z.array(SortKey), filters: z.array(ColumnFilter) }),
      Arrangement,
    ),
    /** Puts cells on the clipboard. Ranges share their columns or their rows; `headers` adds column names. */
    copy: request(
      z.object({
        set: ResultSetId,
        ranges: z.array(CellRange).min(1),
        format: FormatName,
        headers: z.boolean(),
      }),
      z.object({ rows: index, cells: index }),
    ),
    /** Saves all arranged rows to a file the person chooses; `file` is null when they chose none. */
    export: request(
      z.object({ set: ResultSetId, format: FormatName }),
      z.object({ file: z.string().nullable(), rows: index }),
    ),
    /** Cancels on the server; the run's status tells when it is confirmed. */
    cancel: request(z.object({ run: RunId }), nothing),
    runAgain: request(z.object({ run: RunId }), nothing),
    /** Starts asking for a masked column or a blocked statement; `sentence` tells what came of it. */
    askForMore: request(
      z.discriminatedUnion('about', [
        z.object({ about: z.literal('column'), set: ResultSetId, column: index }),
        z.object({ about: z.literal('statement'), run: RunId, statement: index }),
      ]),
      z.object({ sentence: z.string() }),
    ),
    /** Gives a request of one's own a reason and a ticket. */
    explain: request(onRequest.extend({ reason: words, ticket: words }), nothing),
    /** Answers those who decide. */
    remark: request(onRequest.extend({ text: words }), nothing),
    withdraw: request(onRequest, nothing),
    /** Runs it at once, with a reason that is reviewed. */
    breakGlass: request(onRequest.extend({ reason: words }), nothing),
    /** Withdraws a statement's request where it still waits, and runs what was proposed instead. */
    acceptProposal: request(z.object({ run: RunId, statement: index }), nothing),
    /** Shows the statement, or where its error stands, in the editor. */
    reveal: request(z.object({ run: RunId, statement: index }), nothing),
    /** The one action that an empty state offers. */
    begin: request(z.object({ step: z.enum(['signIn', 'chooseTarget', 'reconnect', 'newQuery']) }), nothing),
    /** Keeps scroll, widths and selection for when the view is built again. */
    remember: request(ResultsUi, nothing),
  },
  events: {},
} satisfies Protocol;

/** What the host may say to the results view. */
export const resultsHost = {
  requests: {},
  events: {
    /** Everything anew: another editor, another run, another status. */
    state: ResultsState,
    /** Rows arrived: sent at most ten times a second while a run goes on. */
    progress: z.object({
      run: RunId,
      status: RunStatus,
      elapsedMs: z.number().nonnegative(),
      sets: z.array(
        z.object({ id: ResultSetId, rowCount: index, complete: z.boolean(), arrangement: Arrangement }),
      ),
    }),
    /** Brings a run to the front, as after "run". */
    show: z.object({ run: RunId }),
    /** Puts the keyboard into the grid. */
    focus: nothing,
  },
} satisfies Protocol;

export type ResultsView = typeof resultsView;
export type ResultsHost = typeof resultsHost;

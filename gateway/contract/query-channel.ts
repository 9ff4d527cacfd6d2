import * as z from 'zod';
import { ApprovalRequest } from './approval-request.ts';
import { Decision } from './decision.ts';
import { ErrorBody } from './error.ts';
import { QueryId } from './ids.ts';
import { VerdictColumn } from './verdict.ts';

/**
 * The query channel: one WebSocket is one session on one target. Control messages are JSON text frames;
 * rows travel as binary frames (`RowBatch`), so that the gateway relays DataRow bodies without decoding them.
 */
export const QueryRequest = z.discriminatedUnion('type', [
  /** Runs every statement of `text` in order; stops at the first that fails. `credit` batches may be sent. */
  z.object({ type: z.literal('run'), query: QueryId, text: z.string(), credit: z.int().positive() }),
  /** Back-pressure: allows `batches` more row batches for this run. */
  z.object({ type: z.literal('more'), query: QueryId, batches: z.int().positive() }),
  /** Cancels on the server; the run still ends with `ended`. */
  z.object({ type: z.literal('cancel'), query: QueryId }),
]);
export type QueryRequest = z.infer<typeof QueryRequest>;

/** A result column: the target's own type and what masks it. `typeOid` is PostgreSQL's. */
export const ResultColumn = VerdictColumn.extend({ typeOid: z.int(), typeName: z.string() });
export type ResultColumn = z.infer<typeof ResultColumn>;

export const QueryEvent = z.discriminatedUnion('type', [
  z.object({ type: z.literal('open'), session: z.string(), target: z.string(), serverVersion: z.string() }),
  /** Statement `index` of the run is decided. `start`/`end`: UTF-16 offsets in the text. */
  z.object({
    type: z.literal('decided'),
    query: QueryId,
    index: z.int(),
    start: z.int(),
    end: z.int(),
    decision: Decision,
  }),
  /** Statement `index` waits for approval; told again whenever its request changes. It goes on, or fails, by itself. */
  z.object({
    type: z.literal('held'),
    query: QueryId,
    index: z.int(),
    request: ApprovalRequest,
  }),
  /** Statement `index` returns rows; batches follow. */
  z.object({ type: z.literal('columns'), query: QueryId, index: z.int(), columns: z.array(ResultColumn) }),
  z.object({
    type: z.literal('notice'),
    query: QueryId,
    severity: z.string(),
    message: z.string(),
    detail: z.string(),
    hint: z.string(),
  }),
  /** Statement `index` is complete: the server's command tag, "SELECT 50000". */
  z.object({ type: z.literal('complete'), query: QueryId, index: z.int(), tag: z.string(), rows: z.int() }),
  z.object({
    type: z.literal('failed'),
    query: QueryId,
    index: z.int(),
    error: ErrorBody,
    sqlState: z.string(),
    detail: z.string(),
    hint: z.string(),
    /** UTF-16 offset in the run's text where the server saw the error, or null. */
    position: z.int().nullable(),
  }),
  z.object({
    type: z.literal('ended'),
    query: QueryId,
    status: z.enum(['done', 'failed', 'cancelled']),
    transaction: z.enum(['idle', 'inTransaction', 'failed']),
  }),
]);
export type QueryEvent = z.infer<typeof QueryEvent>;

/** Bytes before the rows in a binary frame: query id, statement index, row count, each uint32 big-endian. */
export const ROW_BATCH_HEADER_BYTES = 12;

/**
 * One binary frame. `rows` holds `rowCount` rows one after the other, each a uint32 length (of what follows)
 * and a DataRow body as the PostgreSQL manual has it: int16 column count, then for each column an int32
 * length (-1 is NULL) and that many bytes of the value's text form in UTF-8.
 */
export type RowBatch = { query: QueryId; index: number; rowCount: number; rows: Uint8Array };

/** Writes a `RowBatch` as one binary frame. */
export function encodeRowBatch(batch: RowBatch): Uint8Array {
  const frame = new Uint8Array(ROW_BATCH_HEADER_BYTES + batch.rows.byteLength);
  const view = new DataView(frame.buffer);
  view.setUint32(0, batch.query);
  view.setUint32(4, batch.index);
  view.setUint32(8, batch.rowCount);
  frame.set(batch.rows, ROW_BATCH_HEADER_BYTES);
  return frame;
}

/** Reads a binary frame; throws a RangeError when it is shorter than its header. `rows` aliases `frame`. */
export function decodeRowBatch(frame: Uint8Array): RowBatch {
  const view = new DataView(frame.buffer, frame.byteOffset, frame.byteLength);
  return {
    query: QueryId.parse(view.getUint32(0)),
    index: view.getUint32(4),
    rowCount: view.getUint32(8),
    rows: frame.subarray(ROW_BATCH_HEADER_BYTES),
  };
}

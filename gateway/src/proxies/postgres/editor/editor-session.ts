import type { Duplex } from 'node:stream';
import type { Decision } from '../../../../contract/decision.ts';
import { type ErrorBody, SluiceError } from '../../../../contract/error.ts';
import type { SessionId } from '../../../../contract/ids.ts';
import type { ResultColumn } from '../../../../contract/query-channel.ts';
import type { QuerySession, QuerySink, RunEnd } from '../../../core/flow/governed-target.ts';
import { newSessionId } from '../../../core/flow/session-id.ts';
import type { AnalysedStatement } from '../../../sql/engine.ts';
import { BACKEND_TYPES, typeSet } from '../../../wire/postgres/frame-types.ts';
import { decodeBackend, encode } from '../../../wire/postgres/index.ts';
import { rowsOfTag } from '../../../wire/postgres/messages/backend/command-complete.ts';
import type { ErrorFields } from '../../../wire/postgres/messages/backend/error-fields.ts';
import type { TransactionStatus } from '../../../wire/postgres/messages/backend/ready-for-query.ts';
import type { RowDescription } from '../../../wire/postgres/messages/backend/row-description.ts';
import { ByteChannel } from '../byte-channel.ts';
import { FrameReader } from '../frame-reader.ts';
import type { Observer } from '../session/conversation.ts';
import type { Governor } from '../session/governor.ts';
import { utf16Offset } from '../session/refusal.ts';
import type { PostgresSession } from '../session/session.ts';
import { verdictColumn } from './masked-columns.ts';
import { RowBatches } from './row-batches.ts';

const DATA_ROW = 0x44;
const COPY_DATA = 0x64;

/** A statement of a run: where it stands in the run's text, and what was decided. */
type Current = {
  index: number;
  start: number;
  text: string;
  statement: AnalysedStatement | null;
  decision: Decision | null;
};

/** The editor's session: a client in this process that speaks to the same session code as any socket. */
export class EditorSession implements QuerySession {
  readonly id: SessionId = newSessionId();
  readonly serverVersion: string;
  readonly #channel: ByteChannel;
  readonly #reader: FrameReader;
  readonly #governor: Governor;
  readonly #listeners: Array<(why: ErrorBody) => void> = [];
  #session: PostgresSession | null = null;
  #sink: QuerySink | null = null;
  #current: Current | null = null;
  #status: TransactionStatus = 'idle';
  #cancelled = false;
  #closedBecause: ErrorBody | null = null;

  constructor(stream: Duplex, governor: Governor, serverVersion: string) {
    this.#channel = new ByteChannel(stream);
    this.#governor = governor;
    this.serverVersion = serverVersion;
    this.#reader = new FrameReader(this.#channel, {
      known: BACKEND_TYPES,
      streamed: typeSet(''),
      maxFrameBytes: governor.context.settings.maxFrameBytes,
      startsUp: false,
    });
  }

  /** Sees what the session decides. */
  readonly observer: Observer = {
    decided: (statement, decision) => {
      const current = this.#current;
      if (current === null) return;
      current.statement = statement;
      current.decision = decision;
      this.#sink?.decided(current.index, current.start, current.start + current.text.length, decision);
    },
    held: (request) => {
      if (this.#current !== null) this.#sink?.held(this.#current.index, request);
    },
  };

  attach({ session, ended }: { session: PostgresSession; ended: Promise<SluiceError | null> }): void {
    this.#session = session;
    void ended.then((why) => this.#onEnded(why));
  }

  async run(text: string, sink: QuerySink): Promise<RunEnd> {
    this.#sink = sink;
    this.#cancelled = false;
    try {
      const pieces = await this.#split(text);
      for (const piece of pieces) {
        if (this.#cancelled) return { status: 'cancelled', transaction: this.#status };
        if (await this.#runPiece(piece, text, sink)) continue;
        const left = pieces.length - piece.index - 1;
        if (left > 0) sink.notice(notRun(left));
        return { status: this.#cancelled ? 'cancelled' : 'failed', transaction: this.#status };
      }
      return { status: 'done', transaction: this.#status };
    } catch (error) {
      if (!(error instanceof SluiceError) || !error.code.startsWith('wire.')) throw error;
      this.#lose(error, sink);
      return { status: 'failed', transaction: this.#status };
    } finally {
      this.#sink = null;
      this.#current = null;
    }
  }

  cancel(): void {
    this.#cancelled = true;
    void this.#session?.cancel();
  }

  close(): void {
    void this.#session?.cancel();
    this.#channel.send(encode({ type: 'terminate' }));
    this.#channel.end();
  }

  onClosed(listener: (why: ErrorBody) => void): void {
    if (this.#closedBecause === null) this.#listeners.push(listener);
    else listener(this.#closedBecause);
  }

  /** Each statement is sent by itself, as a person would who runs them one after the other. */
  async #split(text: string): Promise<Array<Pick<Current, 'index' | 'start' | 'text'>>> {
    const catalogue = await this.#governor.context.catalogue.current();
    const analysis = await this.#governor.analyse(text, { state: catalogue.initialState, catalogue });
    if (analysis.kind === 'unparsed') return [{ index: 0, start: 0, text }];
    return analysis.statements.map(({ start, text: statement }, index) => ({
      index,
      start,
      text: statement,
    }));
  }

  async #runPiece(
    piece: Pick<Current, 'index' | 'start' | 'text'>,
    text: string,
    sink: QuerySink,
  ): Promise<boolean> {
    this.#current = { ...piece, statement: null, decision: null };
    const query = text.includes('\0') ? text.replaceAll('\0', ' ') : piece.text;
    this.#channel.send(encode({ type: 'query', query }));
    const batches = new RowBatches((count, rows) => sink.rows(piece.index, count, rows));
    let failed = false;
    for (;;) {
      const read = await this.#next(batches);
      if (read === null) {
        const error = this.#closedBecause ?? GONE;
        sink.failed(piece.index, { error, sqlState: '08006', detail: '', hint: error.next, position: null });
        return false;
      }
      const { scanner } = this.#reader;
      if (scanner.type === DATA_ROW) {
        const sent = batches.add(scanner.bytes, scanner.bodyStart, scanner.end);
        if (sent !== undefined) await sent;
        continue;
      }
      if (scanner.type === COPY_DATA) continue;
      const message = decodeBackend(scanner.type, scanner.body());
      switch (message.type) {
        case 'rowDescription':
          sink.columns(piece.index, this.#columns(message));
          break;
        case 'commandComplete':
          await batches.flush();
          sink.complete(piece.index, message.tag, rowsOfTag(message.tag));
          break;
        case 'emptyQueryResponse':
          sink.complete(piece.index, '', 0);
          break;
        case 'noticeResponse':
          sink.notice(noticeOf(message.fields));
          break;
        case 'errorResponse':
          await batches.flush();
          failed = true;
          sink.failed(piece.index, this.#failure(message.fields, piece));
          break;
        case 'copyInResponse':
          this.#channel.send(encode({ type: 'copyFail', reason: NO_COPY_DATA }));
          break;
        case 'readyForQuery':
          this.#status = message.status;
          return !failed;
        default:
          break;
      }
    }
  }

  /** The next message; rows that were gathered don't wait longer than a moment for it. */
  async #next(batches: RowBatches): Promise<'frame' | 'passed' | null> {
    const piece = this.#reader.scanner.next();
    if (piece !== 'none') return piece;
    const next = this.#reader.next();
    if (batches.empty) return next;
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<'late'>((resolve) => {
      timer = setTimeout(() => resolve('late'), 50);
    });
    const first = await Promise.race([next, late]);
    clearTimeout(timer);
    if (first !== 'late') return first;
    await batches.flush();
    return next;
  }

  #columns(description: RowDescription): ResultColumn[] {
    const current = this.#current;
    const { decision, statement } = current ?? { decision: null, statement: null };
    const types = this.#governor.context.catalogue.loaded;
    return description.fields.map((field, index) => {
      const output = statement?.outputs?.[index];
      return {
        masked: null,
        ...(output === undefined || decision === null ? {} : verdictColumn(output, decision)),
        name: field.name,
        typeOid: field.typeOid,
        typeName: types?.typeName(field.typeOid) ?? String(field.typeOid),
      };
    });
  }

  #failure(fields: ErrorFields, piece: Pick<Current, 'start' | 'text'>) {
    const sqlState = fields.code ?? 'XX000';
    const refused =
      this.#current?.decision?.outcome === 'block' || this.#current?.decision?.outcome === 'approve';
    const code = refused ? 'statement.blocked' : 'internal.fault';
    const message = fields.message ?? '';
    const hint = fields.hint ?? '';
    const position = Number(fields.position);
    return {
      error: { code: ERROR_CODES[sqlState] ?? code, message, next: hint } as const,
      sqlState,
      detail: fields.detail ?? '',
      hint,
      position: Number.isInteger(position) ? piece.start + utf16Offset(piece.text, position) : null,
    };
  }

  /** What comes can't be followed any further, and nobody would ever read the rest: the session ends. */
  #lose(why: SluiceError, sink: QuerySink): void {
    const told =
      why.code === 'wire.frameTooLarge' ? tooLong(this.#governor.context.settings.maxFrameBytes) : why;
    const error = told.toBody();
    this.#closedBecause = error;
    const index = this.#current?.index ?? 0;
    sink.failed(index, { error, sqlState: '54000', detail: '', hint: error.next, position: null });
    this.#session?.kill(told);
  }

  #onEnded(why: SluiceError | null): void {
    this.#closedBecause ??= why?.toBody() ?? GONE;
    for (const listener of this.#listeners.splice(0)) listener(this.#closedBecause);
    this.#channel.destroy();
  }
}

const NO_COPY_DATA = 'the editor has no data to send; use INSERT, or \\copy in psql';

function tooLong(maxBytes: number): SluiceError {
  return new SluiceError(
    'wire.frameTooLarge',
    `A row is longer than the ${maxBytes} bytes that the editor takes, so the session was ended.`,
    'Select less of it, or use psql, which streams.',
  );
}

/** What comes after a statement that failed or was refused stays undone, and the person hears so. */
function notRun(left: number) {
  const message =
    left === 1 ? 'The statement after it was not run.' : `The ${left} statements after it were not run.`;
  return { severity: 'NOTICE', message, detail: '', hint: '' };
}

const GONE: ErrorBody = { code: 'target.unreachable', message: 'The session has ended.', next: 'Run again.' };

const ERROR_CODES: Partial<Record<string, ErrorBody['code']>> = {
  '57014': 'statement.cancelled',
  '42601': 'statement.unparsed',
};

function noticeOf(fields: ErrorFields) {
  return {
    severity: fields.severity ?? 'NOTICE',
    message: fields.message ?? '',
    detail: fields.detail ?? '',
    hint: fields.hint ?? '',
  };
}

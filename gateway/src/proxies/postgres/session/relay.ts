import { assertNever } from '../../../../contract/assert-never.ts';
import { SluiceError } from '../../../../contract/error.ts';
import type { BodyReader } from '../../../wire/postgres/bytes/body-reader.ts';
import { FrameScanner } from '../../../wire/postgres/frame-scanner.ts';
import { BACKEND_STREAMED, BACKEND_TYPES } from '../../../wire/postgres/frame-types.ts';
import {
  decodeCommandComplete,
  rowsOfTag,
} from '../../../wire/postgres/messages/backend/command-complete.ts';
import { decodeErrorFields, type ErrorFields } from '../../../wire/postgres/messages/backend/error-fields.ts';
import { encodeErrorResponse } from '../../../wire/postgres/messages/backend/error-response.ts';
import { encodeNoticeResponse } from '../../../wire/postgres/messages/backend/notice-response.ts';
import { decodeParameterStatus } from '../../../wire/postgres/messages/backend/parameter-status.ts';
import {
  decodeReadyForQuery,
  type TransactionStatus,
} from '../../../wire/postgres/messages/backend/ready-for-query.ts';
import { violation } from '../../../wire/postgres/violation.ts';
import type { ByteChannel } from '../byte-channel.ts';
import { DetectedRows } from '../detected/rows.ts';
import { takeDescription } from './described.ts';
import { namesNoValue } from './error-filter.ts';
import type { Hidden } from './hidden.ts';
import { type Outbox, Release } from './outbox.ts';
import { type Pending, undo } from './pending.ts';
import { PendingQueue } from './pending-queue.ts';
import { QuestionFailed } from './question.ts';
import type { Run } from './run.ts';
import { type End, Unconcluded } from './unconcluded.ts';

export type RelayEvents = {
  /** Resolves when what a statement was decided on still holds; null when there is no need to ask. */
  holds: (run: Run) => Promise<void> | null;
  /** A setting was reported; false ends the session. */
  setting: (name: string, value: string) => void;
  /** Upstream failed a statement: what a transaction had set may be undone. */
  failed: () => void;
};

/**
 * Upstream to client. Bytes are cut at frame boundaries and passed on as they came, a chunk at a time, once the
 * records of what's in the chunk are on disk; what upstream owes is kept as a queue, so that every reply is
 * known to belong to a granted statement (or to the gateway itself).
 */
export class Relay {
  status: TransactionStatus = 'idle';
  /** After an error in a pipeline the server skips everything up to the next Sync, and so do we. */
  skipping = false;
  /** Upstream waits for COPY data. */
  copyIn = false;
  /** All COPY data was sent before upstream asked for it. */
  #copySent = false;
  readonly #pending = new PendingQueue();
  readonly #channel: ByteChannel;
  readonly #outbox: Outbox;
  readonly #events: RelayEvents;
  readonly #scanner: FrameScanner;
  readonly #unconcluded = new Unconcluded();
  /** Rows of runs that detectors look at. */
  readonly #detectedRows: DetectedRows;
  #idle: Array<() => void> = [];
  #copyStarted: Array<() => void> = [];
  #ended = false;
  /** Nothing more is sent. */
  #closed = false;
  #unsentEnded: Promise<unknown> = Promise.resolve();

  constructor(channel: ByteChannel, outbox: Outbox, maxFrameBytes: number, events: RelayEvents) {
    this.#channel = channel;
    this.#outbox = outbox;
    this.#events = events;
    this.#detectedRows = new DetectedRows(maxFrameBytes);
    this.#scanner = new FrameScanner({
      known: BACKEND_TYPES,
      streamed: BACKEND_STREAMED,
      maxFrameBytes,
      startsUp: false,
    });
  }

  get busy(): boolean {
    return this.#pending.length > 0;
  }

  /** How many answers upstream owes. */
  get owes(): number {
    return this.#pending.length;
  }

  /** A statement of the client's runs, or will when it is sent. */
  get runs(): boolean {
    return this.#pending.has('statement');
  }

  /** The gateway waits for an answer of its own. */
  get asks(): boolean {
    return this.#pending.has('question');
  }

  get ended(): boolean {
    return this.#ended;
  }

  /** The granted COPY … FROM STDIN that waits for data or will. */
  get takesData(): boolean {
    return this.#pending.has('takesData');
  }

  /** The client has sent the last of its COPY data, maybe before the server asked for it. */
  endCopyIn(): void {
    if (!this.copyIn && this.takesData && !this.#copySent) {
      this.#copySent = true;
      for (const pending of this.#pending) if (pending.kind === 'sync') pending.inCopy = true;
    }
    this.copyIn = false;
  }

  /** What is expected once nothing more is sent ends at once. */
  expect(...pending: Pending[]): void {
    if (this.#closed) void giveUp(pending, 'cancelled');
    else this.#pending.push(...pending);
  }

  /** All that is expected was sent. */
  sent(): void {
    this.#pending.sent();
  }

  /** Resolves when upstream owes nothing more, or is gone. */
  whenIdle(): Promise<void> {
    if (!this.busy || this.#ended) return Promise.resolve();
    return new Promise((resolve) => this.#idle.push(resolve));
  }

  /** Resolves when upstream waits for COPY data, or owes nothing more. */
  whenCopyInOrIdle(): Promise<void> {
    if (this.copyIn || !this.busy || this.#ended) return Promise.resolve();
    return new Promise((resolve) => {
      this.#copyStarted.push(resolve);
      this.#idle.push(resolve);
    });
  }

  /**
   * Relays until upstream ends.
   * @throws SluiceError when upstream breaks the protocol, a witness disagrees, or a record can't be kept.
   */
  async run(): Promise<void> {
    try {
      for (;;) {
        const chunk = await this.#channel.read();
        if (chunk === null) return;
        this.#scanner.push(chunk);
        const sent = this.#outbox.release(this.#cut());
        if (sent !== null) await sent;
      }
    } finally {
      this.#ended = true;
      this.#settleIdle();
    }
  }

  /** Nothing more is sent: what waited for that did not run. What was sent is still answered. */
  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#unsentEnded = giveUp(this.#pending.takeUnsent(), 'cancelled');
    if (!this.busy) this.#settleIdle();
  }

  /** Ends the records of everything that upstream still owes: nobody knows whether that has run. */
  async abandon(): Promise<void> {
    await Promise.allSettled([giveUp(this.#pending.takeAll(), 'lost'), this.#unconcluded.lose()]);
    await this.#unsentEnded;
  }

  #cut(): Release {
    const release = new Release();
    const scanner = this.#scanner;
    for (let piece = scanner.next(); piece !== 'none'; piece = scanner.next()) {
      if (piece === 'passed') this.#passed(release);
      else this.#frame(String.fromCharCode(scanner.type), release);
    }
    if (!this.busy) this.#settleIdle();
    return release;
  }

  /** Rows and COPY data: counted, and looked into only where detectors apply. */
  #passed(release: Release): void {
    const { bytes, start, ended } = this.#scanner;
    let { end } = this.#scanner;
    const head = this.#pending.head;
    if (head?.kind === 'question') {
      head.question.collect(bytes.subarray(start, end));
      return;
    }
    const run = this.#runOf(head);
    if (run === null) throw violation('rows came that nobody asked for');
    run.rows += ended;
    this.#holdFor(run, release);
    if (run.within !== null) end = run.within.cut(bytes, start, end);
    const { detected, described, world, shown } = run;
    if (detected !== null) {
      const passage = shown.isFull ? release : shown.alongside(release);
      run.bytes += this.#detectedRows.pass({ detected, described, world }, bytes, start, end, passage);
      return;
    }
    run.bytes += end - start;
    shown.take(bytes, start, end);
    release.forward(bytes, start, end);
  }

  #frame(type: string, release: Release): void {
    switch (type) {
      case 'N':
        this.#notice(release);
        return;
      case 'A':
        this.#forward(release);
        return;
      case 'S': {
        const { name, value } = decodeParameterStatus(this.#scanner.body());
        this.#events.setting(name, value);
        this.#forward(release);
        return;
      }
      case 'E':
        this.#error(decodeErrorFields(this.#scanner.body()), release);
        return;
      case 'Z':
        this.#ready(this.#scanner.body(), release);
        return;
      default:
        this.#reply(type, release);
        return;
    }
  }

  #reply(type: string, release: Release): void {
    const head = this.#pending.head;
    switch (head?.kind) {
      case undefined:
        throw violation(`a message "${type}" came that nobody asked for`);
      case 'query':
        this.#queryReply(head, type, release);
        return;
      case 'execute':
        this.#executeReply(head.run, type, release);
        return;
      case 'describe':
        this.#describeReply(head, type, release);
        return;
      case 'question':
        this.#questionReply(head, type);
        return;
      case 'parse':
      case 'bind':
      case 'close':
        if (type !== ACKNOWLEDGES[head.kind]) throw violation(`"${type}" does not answer ${head.kind}`);
        this.#pending.shift();
        if (head.to === 'client') this.#forward(release);
        return;
      case 'sync':
      case 'failure':
        throw violation(`"${type}" came where ReadyForQuery was expected`);
      default:
        assertNever(head);
    }
  }

  #queryReply(head: Extract<Pending, { kind: 'query' }>, type: string, release: Release): void {
    const run = head.runs[head.at];
    if (run === undefined) throw violation('more answers came than statements were sent');
    this.#holdFor(run, release);
    switch (type) {
      case 'T':
        takeDescription(this.#scanner, run);
        break;
      case 'G':
        this.#startCopyIn();
        break;
      case 'H':
      case 'c':
        break;
      case 'C':
        this.copyIn = false;
        this.#countRows(run);
        this.#unconcluded.carriedOut(run, release);
        head.at += 1;
        break;
      case 'I':
        release.barriers.push(run.close('done', null));
        head.at += 1;
        break;
      default:
        throw violation(`"${type}" does not answer Query`);
    }
    this.#forward(release);
  }

  #executeReply(run: Run | null, type: string, release: Release): void {
    if (run !== null) this.#holdFor(run, release);
    switch (type) {
      case 'G':
        this.#dropSyncsInCopy();
        this.#startCopyIn();
        break;
      case 'H':
      case 'c':
        break;
      case 'C':
      case 's':
      case 'I':
        if (run === null && type !== 'I') throw violation('a statement without text did something');
        this.copyIn = false;
        if (run !== null && type === 'C') this.#countRows(run);
        if (run !== null) this.#unconcluded.told(run, release);
        this.#pending.shift();
        break;
      default:
        throw violation(`"${type}" does not answer Execute`);
    }
    // Whoever sent it tells the client in place of this that it was too much.
    if (run?.exceeds !== true) this.#forward(release);
  }

  #describeReply(head: Extract<Pending, { kind: 'describe' }>, type: string, release: Release): void {
    if (type !== 't' && type !== 'T' && type !== 'n') throw violation(`"${type}" does not answer Describe`);
    if (type === 'T' && head.check !== null) takeDescription(this.#scanner, head.check);
    if (type === 'n' && head.check !== null) head.check.described.result.fields = [];
    if (type !== 't') this.#pending.shift();
    if (head.to === 'client' && !(head.rowsOnly && type === 'n')) this.#forward(release);
  }

  #questionReply(head: Extract<Pending, { kind: 'question' }>, type: string): void {
    if (type !== '3') return;
    head.question.closes -= 1;
    if (head.question.closes > 0 || head.question.synced) return;
    this.#pending.shift();
    head.question.end();
  }

  #countRows(run: Run): void {
    const { tag } = decodeCommandComplete(this.#scanner.body());
    if (run.rows === 0) run.rows = rowsOfTag(tag);
  }

  #notice(release: Release): void {
    // What a trigger says of a statement is part of its answer.
    const run = this.#runOf(this.#pending.head);
    if (run !== null) this.#holdFor(run, release);
    const hidden = this.#hidden();
    if (hidden.isNothing) {
      this.#forward(release);
      return;
    }
    const fields = decodeErrorFields(this.#scanner.body());
    // How many there are tells as well: VERBOSE has one for each partition that holds rows.
    if (hidden.masked && !namesNoValue(fields, run?.statement ?? null)) return;
    const said = hidden.shown(fields, run ?? this.#unconcluded.last);
    release.add(encodeNoticeResponse({ type: 'noticeResponse', fields: said }));
  }

  /** What errors and notices must not tell now. */
  #hidden(): Hidden {
    const { hidden } = this.#pending;
    if (this.#mayConclude(this.#pending.head)) hidden.addAll(this.#unconcluded.putOff);
    return hidden;
  }

  /** Whether an answer may tell of what earlier statements have put off. */
  #mayConclude(head: Pending | undefined): boolean {
    const run = this.#runOf(head);
    if (head?.kind === 'question') return head.question.synced;
    return run === null ? head === undefined || head.kind === 'sync' : mayConclude(run.statement);
  }

  #error(fields: ErrorFields, release: Release): void {
    this.#events.failed();
    this.copyIn = false;
    this.#copySent = false;
    const hidden = this.#hidden();
    const head = this.#pending.head;
    // Before the record of what failed ends, so that what is found in the error counts in it.
    const told = hidden.isNothing ? null : hidden.shown(fields, this.#runOf(head) ?? this.#unconcluded.last);
    const own = head?.kind === 'question' || head?.kind === 'failure';
    if (head !== undefined) this.#fail(head, told ?? fields, release);
    if (own) return;
    if (told !== null) release.add(encodeErrorResponse({ type: 'errorResponse', fields: told }));
    else this.#forward(release);
  }

  #fail(head: Pending, fields: ErrorFields, release: Release): void {
    if (head.kind === 'query') {
      const [failed, ...rest] = head.runs.slice(head.at);
      if (failed !== undefined) this.#closeFailed(failed, fields, release);
      for (const run of rest) release.barriers.push(run.close('cancelled', null));
      head.at = head.runs.length;
      return;
    }
    if (head.kind === 'failure' && head.untilReady) return;
    // What was refused has undone it, and that is recorded with a code of the gateway's.
    if (head.kind === 'failure') this.#unconcluded.undo({ status: 'cancelled', sqlState: null });
    this.#unconcluded.undo(endOf(fields));
    // No block is open: a Sync fails where it commits. The error waits for the record of that.
    if (head.kind === 'sync') this.#unconcluded.closeUndone(release);
    if (head.kind === 'question') {
      head.question.fail(new QuestionFailed(fields));
      if (head.question.synced) return;
    }
    if (head.kind === 'failure') head.settle();
    if (head.kind === 'parse' || head.kind === 'bind')
      release.barriers.push(head.failed(fields.code ?? null));
    if (head.kind === 'execute' && head.run !== null) this.#closeFailed(head.run, fields, release);
    this.#skipToSync(release);
  }

  #closeFailed(run: Run, fields: ErrorFields, release: Release): void {
    this.#holdFor(run, release);
    this.#unconcluded.supersede(release);
    const { status, sqlState } = endOf(fields);
    release.barriers.push(run.close(status, sqlState));
  }

  /** What was asked for after the failing message is not answered: the server skips it. */
  #skipToSync(release: Release): void {
    this.skipping = true;
    const skipped: Pending[] = [];
    while (this.#pending.length > 0) {
      const next = this.#pending.head;
      if (next === undefined || next.kind === 'sync') {
        this.skipping = false;
        break;
      }
      if (next.kind === 'execute' && next.run !== null)
        release.barriers.push(next.run.close('cancelled', null));
      skipped.push(next);
      this.#pending.shift();
    }
    // The last first: one name may have been closed and given again.
    for (const one of skipped.toReversed()) undo(one);
  }

  #ready(body: BodyReader, release: Release): void {
    this.status = decodeReadyForQuery(body).status;
    this.#unconcluded.conclude(this.status, release);
    const head = this.#pending.shift();
    switch (head?.kind) {
      case 'query':
        for (const run of head.runs.slice(head.at)) release.barriers.push(run.close('cancelled', null));
        this.#forward(release);
        return;
      case 'sync':
        this.#forward(release);
        return;
      case 'question':
        head.question.end();
        return;
      case 'failure':
        head.settle();
        return;
      default:
        throw violation('ReadyForQuery came before everything was answered');
    }
  }

  #runOf(head: Pending | undefined): Run | null {
    if (head?.kind === 'query') return head.runs[head.at] ?? null;
    return head?.kind === 'execute' ? head.run : null;
  }

  /** The first bytes of an answer wait until its record is on disk, and what it was decided on is sure. */
  #holdFor(run: Run, release: Release): void {
    if (run.released) return;
    run.released = true;
    release.barriers.push(run.durable());
    const holds = this.#events.holds(run);
    if (holds === null) return;
    // A release that is given up is awaited by nobody.
    holds.catch(() => undefined);
    release.barriers.push(holds);
  }

  /** The server ignores a Sync that comes while it waits for COPY data; so it will not answer it. */
  #dropSyncsInCopy(): void {
    const sent = this.#copySent;
    this.#pending.dropSyncsBehindHead(({ inCopy }) => !sent || inCopy);
  }

  /** Nothing waits for data that was sent already. */
  #startCopyIn(): void {
    this.copyIn = !this.#copySent;
    this.#copySent = false;
    if (!this.copyIn) return;
    for (const resolve of this.#copyStarted.splice(0)) resolve();
  }

  #forward(release: Release): void {
    release.forward(this.#scanner.bytes, this.#scanner.start, this.#scanner.end);
  }

  #settleIdle(): void {
    for (const resolve of this.#idle.splice(0)) resolve();
    // Who waits for COPY waits for this too.
    this.#copyStarted = [];
  }
}

/** Ends what will not be answered any more. */
function giveUp(all: readonly Pending[], status: 'lost' | 'cancelled'): Promise<unknown> {
  const runs = all.flatMap((pending) => {
    if (pending.kind === 'query') return pending.runs.slice(pending.at);
    if (pending.kind === 'question') pending.question.fail(new Error('the session ended'));
    if (pending.kind === 'failure') pending.settle();
    return pending.kind === 'execute' && pending.run !== null ? [pending.run] : [];
  });
  return Promise.allSettled(runs.map((run) => run.close(status, null)));
}

/** How the record of what failed with an error ends. */
function endOf({ code }: ErrorFields): End {
  return { status: code === '57014' ? 'cancelled' : 'failed', sqlState: code ?? null };
}

/** Whether a statement may have what others put off carried out: code that it calls may, too. */
function mayConclude({ concludes, effect, facts }: Run['statement']): boolean {
  return concludes || effect === 'catalogue' || facts.kind === 'maintenance';
}

const ACKNOWLEDGES = { parse: '1', bind: '2', close: '3' } as const;

/** An upstream that ended without being asked to. */
export function upstreamLost(): SluiceError {
  return new SluiceError(
    'target.unreachable',
    'The target closed the connection.',
    'Connect again; if it stays so, tell the administrator of this target.',
  );
}

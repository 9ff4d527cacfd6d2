import { setTimeout as elapsed } from 'node:timers/promises';
import type { ApprovalRequest } from '../../../../contract/approval-request.ts';
import { approversInWords } from '../../../../contract/ask.ts';
import type { ErrorCode } from '../../../../contract/error.ts';
import { SluiceError } from '../../../../contract/error.ts';
import type { SessionId } from '../../../../contract/ids.ts';
import { decodeFrontend } from '../../../wire/postgres/index.ts';
import { decodeBindNames } from '../../../wire/postgres/messages/frontend/bind.ts';
import { violation } from '../../../wire/postgres/violation.ts';
import type { DraftPlace } from '../approval/drafts.ts';
import type { FrameReader } from '../frame-reader.ts';
import { errorResponse } from '../front/error.ts';
import { Conversation, type ConversationParts } from './conversation.ts';
import { type Done, ExtendedQuery } from './extended-query.ts';
import type { Governor } from './governor.ts';
import { Relay, upstreamLost } from './relay.ts';
import { accessEnded } from './session-over.ts';
import { SimpleQuery } from './simple-query.ts';

export type PostgresSessionParts = ConversationParts & { reader: FrameReader };

type ClientEnd = 'terminated' | 'vanished';

/** One logged-in client and its upstream, from the first statement to the last. */
export class PostgresSession {
  readonly #conversation: Conversation;
  readonly #reader: FrameReader;
  readonly #relay: Relay;
  readonly #simple: SimpleQuery;
  readonly #extended: ExtendedQuery;
  readonly #idle: NodeJS.Timeout;
  readonly #killed: Promise<never>;
  #kill: (error: SluiceError) => void = () => undefined;
  /** A message of the client's is being handled. */
  #handling = false;
  /** The statement that waited when the gateway stopped. */
  #notRun: string | null = null;
  /** A CopyData frame was begun upstream and must be ended there. */
  #copyOpen = false;
  /** The same of what was sent so far. */
  #sentCopyOpen = false;

  constructor(parts: PostgresSessionParts) {
    const { settings } = parts.governor.context;
    const conversation = new Conversation(parts);
    this.#conversation = conversation;
    this.#reader = parts.reader;
    this.#relay = new Relay(parts.upstream.login.channel, parts.outbox, settings.maxFrameBytes, {
      holds: (run) => conversation.holds(run),
      setting: (name, value) => this.#onSetting(name, value),
      failed: () => conversation.noteUndone(),
    });
    conversation.relay = this.#relay;
    parts.upstream.onSent = () => {
      this.#relay.sent();
      this.#sentCopyOpen = this.#copyOpen;
    };
    this.#simple = new SimpleQuery(conversation, () => this.#pumpCopyData());
    this.#extended = new ExtendedQuery(conversation);
    this.#killed = new Promise((_, reject) => {
      this.#kill = reject;
    });
    this.#killed.catch(() => undefined);
    this.#idle = setTimeout(() => this.#onIdle(), settings.idleMs);
    this.#idle.unref();
  }

  get id(): SessionId {
    return this.#conversation.session.id;
  }

  get governor(): Governor {
    return this.#conversation.governor;
  }

  /** Where another statement of this session would run; null when its principal's access has ended. */
  async place(): Promise<DraftPlace | null> {
    const { session, governor, state } = this.#conversation;
    const principal = session.principal.current();
    if (principal === null) return null;
    const catalogue = await governor.context.catalogue.check();
    return { principal, surface: session.surface, world: { state: state.known, catalogue } };
  }

  /**
   * Cancels what runs, waits for approval, or is about to run; nothing happens when nothing does. Resolves when
   * the server was told.
   */
  async cancel(): Promise<void> {
    const { waiting, upstream } = this.#conversation;
    if (waiting.request !== null) return waiting.cancel().catch(() => undefined);
    const runs = this.#relay.runs && !upstream.unsent;
    waiting.cancelledEarly = this.#handling && !runs;
    if (runs || this.#relay.asks) await upstream.cancel();
  }

  /** The gateway stops: what waits for approval goes on waiting, for whoever runs it again. */
  stop(): void {
    const { waiting } = this.#conversation;
    const { request } = waiting;
    waiting.leave();
    if (request?.wanted.kind === 'statement') this.#notRun = request.wanted.statement;
    this.#kill(request === null ? shuttingDown() : shuttingDownWhileItWaits(request));
  }

  /** Ends the session with words. */
  kill(error: SluiceError): void {
    this.#kill(error);
  }

  /** Serves the client until one side ends. Never rejects: what goes wrong is told to the client. Returns why. */
  async run(): Promise<SluiceError | null> {
    const { session } = this.#conversation;
    const stopListening = session.principal.onRevoked(() => this.#kill(accessEnded()));
    let why: SluiceError | null = null;
    try {
      await this.#serve();
    } catch (error) {
      why = await this.#conversation.reasonOf(asSluiceError(error));
      await this.#tell(why);
    } finally {
      stopListening();
      clearTimeout(this.#idle);
      await this.#conversation.waiting.close().catch(() => undefined);
      await this.#extended.recordUnrun().catch(() => undefined);
      if (this.#notRun !== null)
        await this.#conversation.refuse(this.#notRun, STOPPED).catch(() => undefined);
      await this.#close();
    }
    return why;
  }

  /** Resolves when the client has left, and what it sent before its Terminate is answered. */
  async #serve(): Promise<void> {
    const gone = this.#clientGone();
    const upstream = this.#serveUpstream();
    try {
      const { failure } = this.#conversation.conclusion;
      const end = await Promise.race([this.#serveClient(), upstream, this.#killed, gone, failure]);
      if (end === 'vanished') {
        await Promise.race([this.#concludeCancelled(), upstream, this.#killed, failure]);
        return;
      }
      const goneFor = gone.then(() => elapsed(TERMINATED_MS, undefined, { ref: false }));
      await Promise.race([this.#finish(), upstream, this.#killed, goneFor, failure]);
    } finally {
      this.#end();
    }
  }

  /** Cancels what runs; what was done before that, and is only to be concluded, is concluded as the server would. */
  async #concludeCancelled(): Promise<void> {
    const { conclusion, upstream } = this.#conversation;
    const { underWay } = conclusion;
    if (underWay === null) return;
    if (this.#relay.runs) void upstream.cancel();
    await Promise.race([underWay, elapsed(CANCELS * CANCEL_MS, undefined, { ref: false })]);
  }

  /** What came before Terminate is still done, as the server would: for long only while the client waits for it. */
  async #finish(): Promise<void> {
    await this.#conversation.conclusion.underWay;
    await this.#extended.recordUnrun();
    await this.#conversation.settle();
    await this.#conversation.outbox.settled();
  }

  /** From here on nothing is decided or sent for the client. */
  #end(): void {
    this.#conversation.ended = true;
    this.#conversation.upstream.close();
    this.#relay.close();
  }

  /** Resolves when the client's connection is lost while one of its messages is being handled or answered. */
  #clientGone(): Promise<ClientEnd> {
    const { channel } = this.#reader;
    return new Promise((resolve) =>
      channel.onClose(() => {
        if (this.#handling || this.#relay.busy) resolve('vanished');
      }),
    );
  }

  async #close(): Promise<void> {
    this.#reader.channel.end();
    await this.#cancelSent();
    await this.#relay.abandon();
    this.#conversation.upstream.terminate();
  }

  /** Cancels what was sent, and waits a while for what the server says of it: records tell nothing else. */
  async #cancelSent(): Promise<void> {
    const { upstream, outbox } = this.#conversation;
    const aWhile = () => elapsed(CANCEL_MS, undefined, { ref: false });
    // In the middle of a message the server neither hears anything nor lets itself be cancelled.
    const answers = () => this.#relay.busy && !this.#relay.ended && !this.#sentCopyOpen;
    if (answers()) upstream.askForEnds(this.#relay.takesData);
    for (let times = 0; times < CANCELS && answers(); times += 1) {
      void upstream.cancel();
      await Promise.race([this.#relay.whenIdle(), aWhile()]);
    }
    // What was told is on disk with the release of it.
    await Promise.race([outbox.settled(), aWhile()]);
  }

  /** Says why, in the protocol's terms; a client that doesn't read is not waited for. */
  #tell(error: SluiceError): Promise<unknown> {
    const told = this.#conversation.outbox
      .send(errorResponse('FATAL', sqlStateOf(error), error.message, { hint: error.next }))
      .catch(() => undefined);
    return Promise.race([told, new Promise((resolve) => setTimeout(resolve, 500).unref())]);
  }

  async #serveUpstream(): Promise<ClientEnd> {
    await this.#relay.run();
    throw upstreamLost();
  }

  async #serveClient(): Promise<ClientEnd> {
    const { scanner } = this.#reader;
    const { upstream, waiting } = this.#conversation;
    while (!this.#conversation.ended) {
      let piece: ReturnType<typeof scanner.next> | null = scanner.next();
      if (piece === 'none') {
        waiting.cancelledEarly = false;
        const room = upstream.flush();
        if (room !== null) await room;
        this.#idle.refresh();
        piece = await this.#reader.next();
      }
      if (piece === null) return 'vanished';
      // Nobody else is asked for what was done already: the server would carry it out as well.
      if (this.#conversation.conclusion.underWay !== null && scanner.type !== TERMINATE)
        await this.#conversation.conclusion.underWay;
      if (this.#conversation.ended) break;
      this.#handling = true;
      if (piece === 'passed') this.#copyData();
      else {
        const handled = this.#message();
        if (handled === 'terminated') return handled;
        if (handled instanceof Promise) await handled;
        if (waiting.cancelledEarly) await this.#conversation.send();
        if (this.#isFull) await this.#makeRoom();
      }
      this.#handling = false;
    }
    return 'vanished';
  }

  /** A pause between a Bind and its Execute would have a record say that it was not executed. */
  get #isFull(): boolean {
    return this.#relay.owes >= (this.#extended.isBound ? 2 * MAX_OWED : MAX_OWED);
  }

  /** Nothing more is read before all is answered, for which nobody but the gateway may have asked yet. */
  async #makeRoom(): Promise<void> {
    await this.#extended.flush();
    await this.#relay.whenCopyInOrIdle();
  }

  /** Handles the present frame; a promise where something has to be waited for. */
  #message(): 'terminated' | Done {
    const { scanner } = this.#reader;
    const frame = scanner.bytes.subarray(scanner.start, scanner.end);
    if (scanner.type === BIND) {
      return this.#extended.bind(decodeBindNames(scanner.body()), frame);
    }
    const message = decodeFrontend(scanner.type, scanner.body());
    if (this.#relay.copyIn && !IN_COPY.has(message.type)) {
      throw violation(`a message ${message.type} came while COPY data was expected`);
    }
    switch (message.type) {
      case 'query':
        if (this.#relay.skipping) return;
        return this.#query(message.query, frame);
      case 'parse':
        return this.#extended.parse(message, frame);
      case 'describe':
        return this.#extended.describe(message, frame);
      case 'execute':
        return this.#extended.execute(message, frame);
      case 'close':
        return this.#extended.close(message, frame);
      case 'flush':
        return this.#extended.flush();
      case 'sync':
        return this.#extended.sync();
      case 'copyDone':
      case 'copyFail':
        if (this.#relay.takesData) this.#conversation.upstream.copy(frame);
        this.#relay.endCopyIn();
        return;
      case 'functionCall':
        if (this.#relay.skipping) return;
        return this.#simple.refuse(FUNCTION_CALL_REFUSED);
      case 'terminate':
        return 'terminated';
      default:
        throw violation(`a message ${message.type} came after login`);
    }
  }

  async #query(text: string, frame: Buffer): Promise<void> {
    this.#extended.dropUnnamed();
    await this.#extended.recordUnrun();
    await this.#simple.run(text, frame);
  }

  /** COPY data goes on as it comes; without a COPY that waits for it, it is dropped, as the server does. */
  #copyData(): void {
    const { scanner } = this.#reader;
    const wanted = this.#copyOpen || this.#relay.takesData;
    if (wanted) this.#conversation.upstream.copy(scanner.bytes.subarray(scanner.start, scanner.end));
    this.#copyOpen = wanted && scanner.midStream;
  }

  /** In a text of several statements: reads the client until its COPY data ended. */
  async #pumpCopyData(): Promise<void> {
    await this.#relay.whenCopyInOrIdle();
    const { scanner } = this.#reader;
    while (this.#relay.copyIn) {
      let piece: ReturnType<typeof scanner.next> | null = scanner.next();
      if (piece === 'none') {
        await this.#conversation.upstream.flush();
        piece = await this.#reader.next();
      }
      if (piece === 'passed') this.#copyData();
      else if (piece === null || (await this.#message()) === 'terminated') {
        this.#kill(violation('the client left in the middle of its COPY data'));
        return;
      }
    }
    await this.#conversation.upstream.flush();
  }

  #onSetting(name: string, value: string): void {
    if (name === 'search_path' || name === 'session_authorization') this.#conversation.state.dirty = true;
    if (PINNED.get(name) === undefined || PINNED.get(name) === value) return;
    this.#kill(
      new SluiceError(
        'statement.blocked',
        `The session was ended: ${name} became "${value}", and statements can't be read reliably under it.`,
        `Connect again and leave ${name} as it is.`,
      ),
    );
  }

  #onIdle(): void {
    if (this.#relay.busy || this.#handling) {
      this.#idle.refresh();
      return;
    }
    this.#kill(
      new SluiceError(
        'statement.cancelled',
        'The session was closed because no statement came for too long.',
        'Connect again.',
      ),
    );
  }
}

function shuttingDown(): SluiceError {
  return new SluiceError('target.unreachable', 'The gateway is shutting down.', 'Connect again in a moment.');
}

function shuttingDownWhileItWaits({ id, asks }: ApprovalRequest): SluiceError {
  return new SluiceError(
    'target.unreachable',
    'The gateway is shutting down, and the statement that waited for approval was not run.',
    `Request ${id} stays, and ${approversInWords(asks)} can decide on it. Connect again in a moment and run the same statement again: it goes on with that request.`,
  );
}

/** What was sent before a Terminate may go on for so long after its client is gone. */
const TERMINATED_MS = 1000;

/** What comes between two statements cancels neither. */
const CANCELS = 4;
const CANCEL_MS = 250;

const STOPPED = 'Not run: the gateway stopped while it waited for approval.';

/** A client that asks for more before it is answered waits, as it would for a server that reads no further. */
const MAX_OWED = 4096;

const BIND = 0x42;
const TERMINATE = 0x58;
const IN_COPY: ReadonlySet<string> = new Set(['copyDone', 'copyFail', 'flush', 'sync', 'terminate']);

/** Settings under which statements are read; nothing may change them. */
const PINNED: ReadonlyMap<string, string> = new Map([
  ['client_encoding', 'UTF8'],
  ['standard_conforming_strings', 'on'],
]);

const FUNCTION_CALL_REFUSED = errorResponse(
  'ERROR',
  '0A000',
  'the function-call message does not pass through this gateway: it names no statement that could be checked',
  { hint: 'Call the function in a SELECT.' },
);

const SQL_STATES: Partial<Record<ErrorCode, string>> = {
  'identity.forbidden': '28000',
  'target.unreachable': '08006',
  'catalogue.unavailable': '57P03',
  'statement.blocked': '42501',
  'statement.cancelled': '57P05',
  'wire.protocolViolation': '08P01',
  'wire.frameTooLarge': '54000',
  'wire.unsupported': '0A000',
  'record.unavailable': '58000',
};

/** Whether whoever runs the gateway should hear of it: everything but what clients and policy bring about. */
export function isFault({ code }: SluiceError): boolean {
  return !code.startsWith('wire.') && !code.startsWith('statement.') && !code.startsWith('identity.');
}

/** SQLSTATE of the FATAL error that a code becomes (manual, Appendix A). */
export function sqlStateOf(error: SluiceError): string {
  return SQL_STATES[error.code] ?? 'XX000';
}

export function asSluiceError(error: unknown): SluiceError {
  if (error instanceof SluiceError) return error;
  return new SluiceError(
    'internal.fault',
    'The gateway failed while it served this session, so the session was closed.',
    'Connect again; if it happens again, tell the administrator of this gateway.',
    { cause: error },
  );
}

import { type ErrorBody, SluiceError } from '../../gateway/contract/error.ts';
import { type Envelope, Envelope as EnvelopeSchema } from './envelope.ts';
import type { BodyOf, EventName, EventOf, Handlers, Protocol, ReplyOf, RequestName } from './protocol.ts';

/** How messages travel: `webview.postMessage` at one end, `acquireVsCodeApi().postMessage` at the other. */
export type Transport = {
  readonly post: (message: unknown) => void;
  /** Calls `listener` for every message that arrives; returns what stops it. */
  readonly listen: (listener: (message: unknown) => void) => () => void;
};

export type Channel<Mine extends Protocol> = {
  /** Asks the other end. Rejects with its error, with a time-out, or with `ChannelClosed`. */
  readonly ask: <Name extends RequestName<Mine>>(
    type: Name,
    body: BodyOf<Mine, Name>,
  ) => Promise<ReplyOf<Mine, Name>>;
  readonly tell: <Name extends EventName<Mine>>(event: Name, body: EventOf<Mine, Name>) => void;
  /** Stops listening and rejects whatever still waits. */
  readonly dispose: () => void;
};

export type ChannelOptions<Mine extends Protocol, Theirs extends Protocol> = {
  readonly transport: Transport;
  /** What this end may say. */
  readonly mine: Mine;
  /** What the other end may say, and what answers it. */
  readonly theirs: Theirs;
  readonly handlers: Handlers<Theirs>;
  readonly timeoutMs?: number;
  /** A message that fits no schema is dropped and told here. */
  readonly onMalformed?: (error: unknown) => void;
  /** Runs `action` after `ms`; returns what prevents it. */
  readonly schedule?: (action: () => void, ms: number) => () => void;
};

/** The view or the host went away before it answered. */
export class ChannelClosed extends Error {
  override readonly name = 'ChannelClosed';
}

type Pending = { accept: (ok: unknown) => void; reject: (error: unknown) => void; stopClock: () => void };

const DEFAULT_TIMEOUT_MS = 30_000;

/** Opens one end of a channel. Both ends parse what they receive; a handler's throw travels as an error. */
export function openChannel<Mine extends Protocol, Theirs extends Protocol>(
  options: ChannelOptions<Mine, Theirs>,
): Channel<Mine> {
  const { transport, mine, theirs, handlers } = options;
  const timeoutMs = options.timeoutMs ?? DEFAULT_TIMEOUT_MS;
  const schedule = options.schedule ?? scheduleWithTimer;
  const pending = new Map<number, Pending>();
  let lastId = 0;
  let closed = false;

  const post = (envelope: Envelope) => {
    if (!closed) transport.post(envelope);
  };

  const settle = (id: number): Pending | undefined => {
    const waiting = pending.get(id);
    pending.delete(id);
    waiting?.stopClock();
    return waiting;
  };

  const answer = async (id: number, type: string, body: unknown) => {
    try {
      const spec = own(theirs.requests, type);
      const handler: ((body: never) => unknown) | undefined = own(handlers.requests, type);
      if (!spec || !handler) throw new SluiceError('request.invalid', `Nothing answers "${type}".`);
      post({ replyTo: id, ok: spec.reply.parse(await handler(spec.body.parse(body) as never)) });
    } catch (error) {
      post({ replyTo: id, error: toErrorBody(error) });
    }
  };

  const hear = (event: string, body: unknown) => {
    const spec = own(theirs.events, event);
    const handler: ((body: never) => void) | undefined = own(handlers.events, event);
    if (!spec || !handler) throw new SluiceError('request.invalid', `Nothing hears "${event}".`);
    handler(spec.parse(body) as never);
  };

  const receive = (message: unknown) => {
    try {
      const envelope = EnvelopeSchema.parse(message);
      if ('event' in envelope) hear(envelope.event, envelope.body);
      else if ('id' in envelope) void answer(envelope.id, envelope.type, envelope.body);
      else if ('error' in envelope) settle(envelope.replyTo)?.reject(fromErrorBody(envelope.error));
      else settle(envelope.replyTo)?.accept(envelope.ok);
    } catch (error) {
      options.onMalformed?.(error);
    }
  };

  const stopListening = transport.listen(receive);

  return {
    ask: (type, body) =>
      new Promise((resolve, reject) => {
        const spec = own(mine.requests, type);
        if (!spec) return reject(new SluiceError('request.invalid', `"${type}" is not in the contract.`));
        if (closed) return reject(new ChannelClosed(`"${type}" was asked of a closed channel.`));
        const id = ++lastId;
        const stopClock = schedule(() => settle(id)?.reject(timedOut(type, timeoutMs)), timeoutMs);
        const accept = (ok: unknown) => {
          const reply = spec.reply.safeParse(ok);
          if (reply.success) resolve(reply.data as ReplyOf<Mine, typeof type>);
          else reject(reply.error);
        };
        pending.set(id, { accept, reject, stopClock });
        post({ id, type, body });
      }),
    tell: (event, body) => post({ event, body }),
    dispose: () => {
      closed = true;
      stopListening();
      for (const id of [...pending.keys()]) settle(id)?.reject(new ChannelClosed('The channel was closed.'));
    },
  };
}

function own<Value>(table: Readonly<Record<string, Value>>, name: string): Value | undefined {
  return Object.hasOwn(table, name) ? table[name] : undefined;
}

function scheduleWithTimer(action: () => void, ms: number): () => void {
  const timer = setTimeout(action, ms);
  return () => clearTimeout(timer);
}

function timedOut(type: string, timeoutMs: number): SluiceError {
  return new SluiceError(
    'internal.fault',
    `No answer to "${type}" within ${timeoutMs / 1000} s.`,
    'Try again; if it stays silent, run "Developer: Reload Window".',
  );
}

function toErrorBody(error: unknown): ErrorBody {
  if (error instanceof SluiceError) return error.toBody();
  const message = error instanceof Error ? error.message : String(error);
  return { code: 'internal.fault', message, next: '' };
}

function fromErrorBody(body: ErrorBody): SluiceError {
  return new SluiceError(body.code, body.message, body.next);
}

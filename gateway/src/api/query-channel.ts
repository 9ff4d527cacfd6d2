import type { WebSocket } from 'ws';
import { assertNever } from '../../contract/assert-never.ts';
import type { ErrorBody } from '../../contract/error.ts';
import { type QueryEvent, QueryRequest } from '../../contract/query-channel.ts';
import type { PrincipalHandle } from '../core/access/principals.ts';
import type { GovernedTarget, QuerySession } from '../core/flow/governed-target.ts';
import { CLOSE, closeWith, keepAlive, SIGNED_OUT } from './channel-socket.ts';
import { QueryRun } from './query-run.ts';
import { errorBody } from './respond.ts';

/** Serves one WebSocket as one session on `target`, until either side ends it. */
export async function serveQueryChannel(
  socket: WebSocket,
  target: GovernedTarget,
  principal: PrincipalHandle,
  fault: (error: unknown) => void,
): Promise<void> {
  const early: Array<() => void> = [];
  // Requests may arrive while the session opens; they wait for it.
  let receive = (text: string | null) => {
    early.push(() => receive(text));
  };
  socket.on('message', (data, isBinary) => receive(isBinary ? null : data.toString()));
  socket.on('error', () => undefined);
  let session: QuerySession;
  try {
    session = await target.openQuerySession(principal);
  } catch (error) {
    fault(error);
    return closeWith(socket, CLOSE.lost, sentence(errorBody(error)));
  }
  const channel = new QueryChannel(socket, session, fault);
  if (socket.readyState !== socket.OPEN) return channel.end();
  const unwatch = principal.onRevoked(() => {
    closeWith(socket, CLOSE.signedOut, SIGNED_OUT);
    channel.end();
  });
  session.onClosed((why) => closeWith(socket, CLOSE.lost, sentence(why)));
  const stopPings = keepAlive(socket);
  socket.on('close', () => {
    unwatch();
    stopPings();
    channel.end();
  });
  channel.send({
    type: 'open',
    session: session.id,
    target: target.target.name,
    serverVersion: session.serverVersion,
  });
  receive = (text) => channel.receive(text);
  for (const request of early) request();
}

class QueryChannel {
  readonly #socket: WebSocket;
  readonly #session: QuerySession;
  readonly #fault: (error: unknown) => void;
  #run: QueryRun | null = null;
  #ended = false;

  constructor(socket: WebSocket, session: QuerySession, fault: (error: unknown) => void) {
    this.#socket = socket;
    this.#session = session;
    this.#fault = fault;
  }

  receive(text: string | null): void {
    const request = text === null ? null : parseRequest(text);
    if (request === null) {
      closeWith(this.#socket, CLOSE.unusable, 'The gateway did not understand a request of this client.');
      return;
    }
    switch (request.type) {
      case 'run':
        this.#start(request);
        return;
      case 'more':
        if (this.#run?.query === request.query) this.#run.more(request.batches);
        return;
      case 'cancel':
        if (this.#run?.query === request.query) this.#run.cancel();
        return;
      default:
        assertNever(request);
    }
  }

  send(event: QueryEvent): void {
    if (this.#socket.readyState === this.#socket.OPEN) this.#socket.send(JSON.stringify(event));
  }

  /** Nobody is there any more: stops what runs and gives the session back. */
  end(): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#run?.cancel();
    this.#session.close();
  }

  #start({ query, text, credit }: Extract<QueryRequest, { type: 'run' }>): void {
    if (this.#run !== null) {
      closeWith(this.#socket, CLOSE.unusable, 'A session runs one text at a time, and one still runs.');
      return;
    }
    const run = new QueryRun(query, credit, this.#session, {
      send: (event) => this.send(event),
      sendRows: (frame) => this.#sendRows(frame),
    });
    this.#run = run;
    void run.run(text, this.#fault).finally(() => {
      this.#run = null;
    });
  }

  /** Resolves also when the socket is gone: the run is being cancelled then. */
  #sendRows(frame: Uint8Array): Promise<void> {
    return new Promise((resolve) => this.#socket.send(frame, { binary: true }, () => resolve()));
  }
}

function parseRequest(text: string): QueryRequest | null {
  try {
    return QueryRequest.safeParse(JSON.parse(text)).data ?? null;
  } catch {
    return null;
  }
}

function sentence({ message, next }: ErrorBody): string {
  return next === '' ? message : `${message} ${next}`;
}

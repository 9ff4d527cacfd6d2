import {
  createServer as createHttpServer,
  type IncomingMessage,
  type Server,
  type ServerResponse,
} from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import type { ErrorBody } from '../../contract/error.ts';
import { guard } from './guard.ts';
import { httpApi } from './http.ts';
import { approvalPage, isOfPage } from './page/page.ts';
import { sendError } from './respond.ts';
import type { ApiServices } from './services.ts';
import { upgrades } from './upgrade.ts';

const HEADERS_TIMEOUT_MS = 15_000;
const REQUEST_TIMEOUT_MS = 60_000;
const MAX_HEADER_BYTES = 16 * 1024;

/** Whatever else the server answers, by the start of the path: the sign-in pages. */
export type Mount = {
  path: string;
  serve(request: IncomingMessage, response: ServerResponse): Promise<void>;
};

/** What the HTTP listener serves, attached once its services stand. */
export type HttpSurface = { close(): void };

/** What the listener serves over TLS, now and once it was renewed. */
export type ServedCertificate = {
  current(): { key: string; certificate: string };
  onRenewed(listener: (renewed: { key: string; certificate: string }) => void): void;
};

/** An HTTP server, over TLS when a certificate is given. Until `serveApi` attaches to it, it says that it is starting. */
export function newHttpServer(served: ServedCertificate | null): Server {
  const server = bareServer(served);
  server.on('request', sayStarting);
  return server;
}

function sayStarting(_request: IncomingMessage, response: ServerResponse): void {
  const body: ErrorBody = {
    code: 'internal.fault',
    message: 'The gateway is starting.',
    next: 'Try again in a moment.',
  };
  const headers = { 'content-type': 'application/json', 'retry-after': '1', connection: 'close' };
  response.writeHead(503, headers).end(JSON.stringify(body));
}

function bareServer(served: ServedCertificate | null): Server {
  const limits = {
    headersTimeout: HEADERS_TIMEOUT_MS,
    requestTimeout: REQUEST_TIMEOUT_MS,
    maxHeaderSize: MAX_HEADER_BYTES,
  };
  if (served === null) return createHttpServer(limits);
  const tls = ({ key, certificate }: { key: string; certificate: string }) => ({ key, cert: certificate });
  const server = createHttpsServer({ ...limits, ...tls(served.current()), minVersion: 'TLSv1.2' });
  served.onRenewed((renewed) => server.setSecureContext(tls(renewed)));
  return server;
}

/** Serves the endpoint table, the channels, the approval page and `mount` on `server`. `hostNames` are its own names. */
export function serveApi(
  server: Server,
  services: ApiServices,
  mount: Mount,
  hostNames: ReadonlySet<string>,
): HttpSurface {
  const api = httpApi(services);
  const page = approvalPage(services);
  const channels = upgrades(services);
  server.off('request', sayStarting);
  server.on('request', (request: IncomingMessage, response: ServerResponse) => {
    void answer(request, response);
  });
  server.on('upgrade', (request, socket, head) => {
    void guarded(request, () => channels.accept(request, socket, head)).catch(() => socket.destroy());
  });

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    try {
      await guarded(request, () => serving(request.url ?? '/')(request, response));
    } catch (error) {
      services.fault(error);
      if (response.headersSent) response.destroy();
      else sendError(response, error);
    }
  }

  function serving(path: string): (request: IncomingMessage, response: ServerResponse) => Promise<void> {
    if (path.startsWith(`${mount.path}/`)) return mount.serve;
    return isOfPage(path) ? page : api;
  }

  async function guarded<Result>(request: IncomingMessage, work: () => Promise<Result>): Promise<Result> {
    guard(request, hostNames);
    return work();
  }

  return { close: () => channels.close() };
}

const CLOSE_GRACE_MS = 2000;

/** Stops listening, lets requests under way end for a moment, then ends what is left. */
export function closeHttp(server: Server): Promise<void> {
  return new Promise((resolve) => {
    const impatient = setTimeout(() => server.closeAllConnections(), CLOSE_GRACE_MS);
    server.close(() => {
      clearTimeout(impatient);
      resolve();
    });
    server.closeIdleConnections();
  });
}

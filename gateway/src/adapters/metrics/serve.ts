import { createHash, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Secret } from '../../core/access/secret.ts';
import { EXPOSITION_MEDIA_TYPE, exposition } from './exposition.ts';
import type { Registry } from './registry.ts';

/** Answers `GET /metrics`; with a token only to whoever shows it (RFC 6750). */
export function metricsHandler(
  registry: Registry,
  token: Secret | null,
  fault: (error: unknown) => void,
): (request: IncomingMessage, response: ServerResponse) => void {
  return (request, response) => {
    if (request.url !== '/metrics') return void response.writeHead(404).end();
    if (request.method !== 'GET') return void response.writeHead(405, { allow: 'GET' }).end();
    if (token !== null && !shows(request, token)) {
      return void response.writeHead(401, { 'www-authenticate': 'Bearer' }).end();
    }
    registry.read().then(
      (readings) =>
        response.writeHead(200, { 'content-type': EXPOSITION_MEDIA_TYPE }).end(exposition(readings)),
      (error: unknown) => {
        fault(error);
        response.writeHead(503).end();
      },
    );
  };
}

function shows({ headers }: IncomingMessage, token: Secret): boolean {
  const shown = /^Bearer (.+)$/i.exec(headers.authorization ?? '')?.[1] ?? '';
  return timingSafeEqual(digest(shown), digest(token.reveal()));
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}

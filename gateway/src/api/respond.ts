import type { ServerResponse } from 'node:http';
import { pipeline } from 'node:stream/promises';
import { type ErrorBody, type ErrorCode, SluiceError } from '../../contract/error.ts';

/** HTTP status of each error code (RFC 9110 section 15). */
export const STATUS: Record<ErrorCode, number> = {
  'config.invalid': 500,
  'config.unreadable': 500,
  'policy.invalid': 503,
  'listen.refused': 500,
  'identity.signInRequired': 401,
  'identity.tokenInvalid': 401,
  'identity.forbidden': 403,
  'identity.providerUnreachable': 502,
  'target.unknown': 404,
  'target.unreachable': 502,
  'target.credentialRefused': 502,
  'target.certificateRefused': 502,
  'catalogue.unavailable': 503,
  'statement.unparsed': 422,
  'statement.blocked': 403,
  'statement.cancelled': 409,
  'wire.protocolViolation': 502,
  'wire.frameTooLarge': 413,
  'wire.unsupported': 501,
  'record.unavailable': 503,
  'store.corrupt': 500,
  'request.invalid': 400,
  'request.notFound': 404,
  'approval.unknown': 404,
  'approval.refused': 409,
  'session.unknown': 404,
  'contract.mismatch': 400,
  'internal.fault': 500,
};

const FAULT = new SluiceError(
  'internal.fault',
  'Something broke inside the gateway, so nothing was done.',
  'Try again; if it stays so, whoever runs the gateway finds the details in its log.',
);

/** What a client is told of an error: coded ones as they are, anything else in general words. */
export function errorBody(error: unknown): ErrorBody {
  return (error instanceof SluiceError ? error : FAULT).toBody();
}

export function sendJson(response: ServerResponse, status: number, body: unknown): void {
  const text = JSON.stringify(body);
  response.writeHead(status, {
    'content-type': 'application/json; charset=utf-8',
    'content-length': Buffer.byteLength(text),
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
  });
  response.end(text);
}

/** Sends bytes as they come, as fast as they are taken. */
export async function sendBytes(
  response: ServerResponse,
  media: string,
  bytes: AsyncIterable<Uint8Array>,
): Promise<void> {
  response.writeHead(200, {
    'content-type': media,
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
  });
  await pipeline(bytes, response);
}

export function sendError(response: ServerResponse, error: unknown, status?: number): void {
  const body = errorBody(error);
  const code = status ?? STATUS[body.code];
  if (code === 401) response.setHeader('www-authenticate', 'Bearer realm="sluice"');
  sendJson(response, code, body);
}

import type { IncomingMessage, ServerResponse } from 'node:http';
import { z } from 'zod';
import type { Endpoint } from '../../contract/endpoint.ts';
import { SluiceError } from '../../contract/error.ts';
import { requestEndpoints } from '../../contract/request-endpoints.ts';
import type { Reach } from '../core/access/authentication.ts';
import { callerOf } from './bearer.ts';
import { type Call, handlers } from './handlers.ts';
import { readJson } from './request-body.ts';
import { sendBytes, sendError, sendJson } from './respond.ts';
import { type EndpointName, route } from './router.ts';
import type { ApiServices } from './services.ts';

export type HttpApi = (request: IncomingMessage, response: ServerResponse) => Promise<void>;

/** Serves the endpoint table. Everything that comes in and goes out is parsed by the table's schemas. */
export function httpApi(services: ApiServices): HttpApi {
  // Each handler takes what its own endpoint's schemas give; after parsing they are all called alike.
  const table = handlers(services) as Record<
    EndpointName,
    (call: Call<unknown, unknown>) => Promise<unknown>
  >;
  return async (request, response) => {
    try {
      await serve(table, services, request, response);
    } catch (error) {
      if (!(error instanceof SluiceError)) services.fault(error);
      if (response.headersSent) response.destroy();
      else sendError(response, error);
    }
  };
}

async function serve(
  table: Record<EndpointName, (call: Call<unknown, unknown>) => Promise<unknown>>,
  services: ApiServices,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const url = new URL(request.url ?? '/', 'http://gateway');
  const match = route(request.method ?? 'GET', url.pathname);
  if (match.kind === 'unknown') throw notFound(url.pathname);
  if (match.kind === 'otherMethod') {
    response.setHeader('allow', match.allowed.join(', '));
    const why = `${url.pathname} takes ${match.allowed.join(', ')}.`;
    return sendError(response, new SluiceError('request.invalid', why, ''), 405);
  }
  const { name, endpoint, pathParams } = match;
  const caller =
    endpoint.auth === 'bearer' ? await callerOf(request, services.authentication, reachOf(name)) : null;
  const params = parsed(
    endpoint.params,
    { ...Object.fromEntries(url.searchParams), ...pathParams },
    'parameters',
  );
  const body = parsed(endpoint.body, await bodyOf(endpoint, request, services.maxRequestBytes), 'body');
  const unwanted = new AbortController();
  response.once('close', () => unwanted.abort());
  const { signal } = unwanted;
  const reply = endpoint.reply.parse(await table[name]({ params, body, caller, signal }));
  if (endpoint.media === undefined) sendJson(response, 200, reply);
  else await sendBytes(response, endpoint.media, z.custom<AsyncIterable<Uint8Array>>().parse(reply));
}

/** What a token must be good for to call an endpoint. */
function reachOf(name: EndpointName): Reach {
  return name === 'me' || name in requestEndpoints ? 'requests' : 'everything';
}

async function bodyOf(endpoint: Endpoint, request: IncomingMessage, maxBytes: number): Promise<unknown> {
  return endpoint.method === 'POST' ? readJson(request, maxBytes) : {};
}

function parsed(schema: z.ZodType, value: unknown, what: string): unknown {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const message = `The ${what} of the request can't be used: ${z.prettifyError(result.error)}`;
  throw new SluiceError('request.invalid', message, 'docs/openapi.json describes every request.');
}

function notFound(path: string): SluiceError {
  return new SluiceError(
    'request.notFound',
    `There is nothing at ${path}.`,
    'docs/openapi.json lists every path.',
  );
}

import type { z } from 'zod';
import type { Endpoint } from '../../contract/endpoint.ts';
import { endpoints } from '../../contract/endpoints.ts';
import { ErrorBody, SluiceError } from '../../contract/error.ts';
import { CONTRACT_VERSION, type Hello } from '../../contract/hello.ts';

const TIMEOUT_MS = 20_000;

/** Says hello, and makes sure that both speak the same contract. */
export async function hello(gateway: string): Promise<Hello> {
  const reply = await call({ gateway, token: null }, endpoints.hello, {}, {});
  if (reply.contract === CONTRACT_VERSION) return reply;
  throw new SluiceError(
    'contract.mismatch',
    `The gateway at ${gateway} speaks contract ${reply.contract}, this program ${CONTRACT_VERSION}.`,
    'Update whichever is older.',
  );
}

/** A gateway, and the access token of whoever asks it; null for what needs none. */
export type Caller = { gateway: string; token: string | null };

/**
 * Calls one endpoint.
 *
 * @throws SluiceError what the gateway answered, `target.unreachable`, or `contract.mismatch`
 */
export async function call<Params extends z.ZodType, Body extends z.ZodType, Reply extends z.ZodType>(
  caller: Caller,
  endpoint: Endpoint<Params, Body, Reply>,
  params: z.input<Params> & Record<string, string>,
  body: z.input<Body>,
): Promise<z.output<Reply>> {
  const response = await ask(caller, endpoint, params, body);
  const reply = endpoint.reply.safeParse(await jsonOf(response));
  if (reply.success) return reply.data;
  throw mismatch(caller.gateway);
}

/**
 * The bytes of an endpoint that does not answer in JSON.
 *
 * @throws SluiceError as `call`
 */
export async function download<Params extends z.ZodType>(
  caller: Caller,
  endpoint: Endpoint<Params>,
  params: z.input<Params> & Record<string, string>,
): Promise<AsyncIterable<Uint8Array>> {
  const { body } = await ask(caller, endpoint, params, {});
  if (body !== null) return body;
  throw mismatch(caller.gateway);
}

async function ask(
  { gateway, token }: Caller,
  endpoint: Endpoint,
  params: Record<string, string>,
  body: unknown,
): Promise<Response> {
  const authorization: Record<string, string> = token === null ? {} : { authorization: `Bearer ${token}` };
  const sent =
    endpoint.method === 'POST'
      ? { headers: { ...authorization, 'content-type': 'application/json' }, body: JSON.stringify(body) }
      : { headers: authorization };
  const takesLong = endpoint.media !== undefined || endpoint.takesLong === true;
  const response = await fetch(addressOf(gateway, endpoint.path, params), {
    method: endpoint.method,
    ...sent,
    ...(takesLong ? {} : { signal: AbortSignal.timeout(TIMEOUT_MS) }),
  }).catch((cause: unknown) => {
    throw unreachable(gateway, cause);
  });
  if (response.ok) return response;
  const refused = ErrorBody.safeParse(await jsonOf(response));
  if (refused.success) throw new SluiceError(refused.data.code, refused.data.message, refused.data.next);
  throw mismatch(gateway);
}

function jsonOf(response: Response): Promise<unknown> {
  return response.json().catch(() => null);
}

function mismatch(gateway: string): SluiceError {
  return new SluiceError(
    'contract.mismatch',
    `What answers at ${gateway} is no gateway that this program understands.`,
    'Check --gateway or SLUICE_GATEWAY.',
  );
}

/** Parameters stand in the path where it names them, and in the query otherwise. */
function addressOf(gateway: string, path: string, params: Record<string, string>): URL {
  const url = new URL(
    path.replace(/\{(\w+)\}/g, (_whole, name: string) => encodeURIComponent(params[name] ?? '')),
    gateway,
  );
  for (const [name, value] of Object.entries(params)) {
    if (!path.includes(`{${name}}`)) url.searchParams.set(name, value);
  }
  return url;
}

export function unreachable(gateway: string, cause: unknown): SluiceError {
  const why = cause instanceof Error && cause.cause instanceof Error ? ` (${cause.cause.message})` : '';
  return new SluiceError(
    'target.unreachable',
    `No gateway answers at ${gateway}${why}.`,
    'Start one with `sluice start`, or say where it is with --gateway or SLUICE_GATEWAY.',
    { cause },
  );
}

import type { z } from 'zod';
import type { Endpoint } from '../../contract/endpoint.ts';
import { type ConnectCredential, endpoints } from '../../contract/endpoints.ts';
import { ErrorBody, SluiceError } from '../../contract/error.ts';
import { CONTRACT_VERSION, type Hello } from '../../contract/hello.ts';
import type { TargetName } from '../../contract/ids.ts';
import type { Target } from '../../contract/target.ts';

const TIMEOUT_MS = 20_000;

/** Says hello, and makes sure that both speak the same contract. */
export async function hello(gateway: string): Promise<Hello> {
  const reply = await ask(gateway, endpoints.hello, '/v1/hello', null);
  if (reply.contract === CONTRACT_VERSION) return reply;
  throw new SluiceError(
    'contract.mismatch',
    `The gateway at ${gateway} speaks contract ${reply.contract}, this program ${CONTRACT_VERSION}.`,
    'Update whichever is older.',
  );
}

export function credential(gateway: string, target: TargetName, token: string): Promise<ConnectCredential> {
  return ask(gateway, endpoints.credential, `/v1/targets/${encodeURIComponent(target)}/credentials`, token);
}

/** The targets that the signed-in person may use. */
export async function targets(gateway: string, token: string): Promise<Target[]> {
  return (await ask(gateway, endpoints.targets, endpoints.targets.path, token)).targets;
}

async function ask<Reply extends z.ZodType>(
  gateway: string,
  endpoint: Pick<Endpoint<z.ZodType, z.ZodType, Reply>, 'method' | 'reply'>,
  path: string,
  token: string | null,
): Promise<z.output<Reply>> {
  const response = await fetch(new URL(path, gateway), {
    method: endpoint.method,
    headers: token === null ? {} : { authorization: `Bearer ${token}` },
    signal: AbortSignal.timeout(TIMEOUT_MS),
  }).catch((cause: unknown) => {
    throw unreachable(gateway, cause);
  });
  const json: unknown = await response.json().catch(() => null);
  const reply = response.ok ? endpoint.reply.safeParse(json) : null;
  if (reply?.success === true) return reply.data;
  const refused = ErrorBody.safeParse(json);
  if (refused.success) throw new SluiceError(refused.data.code, refused.data.message, refused.data.next);
  throw new SluiceError(
    'contract.mismatch',
    `What answers at ${gateway} is no gateway that this program understands.`,
    'Check --gateway or SLUICE_GATEWAY.',
  );
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

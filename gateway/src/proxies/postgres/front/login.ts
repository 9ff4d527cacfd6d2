import { randomBytes } from 'node:crypto';
import type { LoginDirectory, PrincipalHandle } from '../../../core/access/principals.ts';
import { decodeFrontend, encode } from '../../../wire/postgres/index.ts';
import type { AuthenticationReply } from '../../../wire/postgres/messages/frontend/authentication-reply.ts';
import { madeUpVerifier } from '../../../wire/postgres/scram/scram-keys.ts';
import { SCRAM_SHA_256, SCRAM_SHA_256_PLUS } from '../../../wire/postgres/scram/scram-message.ts';
import {
  beginScramServer,
  finishScramServer,
  offeredMechanisms,
} from '../../../wire/postgres/scram/scram-server.ts';
import type { FrameReader } from '../frame-reader.ts';

/** Salts of logins that don't exist; the same name gets the same one until the gateway restarts. */
const MADE_UP = randomBytes(32);

/**
 * Checks a login by SCRAM-SHA-256, or -PLUS over TLS (manual, "SASL Authentication"). Null when the name or the
 * password is wrong: which of both, nobody can tell. Nothing but AuthenticationOk is left to send when it's right.
 *
 * @throws SluiceError `wire.protocolViolation`
 */
export async function checkLogin(
  reader: FrameReader,
  user: string,
  target: string,
  directory: LoginDirectory,
  endPoint: Buffer | null,
): Promise<PrincipalHandle | null> {
  const offered = offeredMechanisms(endPoint);
  reader.channel.send(encode({ type: 'authenticationSasl', mechanisms: [...offered] }));
  const initial = await reply(reader, 'saslInitialResponse');
  if (initial?.type !== 'saslInitialResponse' || initial.data === null) return null;
  if (initial.mechanism !== SCRAM_SHA_256 && initial.mechanism !== SCRAM_SHA_256_PLUS) return null;
  const login = directory.lookup(user, target);
  const { data, awaiting } = beginScramServer({
    mechanism: initial.mechanism,
    data: initial.data,
    verifier: login?.verifier ?? madeUpVerifier(user, MADE_UP),
    endPoint,
    nonce: randomBytes(18).toString('base64'),
  });
  reader.channel.send(encode({ type: 'authenticationSaslContinue', data }));
  const response = await reply(reader, 'saslResponse');
  if (response?.type !== 'saslResponse') return null;
  const end = finishScramServer(awaiting, response.data);
  if (end.kind === 'refused' || login === null) return null;
  reader.channel.send(encode({ type: 'authenticationSaslFinal', data: end.data }));
  return login.principal;
}

async function reply(
  reader: FrameReader,
  expected: AuthenticationReply['type'],
): Promise<AuthenticationReply | null> {
  if ((await reader.next()) === null) return null;
  const message = decodeFrontend(reader.scanner.type, reader.scanner.body(), expected);
  return message.type === expected ? message : null;
}

import { violation } from '../violation.ts';
import { hmac, isEqual, SCRAM_HASH_BYTES, type ScramVerifier, sha256, xor } from './scram-keys.ts';
import {
  attribute,
  channelBindingInput,
  checkedNonce,
  fromBase64,
  SCRAM_SHA_256,
  SCRAM_SHA_256_PLUS,
  type ScramMechanism,
  scramAttributes,
  scramText,
  toBase64,
} from './scram-message.ts';

export type ScramServerOptions = {
  /** As named in SASLInitialResponse. */
  mechanism: string;
  /** The data of SASLInitialResponse. */
  data: Buffer;
  /** Of the login, or a made-up one: the exchange runs to its end either way. */
  verifier: ScramVerifier;
  /** `tls-server-end-point` of our certificate; null without TLS. Then PLUS was not offered. */
  endPoint: Uint8Array | null;
  /** 18 random bytes in base64. */
  nonce: string;
};

export type AwaitingClientFinal = {
  verifier: ScramVerifier;
  clientFirst: string;
  serverFirst: string;
  nonce: string;
  binding: string;
};

export type ScramServerEnd =
  /** `data` is for AuthenticationSASLFinal. */
  { kind: 'proved'; data: Buffer } | { kind: 'refused'; why: 'wrongProof' | 'wrongChannelBinding' };

/** What to offer in AuthenticationSASL. */
export function offeredMechanisms(endPoint: Uint8Array | null): ScramMechanism[] {
  return endPoint === null ? [SCRAM_SHA_256] : [SCRAM_SHA_256_PLUS, SCRAM_SHA_256];
}

/**
 * The server's part of SCRAM-SHA-256(-PLUS), RFC 5802 and 7677, step 1: answers SASLInitialResponse with the
 * data of AuthenticationSASLContinue. The name in it is ignored, as PostgreSQL does.
 * @throws SluiceError `wire.protocolViolation` when the message is malformed or its binding isn't one offered.
 */
export function beginScramServer(options: ScramServerOptions): {
  data: Buffer;
  awaiting: AwaitingClientFinal;
} {
  const { gs2Header, clientFirst } = splitClientFirst(scramText(options.data));
  const bound = checkBinding(gs2Header, options);
  const attributes = scramAttributes(clientFirst);
  attribute(attributes, 0, 'n');
  const nonce = checkedNonce(attribute(attributes, 1, 'r')) + checkedNonce(options.nonce);
  const { salt, iterations } = options.verifier;
  const serverFirst = `r=${nonce},s=${toBase64(salt)},i=${iterations}`;
  const binding = channelBindingInput(gs2Header, bound ? options.endPoint : null);
  return {
    data: Buffer.from(serverFirst),
    awaiting: { verifier: options.verifier, clientFirst, serverFirst, nonce, binding },
  };
}

/** The gs2 header: binding flag, and an authorization name, which PostgreSQL has no use for. */
function splitClientFirst(text: string): { gs2Header: string; clientFirst: string } {
  const found = /^((?:n|y|p=[A-Za-z0-9.-]+),,)(.*)$/s.exec(text);
  if (found?.[1] === undefined || found[2] === undefined) throw violation('a SCRAM message is malformed');
  return { gs2Header: found[1], clientFirst: found[2] };
}

function checkBinding(gs2Header: string, { mechanism, endPoint }: ScramServerOptions): boolean {
  const bound = gs2Header === 'p=tls-server-end-point,,';
  const plain = gs2Header === 'n,,' || (gs2Header === 'y,,' && endPoint === null);
  if (mechanism === SCRAM_SHA_256_PLUS && endPoint !== null && bound) return true;
  if (mechanism === SCRAM_SHA_256 && plain) return false;
  throw violation(`SCRAM channel binding "${gs2Header}" does not go with ${mechanism.slice(0, 40)} here`);
}

/**
 * Step 2: checks SASLResponse. Being refused is an outcome; a malformed message is breakage.
 * @throws SluiceError `wire.protocolViolation`
 */
export function finishScramServer(awaiting: AwaitingClientFinal, data: Buffer): ScramServerEnd {
  const text = scramText(data);
  const attributes = scramAttributes(text);
  const binding = attribute(attributes, 0, 'c');
  if (attribute(attributes, 1, 'r') !== awaiting.nonce) throw violation('a SCRAM nonce is not ours');
  const proof = fromBase64(attribute(attributes, attributes.length - 1, 'p'));
  if (proof.length !== SCRAM_HASH_BYTES) throw violation('a SCRAM proof is malformed');
  if (binding !== awaiting.binding) return { kind: 'refused', why: 'wrongChannelBinding' };
  const withoutProof = text.slice(0, text.lastIndexOf(',p='));
  const authMessage = `${awaiting.clientFirst},${awaiting.serverFirst},${withoutProof}`;
  const { storedKey, serverKey } = awaiting.verifier;
  const clientKey = xor(proof, hmac(storedKey, authMessage));
  if (!isEqual(sha256(clientKey), storedKey)) return { kind: 'refused', why: 'wrongProof' };
  return { kind: 'proved', data: Buffer.from(`v=${toBase64(hmac(serverKey, authMessage))}`) };
}

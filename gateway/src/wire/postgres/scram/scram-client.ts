import { violation } from '../violation.ts';
import { clientKeys, hmac, isEqual, type ScramClientKeys, sha256, xor } from './scram-keys.ts';
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

/** More would let a hostile server keep us computing; PostgreSQL's default is 4096. */
const MAX_ITERATIONS = 1_000_000;

export type ScramClientOptions = {
  /** Mechanisms that the server offers. */
  offered: readonly string[];
  /** `tls-server-end-point` of the server's certificate; null without TLS or when it has none. */
  endPoint: Uint8Array | null;
  /** 18 random bytes in base64. */
  nonce: string;
  /** Left empty for PostgreSQL, which takes the name of the StartupMessage. */
  user?: string;
};

export type AwaitingServerFirst = { gs2Header: string; endPoint: Uint8Array | null; clientFirst: string };
export type AwaitingServerFinal = { serverSignature: Buffer };

/**
 * The client's part of SCRAM-SHA-256(-PLUS), RFC 5802 and 7677, step 1: chooses the mechanism and gives the
 * data of SASLInitialResponse.
 * @throws SluiceError `wire.protocolViolation` when no mechanism that we speak is offered.
 */
export function beginScramClient(options: ScramClientOptions): {
  mechanism: ScramMechanism;
  data: Buffer;
  awaiting: AwaitingServerFirst;
} {
  const { mechanism, gs2Header } = choose(options);
  const clientFirst = `n=${escapeName(options.user ?? '')},r=${checkedNonce(options.nonce)}`;
  const endPoint = mechanism === SCRAM_SHA_256_PLUS ? options.endPoint : null;
  return {
    mechanism,
    data: Buffer.from(gs2Header + clientFirst),
    awaiting: { gs2Header, endPoint, clientFirst },
  };
}

/** "y" tells the server that we could bind but that it didn't offer to: a downgrade is noticed. */
function choose({ offered, endPoint }: ScramClientOptions): { mechanism: ScramMechanism; gs2Header: string } {
  if (endPoint !== null && offered.includes(SCRAM_SHA_256_PLUS)) {
    return { mechanism: SCRAM_SHA_256_PLUS, gs2Header: 'p=tls-server-end-point,,' };
  }
  if (!offered.includes(SCRAM_SHA_256)) {
    throw violation(`none of the authentication mechanisms offered (${offered.join(', ')}) is known here`);
  }
  return { mechanism: SCRAM_SHA_256, gs2Header: endPoint === null ? 'n,,' : 'y,,' };
}

function escapeName(name: string): string {
  return name.replaceAll('=', '=3D').replaceAll(',', '=2C');
}

/**
 * Step 2: answers AuthenticationSASLContinue with the data of SASLResponse. `keysOf` may keep what it computed
 * for a salt and count of iterations.
 * @throws SluiceError `wire.protocolViolation` when the server's message is malformed or not an answer to ours.
 */
export async function answerServerFirst(
  awaiting: AwaitingServerFirst,
  data: Buffer,
  keysOf: (salt: Uint8Array, iterations: number) => Promise<ScramClientKeys>,
): Promise<{ data: Buffer; awaiting: AwaitingServerFinal }> {
  const serverFirst = scramText(data);
  const { nonce, salt, iterations } = parseServerFirst(serverFirst, awaiting.clientFirst);
  const { clientKey, serverKey } = await keysOf(salt, iterations);
  const binding = channelBindingInput(awaiting.gs2Header, awaiting.endPoint);
  const withoutProof = `c=${binding},r=${nonce}`;
  const authMessage = `${awaiting.clientFirst},${serverFirst},${withoutProof}`;
  const proof = xor(clientKey, hmac(sha256(clientKey), authMessage));
  return {
    data: Buffer.from(`${withoutProof},p=${toBase64(proof)}`),
    awaiting: { serverSignature: hmac(serverKey, authMessage) },
  };
}

/** `keysOf` for a password that is at hand. */
export function keysOfPassword(password: string) {
  return (salt: Uint8Array, iterations: number) => clientKeys(password, salt, iterations);
}

function parseServerFirst(text: string, clientFirst: string) {
  const attributes = scramAttributes(text);
  const nonce = checkedNonce(attribute(attributes, 0, 'r'));
  const ours = clientFirst.slice(clientFirst.lastIndexOf(',r=') + 3);
  if (!nonce.startsWith(ours) || nonce.length === ours.length) throw violation('a SCRAM nonce is not ours');
  const salt = fromBase64(attribute(attributes, 1, 's'));
  const count = attribute(attributes, 2, 'i');
  const iterations = Number(count);
  if (!/^[1-9]\d{0,9}$/.test(count) || iterations > MAX_ITERATIONS) {
    throw violation(`${count.slice(0, 20)} is no acceptable count of SCRAM iterations`);
  }
  return { nonce, salt, iterations };
}

/**
 * Step 3: checks AuthenticationSASLFinal: only a server that knows the verifier can have signed.
 * @throws SluiceError `wire.protocolViolation` when it didn't, or told an error.
 */
export function checkServerFinal(awaiting: AwaitingServerFinal, data: Buffer): void {
  const [first] = scramAttributes(scramText(data));
  if (first?.name === 'e') throw violation(`the server ended the login with "${first.value.slice(0, 100)}"`);
  if (first?.name !== 'v' || !isEqual(fromBase64(first.value), awaiting.serverSignature)) {
    throw violation('the server could not prove that it knows the password');
  }
}

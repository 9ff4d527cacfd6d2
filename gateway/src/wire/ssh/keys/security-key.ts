import { createHash } from 'node:crypto';
import type { Reader } from '../bytes/reader.ts';
import { Writer } from '../bytes/writer.ts';

const USER_PRESENT = 0x01;
const USER_VERIFIED = 0x04;

/** What a security key says about a signature (PROTOCOL.u2f, "SSH U2F Signatures"). */
export type Assertion = { flags: number; counter: number };

/** What must have happened at the security key: somebody touched it; a PIN or finger proved who. */
export type Demands = { touch: boolean; verified: boolean };
export const DEMAND_TOUCH: Demands = { touch: true, verified: false };

export function readAssertion(reader: Reader): Assertion {
  return { flags: reader.uint8('the flags'), counter: reader.uint32('the counter') };
}

/** The demand that an assertion does not meet, in words. */
export function unmetDemand({ flags }: Assertion, demands: Demands): string | null {
  if (demands.touch && (flags & USER_PRESENT) === 0) return 'nobody touched the security key';
  if (demands.verified && (flags & USER_VERIFIED) === 0)
    return 'no PIN or finger was checked by the security key';
  return null;
}

/** The bytes that a security key signs in place of `message`. */
export function signedBySecurityKey(asked: {
  application: string;
  assertion: Assertion;
  message: Uint8Array;
}): Buffer {
  const sha256 = (data: Uint8Array | string) => createHash('sha256').update(data).digest();
  return new Writer()
    .bytes(sha256(asked.application))
    .uint8(asked.assertion.flags)
    .uint32(asked.assertion.counter)
    .bytes(sha256(asked.message))
    .end();
}

import { assertNever } from '../../../../../contract/assert-never.ts';
import type { BodyReader } from '../../bytes/body-reader.ts';
import { frame } from '../../bytes/frame-builder.ts';

/**
 * Four messages share the type `p`; which one it is follows from the Authentication request that it answers.
 */
export type AuthenticationReply =
  | { type: 'passwordMessage'; password: string }
  | { type: 'saslInitialResponse'; mechanism: string; data: Buffer | null }
  | { type: 'saslResponse'; data: Buffer }
  | { type: 'gssResponse'; data: Buffer };

export function decodeAuthenticationReply(
  expected: AuthenticationReply['type'],
  body: BodyReader,
): AuthenticationReply {
  const message = decode(expected, body);
  body.end();
  return message;
}

function decode(expected: AuthenticationReply['type'], body: BodyReader): AuthenticationReply {
  switch (expected) {
    case 'passwordMessage':
      return { type: expected, password: body.cstring() };
    case 'saslInitialResponse':
      return { type: expected, mechanism: body.cstring(), data: body.nullableBytes() };
    case 'saslResponse':
    case 'gssResponse':
      return { type: expected, data: body.rest() };
    default:
      return assertNever(expected);
  }
}

export function encodeAuthenticationReply(message: AuthenticationReply): Buffer {
  switch (message.type) {
    case 'passwordMessage':
      return frame('p').cstring(message.password).end();
    case 'saslInitialResponse':
      return frame('p').cstring(message.mechanism).nullableBytes(message.data).end();
    case 'saslResponse':
    case 'gssResponse':
      return frame('p').bytes(message.data).end();
    default:
      return assertNever(message);
  }
}

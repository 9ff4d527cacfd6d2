import { assertNever } from '../../../../../contract/assert-never.ts';
import type { BodyReader } from '../../bytes/body-reader.ts';
import { frame } from '../../bytes/frame-builder.ts';
import { violation } from '../../violation.ts';

/**
 * The Authentication* messages share the type `R` and are told apart by an int32. GSS and SSPI replies are
 * known so that they can be named when they are refused.
 */
export type Authentication =
  | { type: 'authenticationOk' }
  | { type: 'authenticationKerberosV5' }
  | { type: 'authenticationCleartextPassword' }
  | { type: 'authenticationMd5Password'; salt: Buffer }
  | { type: 'authenticationGss' }
  | { type: 'authenticationGssContinue'; data: Buffer }
  | { type: 'authenticationSspi' }
  | { type: 'authenticationSasl'; mechanisms: string[] }
  | { type: 'authenticationSaslContinue'; data: Buffer }
  | { type: 'authenticationSaslFinal'; data: Buffer };

export function decodeAuthentication(body: BodyReader): Authentication {
  const message = decode(body);
  body.end();
  return message;
}

function decode(body: BodyReader): Authentication {
  const kind = body.int32();
  switch (kind) {
    case 0:
      return { type: 'authenticationOk' };
    case 2:
      return { type: 'authenticationKerberosV5' };
    case 3:
      return { type: 'authenticationCleartextPassword' };
    case 5:
      return { type: 'authenticationMd5Password', salt: body.bytes(4) };
    case 7:
      return { type: 'authenticationGss' };
    case 8:
      return { type: 'authenticationGssContinue', data: body.rest() };
    case 9:
      return { type: 'authenticationSspi' };
    case 10:
      return { type: 'authenticationSasl', mechanisms: mechanisms(body) };
    case 11:
      return { type: 'authenticationSaslContinue', data: body.rest() };
    case 12:
      return { type: 'authenticationSaslFinal', data: body.rest() };
    default:
      throw violation(`${kind} is no authentication request`);
  }
}

/** "A zero byte is required as terminator after the last authentication mechanism name." */
function mechanisms(body: BodyReader): string[] {
  const names: string[] = [];
  for (let name = body.cstring(); name !== ''; name = body.cstring()) names.push(name);
  return names;
}

export function encodeAuthentication(message: Authentication): Buffer {
  const builder = frame('R');
  switch (message.type) {
    case 'authenticationOk':
      return builder.int32(0).end();
    case 'authenticationKerberosV5':
      return builder.int32(2).end();
    case 'authenticationCleartextPassword':
      return builder.int32(3).end();
    case 'authenticationMd5Password':
      return builder.int32(5).bytes(message.salt).end();
    case 'authenticationGss':
      return builder.int32(7).end();
    case 'authenticationGssContinue':
      return builder.int32(8).bytes(message.data).end();
    case 'authenticationSspi':
      return builder.int32(9).end();
    case 'authenticationSasl':
      builder.int32(10);
      for (const name of message.mechanisms) builder.cstring(name);
      return builder.uint8(0).end();
    case 'authenticationSaslContinue':
      return builder.int32(11).bytes(message.data).end();
    case 'authenticationSaslFinal':
      return builder.int32(12).bytes(message.data).end();
    default:
      return assertNever(message);
  }
}

import { isUtf8 } from 'node:buffer';
import { violation } from '../violation.ts';

export const SCRAM_SHA_256 = 'SCRAM-SHA-256';
export const SCRAM_SHA_256_PLUS = 'SCRAM-SHA-256-PLUS';
export type ScramMechanism = typeof SCRAM_SHA_256 | typeof SCRAM_SHA_256_PLUS;

/** `name=value` parts of a SCRAM message (RFC 5802 section 7), in order. */
export type ScramAttributes = { name: string; value: string }[];

/** @throws SluiceError `wire.protocolViolation` when the bytes are no text. */
export function scramText(data: Buffer): string {
  if (!isUtf8(data) || data.includes(0)) throw violation('a SCRAM message is not a text');
  return data.toString('utf8');
}

export function scramAttributes(text: string): ScramAttributes {
  return text.split(',').map((part) => {
    if (!/^[A-Za-z]=/.test(part)) throw violation('a SCRAM message has a malformed attribute');
    return { name: part.charAt(0), value: part.slice(2) };
  });
}

/** The value of attribute `index`, which must be `name`: their order is fixed. */
export function attribute(attributes: ScramAttributes, index: number, name: string): string {
  const found = attributes[index];
  if (found?.name !== name) throw violation(`a SCRAM message lacks its attribute "${name}"`);
  return found.value;
}

/** Strict base64. */
export function fromBase64(text: string): Buffer {
  const bytes = Buffer.from(text, 'base64');
  if (bytes.toString('base64') !== text) throw violation('a SCRAM message has malformed base64');
  return bytes;
}

export function toBase64(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('base64');
}

/** "Printable ASCII characters excluding ','". */
export function checkedNonce(nonce: string): string {
  if (!/^[\x21-\x2b\x2d-\x7e]+$/.test(nonce)) throw violation('a SCRAM nonce is malformed');
  return nonce;
}

/** The value of `c=`: base64 of the gs2 header and, with binding, of what it binds to. */
export function channelBindingInput(gs2Header: string, endPoint: Uint8Array | null): string {
  return toBase64(Buffer.concat([Buffer.from(gs2Header), endPoint ?? Buffer.alloc(0)]));
}

import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { decode } from '../../../gateway/src/wire/ssh/bytes/decode.ts';
import { Writer } from '../../../gateway/src/wire/ssh/bytes/writer.ts';

/** What `ssh-keygen -Y` signs with: the file format of PROTOCOL.sshsig. */
export const NAMESPACE = 'lab@sluice.example';
const MAGIC = Buffer.from('SSHSIG');
const HASH = 'sha512';

/** The bytes that are signed for a message. */
export function signedBytes(message: string): Buffer {
  const digest = createHash(HASH).update(message).digest();
  return new Writer().bytes(MAGIC).string(NAMESPACE).string('').string(HASH).string(digest).end();
}

/** A signature file's text. */
export function armoured(publicBlob: Buffer, signature: Buffer): string {
  const body = new Writer()
    .bytes(MAGIC)
    .uint32(1)
    .string(publicBlob)
    .string(NAMESPACE)
    .string('')
    .string(HASH)
    .string(signature)
    .end();
  const lines = body.toString('base64').match(/.{1,70}/g) ?? [];
  return `${['-----BEGIN SSH SIGNATURE-----', ...lines, '-----END SSH SIGNATURE-----'].join('\n')}\n`;
}

/** The signature's blob in a signature file's text. */
export function signatureIn(text: string): Buffer {
  const body = Buffer.from(text.split('\n').slice(1, -2).join(''), 'base64');
  const read = decode('A signature file', body, 65_536, (reader) => {
    reader.bytes('its magic', MAGIC.length);
    reader.uint32('the version');
    reader.string('the key');
    reader.string('the namespace');
    reader.string('the reserved field');
    assert.equal(reader.text('the hash'), HASH);
    return reader.string('the signature');
  });
  assert.ok(read.ok, read.ok ? '' : read.why);
  return read.value;
}

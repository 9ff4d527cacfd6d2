const BLOCK_BYTES = 64;

/**
 * HMAC-SHA256 (RFC 2104) of a text expression, in hex, in SQL that the server has without extensions. The key
 * is 64 bytes at most.
 */
export function hmacSha256(text: string, key: Uint8Array): string {
  if (key.byteLength > BLOCK_BYTES) throw new RangeError(`a key has at most ${BLOCK_BYTES} bytes`);
  const message = `pg_catalog.convert_to(${text}, 'UTF8')`;
  const inner = `pg_catalog.sha256(pg_catalog.byteacat(${pad(key, 0x36)}, ${message}))`;
  return `pg_catalog.encode(pg_catalog.sha256(pg_catalog.byteacat(${pad(key, 0x5c)}, ${inner})), 'hex')`;
}

function pad(key: Uint8Array, byte: number): string {
  const block = Buffer.alloc(BLOCK_BYTES, byte);
  key.forEach((part, index) => {
    block[index] = part ^ byte;
  });
  return `pg_catalog.decode('${block.toString('hex')}', 'hex')`;
}

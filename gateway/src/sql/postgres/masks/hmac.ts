const BLOCK_BYTES = 64;
const INNER = 'sluice.token_inner';
const OUTER = 'sluice.token_outer';

/** Settings that hold the key of the tokens; nobody but mask expressions reads them. */
export function isKeySetting(name: string): boolean {
  return name.trim().toLowerCase().startsWith('sluice.');
}

/**
 * What a connection must be started with for mask expressions to make tokens: the key's two pads of RFC 2104 in hex,
 * by the name of their setting. As start-up parameters they survive RESET ALL and DISCARD ALL and stand in no
 * statement, catalogue, log or view of the server. Without them a mask expression raises an error. The key is 64
 * bytes at most.
 */
export function tokenKeySettings(key: Uint8Array): ReadonlyMap<string, string> {
  if (key.byteLength > BLOCK_BYTES) throw new RangeError(`a key has at most ${BLOCK_BYTES} bytes`);
  return new Map([
    [INNER, pad(key, 0x36)],
    [OUTER, pad(key, 0x5c)],
  ]);
}

/**
 * HMAC-SHA256 (RFC 2104) of a bytea expression, in hex, in SQL that the server has without extensions, with the key
 * of `tokenKeySettings`.
 */
export function hmacSha256(message: string): string {
  const inner = `pg_catalog.sha256(pg_catalog.byteacat(${padOf(INNER)}, ${message}))`;
  return `pg_catalog.encode(pg_catalog.sha256(pg_catalog.byteacat(${padOf(OUTER)}, ${inner})), 'hex')`;
}

const padOf = (setting: string) => `pg_catalog.decode(pg_catalog.current_setting('${setting}'), 'hex')`;

function pad(key: Uint8Array, byte: number): string {
  const block = Buffer.alloc(BLOCK_BYTES, byte);
  key.forEach((part, index) => {
    block[index] = part ^ byte;
  });
  return block.toString('hex');
}

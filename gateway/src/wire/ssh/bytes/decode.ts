import { Malformed } from './malformed.ts';
import { Reader } from './reader.ts';

/** What came of it, or in words why nothing did: "the nonce ends too soon". */
export type Outcome<Value> = { ok: true; value: Value } | { ok: false; why: string };

/**
 * Reads `bytes` from front to end with `read`. Bytes that are more than `maxBytes`, end too soon, go on behind the end
 * or make `read` call `malformed` give a sentence that begins with `what`, never an exception.
 */
export function decode<Value>(
  what: string,
  bytes: Uint8Array,
  maxBytes: number,
  read: (reader: Reader) => Value,
): Outcome<Value> {
  if (bytes.length > maxBytes) {
    return {
      ok: false,
      why: `${what} of ${bytes.length} bytes is longer than the ${maxBytes} that are read`,
    };
  }
  try {
    const reader = new Reader(bytes);
    const value = read(reader);
    reader.end();
    return { ok: true, value };
  } catch (error) {
    if (!(error instanceof Malformed)) throw error;
    return { ok: false, why: `${what} can not be read: ${error.message}` };
  }
}

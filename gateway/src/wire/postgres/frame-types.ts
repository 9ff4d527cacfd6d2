/** A set of type bytes, by index: 1 is in. */
export type TypeSet = Uint8Array;

/** `typeSet('Dd')` */
export function typeSet(letters: string): TypeSet {
  const set = new Uint8Array(256);
  for (const byte of Buffer.from(letters, 'latin1')) set[byte] = 1;
  return set;
}

/** Types that a client may send after start-up (manual, "Message Formats"). */
export const FRONTEND_TYPES = typeSet('BCcDdEFfHPpQSX');
/** Types that a server may send. */
export const BACKEND_TYPES = typeSet('123ACDdEGHIKNnRSsTtVvWcZ');
/** CopyData: passed on piece by piece, never held whole. */
export const FRONTEND_STREAMED = typeSet('d');
/** DataRow and CopyData: passed on piece by piece, never held whole. */
export const BACKEND_STREAMED = typeSet('Dd');

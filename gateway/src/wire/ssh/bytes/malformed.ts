/** What ends a decoding; only `decode` catches it, and nothing else may see it. */
export class Malformed extends Error {}

/** Ends the decoding that is under way: its `decode` returns `why`. */
export function malformed(why: string): never {
  throw new Malformed(why);
}

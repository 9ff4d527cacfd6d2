const PART = /"(?:[^"]|"")+"|[^."]+/;
const WHOLE = new RegExp(`^(?:${PART.source})(?:\\.(?:${PART.source}))*$`);

/** Splits `public."odd.name"` at its dots; double quotes keep a dot inside a name. Null when it is no such name. */
export function splitName(name: string): string[] | null {
  if (!WHOLE.test(name)) return null;
  const parts = name.match(new RegExp(PART, 'g')) ?? [];
  return parts.map((part) => (part.startsWith('"') ? part.slice(1, -1).replaceAll('""', '"') : part));
}

/** The parts from the right: of `public.orders` first `orders`. */
export function partsFromRight(name: string): string[] {
  return (splitName(name) ?? []).toReversed();
}

/** What a server was built with (NAMEDATALEN) that nobody has built otherwise: it cuts every name to that. */
const MAX_NAME_BYTES = 63;

/** What is wrong with a name, or a pattern of one, that is longer than any on a server: it would be about nothing. */
export const TOO_LONG = `PostgreSQL cuts names to ${MAX_NAME_BYTES} bytes, and this one is longer; write it as \\d shows it`;

/** Whether each part of a name may be one of a server's; wildcards may stand for nothing. */
export function mayBeNames(parts: readonly string[]): boolean {
  return parts.every((part) => Buffer.byteLength(part.replaceAll('*', '')) <= MAX_NAME_BYTES);
}

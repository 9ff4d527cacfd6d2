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

const segmenter = new Intl.Segmenter('und', { granularity: 'grapheme' });

/**
 * Longest cluster, in UTF-16 units: one of more is taken apart. It bounds what a step costs, whatever the text is.
 */
const MAX_CLUSTER_LENGTH = 128;

/** Between two of these there is always a border, and no table is needed to know. */
function standsAlone(code: number): boolean {
  return (
    (code < 0x300 && code !== 0xd) ||
    (code >= 0x4e00 && code <= 0x9fff) ||
    (code >= 0x3041 && code <= 0x3096) ||
    (code >= 0x30a1 && code <= 0x30fa)
  );
}

function isBorder(text: string, at: number): boolean {
  return (
    at <= 0 || at >= text.length || (standsAlone(text.charCodeAt(at - 1)) && standsAlone(text.charCodeAt(at)))
  );
}

/** Where the grapheme cluster (Unicode UAX 29) that begins at `at` ends. Offsets are UTF-16 units. */
export function clusterEnd(text: string, at: number): number {
  if (isBorder(text, at + 1)) return Math.min(at + 1, text.length);
  const [first] = segmenter.segment(text.slice(at, at + MAX_CLUSTER_LENGTH));
  const end = at + (first?.segment.length ?? 1);
  return isWithinPair(text, end) && end - at > 1 ? end - 1 : end;
}

function isWithinPair(text: string, at: number): boolean {
  return /^[\ud800-\udbff][\udc00-\udfff]$/.test(text.slice(at - 1, at + 1));
}

/** The border of a cluster before `at`, or 0. */
export function clusterStart(text: string, at: number): number {
  if (at <= 1) return 0;
  if (isBorder(text, at - 1)) return at - 1;
  let start = sureBorder(text, at - 1);
  for (let end = clusterEnd(text, start); end < at; end = clusterEnd(text, start)) start = end;
  return start;
}

/** `at`, or the next border of a cluster if it is within one. */
export function snapped(text: string, at: number): number {
  if (isBorder(text, at)) return Math.max(0, Math.min(at, text.length));
  let border = sureBorder(text, at);
  while (border < at) border = clusterEnd(text, border);
  return border;
}

/** A border at or before `at`, found without reading more than a few clusters. */
function sureBorder(text: string, at: number): number {
  const lowest = Math.max(0, at - 2 * MAX_CLUSTER_LENGTH);
  for (let border = at; border > lowest; border -= 1) {
    if (isBorder(text, border)) return border;
  }
  return isWithinPair(text, lowest) ? lowest + 1 : lowest;
}

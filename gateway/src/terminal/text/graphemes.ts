const segmenter = new Intl.Segmenter('und', { granularity: 'grapheme' });

/**
 * Longest cluster, in UTF-16 units: one of more is taken apart. It bounds what a step costs, whatever the text is.
 */
const MAX_CLUSTER_LENGTH = 128;
/** How much is segmented at once. */
const WINDOW_LENGTH = 1024;

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

/** Where each grapheme cluster (Unicode UAX 29) from `at` on ends. Offsets are UTF-16 units; `at` is a border. */
export function* clusterEnds(text: string, at: number): Generator<number, void> {
  let from = at;
  while (from < text.length) {
    if (isBorder(text, from + 1)) {
      from += 1;
      yield from;
    } else {
      for (const end of endsInWindow(text, from)) {
        from = end;
        yield from;
      }
    }
  }
}

/** Ends of clusters near `at`, one at least: up to the first that might go on behind the window, or is too long. */
function* endsInWindow(text: string, at: number): Generator<number, void> {
  const window = text.slice(at, at + WINDOW_LENGTH);
  const isLast = at + window.length === text.length;
  for (const { index, segment } of segmenter.segment(window)) {
    const end = index + segment.length;
    if (segment.length > MAX_CLUSTER_LENGTH) return yield cut(text, at + index);
    if (end === window.length && !isLast && index > 0) return;
    yield at + end;
  }
}

/** The end of a cluster at `at` that is too long. */
function cut(text: string, at: number): number {
  const end = at + MAX_CLUSTER_LENGTH;
  return isWithinPair(text, end) ? end - 1 : end;
}

function isWithinPair(text: string, at: number): boolean {
  return /^[\ud800-\udbff][\udc00-\udfff]$/.test(text.slice(at - 1, at + 1));
}

/** Where the cluster that begins at `at` ends. */
export function clusterEnd(text: string, at: number): number {
  if (isBorder(text, at + 1)) return Math.min(at + 1, text.length);
  return clusterEnds(text, at).next().value ?? text.length;
}

/** The border of a cluster before `at`, or 0. */
export function clusterStart(text: string, at: number): number {
  if (at <= 1) return 0;
  if (isBorder(text, at - 1)) return at - 1;
  let start = sureBorder(text, at - 1);
  for (const end of clusterEnds(text, start)) {
    if (end >= at) break;
    start = end;
  }
  return start;
}

/** `at`, or the next border of a cluster if it is within one. */
export function snapped(text: string, at: number): number {
  if (isBorder(text, at)) return Math.max(0, Math.min(at, text.length));
  const start = sureBorder(text, at);
  if (start === at) return at;
  for (const end of clusterEnds(text, start)) {
    if (end >= at) return end;
  }
  return text.length;
}

/** A border at or before `at`, found without reading more than a few clusters. */
function sureBorder(text: string, at: number): number {
  const lowest = Math.max(0, at - 2 * MAX_CLUSTER_LENGTH);
  for (let border = at; border > lowest; border -= 1) {
    if (isBorder(text, border)) return border;
  }
  return isWithinPair(text, lowest) ? lowest + 1 : lowest;
}

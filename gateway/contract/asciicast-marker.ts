/**
 * What the gateway notes in a recording. Players list a marker's label and jump to it, so that it is words; the word
 * before the colon is what it is about. None may hold a raw value that was masked.
 */
export const MARKER_KINDS = ['command', 'decision', 'mask', 'session'] as const;
export type MarkerKind = (typeof MARKER_KINDS)[number];
export type Marker = { kind: MarkerKind; text: string };

/** `command: ls -l`, `decision: blocked by no-rm`, `mask: 2 card numbers`, `session: locked by Dana`. */
export function labelOf({ kind, text }: Marker): string {
  return `${kind}: ${text}`;
}

/** The marker that a label is; null for a label of somebody else's. */
export function markerOf(label: string): Marker | null {
  const [, name, text = ''] = /^(\w+): (.*)$/s.exec(label) ?? [];
  const kind = MARKER_KINDS.find((one) => one === name);
  return kind === undefined ? null : { kind, text };
}

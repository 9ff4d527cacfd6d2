/** `text` takes the place of `bytes[start, end)`. */
export type Edit = { start: number; end: number; text: string };

/** `bytes[start, end)` with the edits, which come left to right and don't overlap. */
export function edited(bytes: Uint8Array, start: number, end: number, edits: readonly Edit[]): Buffer {
  const parts: Uint8Array[] = [];
  let at = start;
  for (const edit of edits) {
    parts.push(bytes.subarray(at, edit.start), Buffer.from(edit.text, 'latin1'));
    at = edit.end;
  }
  parts.push(bytes.subarray(at, end));
  return Buffer.concat(parts);
}

import type { z } from 'zod';

/** What is read of contents at a time. One record may have many megabytes, and everybody may ask for their own. */
export const PAGE_BYTES = 8 * 1024 * 1024;

/**
 * The first rows that fit into a page together, and at least one, however long it is. `isCut`: there are more. No more
 * are read than the first one that does not fit.
 */
export function pageOf<Row extends { bytes: number }>(
  rows: Iterable<unknown>,
  shape: z.ZodType<Row>,
): { rows: Row[]; isCut: boolean } {
  const page: Row[] = [];
  let bytes = 0;
  for (const found of rows) {
    const row = shape.parse(found);
    bytes += row.bytes;
    if (bytes > PAGE_BYTES && page.length > 0) return { rows: page, isCut: true };
    page.push(row);
  }
  return { rows: page, isCut: false };
}

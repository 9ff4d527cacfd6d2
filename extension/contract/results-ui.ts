import * as z from 'zod';

/** A tab of the results view: a result set by id, or the run's messages. */
export const TabKey = z.string().max(120);

/** How one result set was left. */
export const GridUi = z.object({
  topRow: z.number().nonnegative(),
  scrollLeftPx: z.number().nonnegative(),
  /** Widths that a person chose, in pixels, by column index. */
  widthsPx: z.record(z.string(), z.number().positive()),
  /** Columns that stay at the left, counted from the first. */
  frozenColumns: z.int().nonnegative(),
  active: z.object({ row: z.int().nonnegative(), column: z.int().nonnegative() }).nullable(),
});
export type GridUi = z.infer<typeof GridUi>;

/** What `setState` keeps: small, and nothing of the rows. */
export const ResultsUi = z.object({
  version: z.literal(1),
  selectedRun: z.string().nullable(),
  /** Selected tab by run. */
  tabs: z.record(z.string(), TabKey),
  grids: z.record(z.string(), GridUi),
  detailOpen: z.boolean(),
});
export type ResultsUi = z.infer<typeof ResultsUi>;

export const EMPTY_UI: ResultsUi = { version: 1, selectedRun: null, tabs: {}, grids: {}, detailOpen: false };

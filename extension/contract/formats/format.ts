import * as z from 'zod';
import type { ValueKind } from '../value-kind.ts';

export const FormatName = z.enum(['text', 'csv', 'json', 'markdown', 'insert']);
export type FormatName = z.infer<typeof FormatName>;

export type FormatColumn = {
  readonly name: string;
  readonly kind: ValueKind;
  /** For arrays, the kind of their elements. */
  readonly elementKind: ValueKind;
};

export type FormatOptions = {
  /** Column names first, for text and CSV; the other formats always have them. */
  readonly headers: boolean;
  /** The relation that INSERT names, by its parts: `['public', 'customers']`. */
  readonly table: readonly string[];
};

/** A row's values in their text form, null for NULL. */
export type FormatRow = readonly (string | null)[];

/** Writes rows piece by piece, so that a million of them never stand in memory as one text. */
export type Format = (
  columns: readonly FormatColumn[],
  rows: Iterable<FormatRow>,
  options: FormatOptions,
) => Generator<string>;

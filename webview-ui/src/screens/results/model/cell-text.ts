import type { Cell } from '../../../../../extension/contract/results-messages.ts';
import type { ValueKind } from '../../../../../extension/contract/value-kind.ts';

/** One line for a cell. `tone` says what kind of nothing it is, when it is nothing. */
export type CellText = { readonly text: string; readonly tone: 'value' | 'null' | 'empty' };

/** How a cell reads in the grid: one line, no precision lost, line breaks and tabs made visible. */
export function cellText(cell: Cell, kind: ValueKind): CellText {
  if (cell === null) return { text: 'NULL', tone: 'null' };
  if (cell === '') return { text: 'empty', tone: 'empty' };
  if (typeof cell === 'object') return { text: `${oneLine(cell.cut)}…`, tone: 'value' };
  return { text: kind === 'boolean' ? booleanWord(cell) : oneLine(cell), tone: 'value' };
}

/** `true` and `false` for the server's `t` and `f`. */
export function booleanWord(text: string): string {
  if (text === 't') return 'true';
  return text === 'f' ? 'false' : text;
}

/** The text that stands in a cell, as far as it was sent. */
export function sentText(cell: Cell): string | null {
  return typeof cell === 'object' && cell !== null ? cell.cut : cell;
}

function oneLine(text: string): string {
  return /[\r\n\t]/.test(text) ? text.replaceAll(/\r\n|\r|\n/g, '↵').replaceAll('\t', '⇥') : text;
}

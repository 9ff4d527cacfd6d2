import { clusterEnds } from '../text/graphemes.ts';
import { type Glyph, glyphsOf } from './glyph.ts';

/** A glyph with the colours it has: escape sequences (SGR) that count from plain. */
export type Cell = Glyph & { readonly style: string };

const REVERSE = '\x1b[7m';
// biome-ignore lint/suspicious/noControlCharactersInRegex: SGR sequences are what is looked for.
const sgr = /(\x1b\[[0-9;:]*m)/;
// biome-ignore lint/suspicious/noControlCharactersInRegex: as above.
const reset = /^\x1b\[0*m$/;

export function cell(glyph: Glyph, style: string): Cell {
  return { ...glyph, style: glyph.standsFor ? style + REVERSE : style };
}

/** A prompt's cells: its SGR sequences are colours, all other control characters are shown. */
export function promptCells(prompt: string): readonly Cell[] {
  let style = '';
  const cells: Cell[] = [];
  for (const part of prompt.split(sgr)) {
    if (reset.test(part)) style = '';
    else if (sgr.test(part)) style += part;
    else for (const glyph of textGlyphs(part)) cells.push(cell(glyph, style));
  }
  return cells;
}

function textGlyphs(text: string): readonly Glyph[] {
  const glyphs: Glyph[] = [];
  let at = 0;
  for (const end of clusterEnds(text, 0)) {
    glyphs.push(...glyphsOf(text.slice(at, end)));
    at = end;
  }
  return glyphs;
}

/** `text` as it may be shown to a terminal: nothing in it steers. For names of files and the like. */
export function visible(text: string): { readonly text: string; readonly width: number } {
  const glyphs = textGlyphs(text);
  return {
    text: glyphs.map((glyph) => glyph.text).join(''),
    width: glyphs.reduce((sum, { width }) => sum + width, 0),
  };
}

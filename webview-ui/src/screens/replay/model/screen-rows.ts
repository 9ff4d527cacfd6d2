import type { Terminal } from './emulator.ts';

/** Colours by their number in the palette of 256, as 0xRRGGBB, or as the theme has them. */
export type Colour = { readonly kind: 'palette' | 'rgb'; readonly value: number } | null;

/** Characters side by side that look alike. */
export type Run = {
  text: string;
  /** How many columns they take. */
  columns: number;
  readonly foreground: Colour;
  readonly background: Colour;
  readonly style: string;
  readonly isCursor: boolean;
};

type Line = NonNullable<ReturnType<Terminal['buffer']['active']['getLine']>>;
type Cell = NonNullable<ReturnType<Line['getCell']>>;

/** What a line of the screen shows, from its first column on, without blanks at its end. */
export function runsOf(terminal: Terminal, row: number): Run[] {
  const { active } = terminal.buffer;
  const line = active.getLine(active.viewportY + row);
  const runs: Run[] = [];
  const cell = active.getNullCell();
  for (let column = 0; column < terminal.cols; column += 1) {
    const isCursor = row === active.cursorY && column === Math.min(active.cursorX, terminal.cols - 1);
    // The second half of a wide character has no width of its own.
    if (line?.getCell(column, cell) === undefined || cell.getWidth() === 0) continue;
    add(runs, runOf(cell, isCursor));
  }
  while (isBlank(runs.at(-1))) runs.pop();
  return runs;
}

/** All the text of the screen, line by line, without the blanks at their ends. */
export function textOf(terminal: Terminal): string {
  const lines = Array.from({ length: terminal.rows }, (_, row) =>
    runsOf(terminal, row)
      .map(({ text }) => text)
      .join('')
      .trimEnd(),
  );
  return lines.join('\n').trimEnd();
}

function runOf(cell: Cell, isCursor: boolean): Run {
  const [foreground, background] = [colour(cell, 'Fg'), colour(cell, 'Bg')];
  return {
    text: cell.isInvisible() ? ' ' : shownText(cell.getChars()),
    columns: cell.getWidth(),
    foreground,
    background,
    style: STYLES.filter(([, has]) => has(cell))
      .map(([name]) => name)
      .join(' '),
    isCursor,
  };
}

/** What turns the direction of a line is nothing that is seen of a cell. */
function shownText(characters: string): string {
  if (characters === '') return ' ';
  if (characters.length === 1 && characters < '\u0080') return characters;
  return characters.replaceAll(DIRECTIONS, '') || ' ';
}

const DIRECTIONS = /[\u200e\u200f\u202a-\u202e\u2066-\u2069]/g;

const STYLES: readonly [string, (cell: Cell) => number][] = [
  ['bold', (cell) => cell.isBold()],
  ['dim', (cell) => cell.isDim()],
  ['italic', (cell) => cell.isItalic()],
  ['underlined', (cell) => cell.isUnderline()],
  ['struck', (cell) => cell.isStrikethrough()],
  ['inverse', (cell) => cell.isInverse()],
];

function colour(cell: Cell, which: 'Fg' | 'Bg'): Colour {
  const [isRgb, isPalette, value] =
    which === 'Fg'
      ? [cell.isFgRGB(), cell.isFgPalette(), cell.getFgColor()]
      : [cell.isBgRGB(), cell.isBgPalette(), cell.getBgColor()];
  if (isRgb) return { kind: 'rgb', value };
  return isPalette ? { kind: 'palette', value } : null;
}

/** A wide character stands alone: fonts seldom make it exactly two columns wide. */
function add(runs: Run[], run: Run): void {
  const last = runs.at(-1);
  const isAlike =
    last !== undefined &&
    run.columns === 1 &&
    last.columns === last.text.length &&
    run.text.length === 1 &&
    last.style === run.style &&
    last.isCursor === run.isCursor &&
    isSame(last.foreground, run.foreground) &&
    isSame(last.background, run.background);
  if (!isAlike) {
    runs.push(run);
    return;
  }
  last.text += run.text;
  last.columns += 1;
}

function isSame(one: Colour, other: Colour): boolean {
  return one?.kind === other?.kind && one?.value === other?.value;
}

function isBlank(run: Run | undefined): boolean {
  if (run === undefined || run.isCursor || run.background !== null) return false;
  return run.style === '' && run.text.trim() === '';
}

import headless from '@xterm/headless';
import { eastAsianWidth } from 'get-east-asian-width';
import type { Size } from './frame.ts';
import type { Reflow } from './resize.ts';

/**
 * How terminals differ on wide characters. `old`: emoji take one column (xterm.js with Unicode 6); `summed`: two, and a
 * sequence of them is as wide as all together (xterm, VTE); `joined`: a sequence takes two (kitty, Windows Terminal).
 */
export type Widths = 'old' | 'summed' | 'joined';

const markOfNoWidth = /^[\p{Mn}\p{Me}\p{Cf}\u1160-\u11ff]$/u;
const emoji = /^[\p{Emoji_Presentation}\p{Regional_Indicator}]$/u;
const joins = /^[\u200d\ufe0f\u20e3\p{Emoji_Modifier}]$/u;

function widthOf(codePoint: number): 0 | 1 | 2 {
  const character = String.fromCodePoint(codePoint);
  if (markOfNoWidth.test(character)) return 0;
  return emoji.test(character) ? 2 : eastAsianWidth(codePoint);
}

/** xterm.js's packed properties of a character: whether it joins the one before, its width, and a state. */
function properties(shouldJoin: boolean, width: number, afterJoiner: boolean): number {
  return (afterJoiner ? 8 : 0) | (width << 1) | (shouldJoin ? 1 : 0);
}

function propertiesOf(widths: Widths, codePoint: number, preceding: number): number {
  const width = widthOf(codePoint);
  const isJoiner = codePoint === 0x200d;
  const precedingWidth = (preceding >> 1) & 3;
  const followsJoiner = widths === 'joined' && preceding >> 3 === 1;
  const character = String.fromCodePoint(codePoint);
  if (widths === 'joined' && preceding !== 0 && (followsJoiner || joins.test(character))) {
    return properties(true, Math.max(2, precedingWidth), isJoiner);
  }
  if (width === 0 && preceding !== 0) return properties(true, precedingWidth, isJoiner);
  return properties(false, width, false);
}

/** A real terminal without a window: xterm.js. */
export class TerminalModel {
  readonly #terminal: headless.Terminal;
  readonly #reflow: Reflow;

  constructor({ columns, rows }: Size, widths: Widths, reflow: Reflow) {
    this.#reflow = reflow;
    this.#terminal = new headless.Terminal({
      cols: columns,
      rows,
      scrollback: 5000,
      allowProposedApi: true,
      reflowCursorLine: reflow === 'all',
      ...(reflow === 'none' ? { windowsPty: { backend: 'conpty', buildNumber: 19000 } } : {}),
    });
    if (widths === 'old') return;
    this.#terminal.unicode.register({
      version: widths,
      wcwidth: widthOf,
      charProperties: (codePoint, preceding) => propertiesOf(widths, codePoint, preceding),
    });
    this.#terminal.unicode.activeVersion = widths;
  }

  /** Resolves when all of it is on the screen. */
  write(data: string | Uint8Array): Promise<void> {
    return new Promise((resolve) => this.#terminal.write(data, resolve));
  }

  async resize({ columns, rows }: Size): Promise<void> {
    // Without reflow xterm.js keeps what is cut off and shows it again; terminals that never reflow do not.
    if (this.#reflow === 'none') await this.#eraseFrom(columns);
    const restoreCursor = this.#reflow === 'all' ? this.#cursorInLine() : null;
    this.#terminal.resize(columns, rows);
    if (restoreCursor !== null) await this.write(restoreCursor());
  }

  /**
   * xterm.js does not take the cursor along when it breaks its line anew; VTE and others do. Gives what tells where the
   * cursor belongs then.
   */
  #cursorInLine(): () => string {
    const { baseY, cursorX, cursorY } = this.#terminal.buffer.active;
    let first = baseY + cursorY;
    while (first > 0 && this.#isWrapped(first)) first -= 1;
    const marker = this.#terminal.registerMarker(first - baseY - cursorY);
    let offset = cursorX;
    for (let line = first; line < baseY + cursorY; line += 1) offset += this.#columnsUsed(line);
    return () => {
      let line = marker?.line ?? 0;
      let column = offset;
      while (column >= this.#columnsUsed(line) && this.#isWrapped(line + 1)) {
        column -= this.#columnsUsed(line);
        line += 1;
      }
      return `\x1b[${line - this.#terminal.buffer.active.baseY + 1};${column + 1}H`;
    };
  }

  #isWrapped(line: number): boolean {
    return this.#terminal.buffer.active.getLine(line)?.isWrapped ?? false;
  }

  /** All, but for the last where a wide character went to the next row. */
  #columnsUsed(line: number): number {
    const last = this.#terminal.cols - 1;
    const { active } = this.#terminal.buffer;
    const goesOn =
      this.#isWrapped(line + 1) &&
      active
        .getLine(line + 1)
        ?.getCell(0)
        ?.getWidth() === 2;
    const isLeft = active.getLine(line)?.getCell(last)?.getCode() === 0;
    const isHalf = active.getLine(line)?.getCell(last)?.getWidth() === 0;
    return goesOn && isLeft && !isHalf ? last : last + 1;
  }

  #eraseFrom(column: number): Promise<void> {
    if (column >= this.#terminal.cols) return Promise.resolve();
    const rows = Array.from(
      { length: this.#terminal.rows },
      (_, row) => `\x1b[${row + 1};${column + 1}H\x1b[K`,
    );
    return this.write(`\x1b7${rows.join('')}\x1b8`);
  }

  /** Both from 0; a cursor behind the last column counts as in it. */
  get cursor(): { row: number; column: number } {
    const { cursorX, cursorY } = this.#terminal.buffer.active;
    return { row: cursorY, column: cursorX };
  }

  /** What stands in a row of the screen, column by column; rows above the screen have negative numbers. */
  row(row: number): { text: string; inverse: boolean; colour: number }[] {
    const { baseY } = this.#terminal.buffer.active;
    const line = this.#terminal.buffer.active.getLine(baseY + row);
    return Array.from({ length: this.#terminal.cols }, (_, column) => {
      const cell = line?.getCell(column);
      return {
        text: cell?.getChars() ?? '',
        inverse: cell?.isInverse() !== 0,
        colour: cell?.isFgPalette() ? cell.getFgColor() : -1,
      };
    });
  }

  /** A row's text without blanks at its end. */
  text(row: number): string {
    return this.row(row)
      .map(({ text }) => text || ' ')
      .join('')
      .trimEnd();
  }

  /** All rows, those above the screen too, down to the last one that holds something. */
  lines(): string[] {
    const { baseY } = this.#terminal.buffer.active;
    const count = baseY + this.#terminal.rows;
    const lines = Array.from({ length: count }, (_, index) => this.text(index - baseY));
    while (lines.at(-1) === '') lines.pop();
    return lines;
  }

  [Symbol.dispose](): void {
    this.#terminal.dispose();
  }
}

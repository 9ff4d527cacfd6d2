import type { Terminal } from './emulator.ts';

type Place = { readonly column: number; readonly row: number };

/** First and last line that scroll, counted from 1; 0 is the screen's last. */
type Margins = { readonly top: number; readonly bottom: number };

const EVERYTHING: Margins = { top: 1, bottom: 0 };
const HOME: Place = { column: 0, row: 0 };
const ORIGIN = 6;
const SAVES_CURSOR = [1048, 1049];
const OTHER_SCREEN = [47, 1047, 1049];

/**
 * What a screen's serialiser leaves out and programs go on from: where lines scroll (DECSTBM), and cursors that were
 * saved (DECSC). Colours and character sets of a saved cursor are not known.
 */
export class Unserialised {
  readonly #terminal: Terminal;
  readonly #margins = { normal: EVERYTHING, alternate: EVERYTHING };
  readonly #saved = { normal: HOME, alternate: HOME };

  constructor(terminal: Terminal) {
    this.#terminal = terminal;
    const { parser } = terminal;
    parser.registerCsiHandler({ final: 'r' }, ([top, bottom]) => this.#scrolls(number(top), number(bottom)));
    parser.registerEscHandler({ final: '7' }, () => this.#saves());
    parser.registerCsiHandler({ final: 's' }, () => this.#saves());
    parser.registerCsiHandler({ prefix: '?', final: 'h' }, (modes) =>
      modes.some((mode) => SAVES_CURSOR.includes(number(mode))) ? this.#saves() : false,
    );
    parser.registerCsiHandler({ prefix: '?', final: 'l' }, (modes) => {
      if (modes.some((mode) => OTHER_SCREEN.includes(number(mode)))) this.#margins.alternate = EVERYTHING;
      return false;
    });
    parser.registerEscHandler({ final: 'c' }, () => this.reset());
    parser.registerCsiHandler({ intermediates: '!', final: 'p' }, () => this.reset());
    terminal.onResize(() => this.#unbound());
  }

  reset(): false {
    this.#saved.normal = HOME;
    this.#saved.alternate = HOME;
    return this.#unbound();
  }

  /** Whether all of it can be written: where the ordinary screen scrolls cannot, while the other one is shown. */
  get isWhole(): boolean {
    return this.#terminal.buffer.active.type === 'normal' || this.#margins.normal === EVERYTHING;
  }

  /** What is written before a serialised screen. */
  before(): string {
    const { normal } = this.#saved;
    return normal === HOME ? '' : `${this.#to(normal)}\u001b7${this.#to(HOME)}`;
  }

  /** What is written behind it: everything that moves the cursor, and the cursor again. */
  after(): string {
    const { rows, buffer, modes } = this.#terminal;
    const { top, bottom: last } = this.#margins[buffer.active.type];
    const bottom = last === 0 ? rows : Math.min(last, rows);
    const margins = top < bottom && (top > 1 || bottom < rows) ? `\u001b[${top};${bottom}r` : '';
    const { alternate } = this.#saved;
    const saved =
      buffer.active.type === 'alternate' && alternate !== HOME ? `${this.#to(alternate)}\u001b7` : '';
    if (margins === '' && saved === '' && !modes.originMode) return '';
    const origin = modes.originMode ? [`\u001b[?${ORIGIN}l`, `\u001b[?${ORIGIN}h`] : ['', ''];
    return `${origin[0]}${saved}${margins}${origin[1]}${this.#cursor(modes.originMode ? top - 1 : 0)}`;
  }

  #scrolls(top: number, bottom: number): false {
    const isEverything = top <= 1 && bottom === 0;
    const margins = isEverything ? EVERYTHING : { top: top || 1, bottom };
    this.#margins[this.#terminal.buffer.active.type] = margins;
    return false;
  }

  #unbound(): false {
    this.#margins.normal = EVERYTHING;
    this.#margins.alternate = EVERYTHING;
    return false;
  }

  #saves(): false {
    const { active } = this.#terminal.buffer;
    this.#saved[active.type] = { column: active.cursorX, row: active.cursorY };
    return false;
  }

  /** A cursor that waits behind the last column to wrap gets there by writing what stands there once more. */
  #cursor(above: number): string {
    const { buffer, cols } = this.#terminal;
    const { cursorX, cursorY } = buffer.active;
    const to = this.#to({ column: cursorX, row: cursorY - above });
    if (cursorX < cols) return to;
    return (
      to +
      (buffer.active
        .getLine(cursorY)
        ?.getCell(cols - 1)
        ?.getChars() || ' ')
    );
  }

  #to({ column, row }: Place): string {
    const { cols, rows } = this.#terminal;
    return `\u001b[${Math.min(Math.max(row, 0), rows - 1) + 1};${Math.min(column, cols - 1) + 1}H`;
  }
}

function number(parameter: number | number[] | undefined): number {
  return (Array.isArray(parameter) ? parameter[0] : parameter) ?? 0;
}

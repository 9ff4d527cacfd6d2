import type { Editor } from './editor/state.ts';
import { promptOf } from './editor/view.ts';
import { inColumns } from './screen/columns.ts';
import { type Frame, frameOf, type Size } from './screen/frame.ts';
import { layOut } from './screen/layout.ts';
import { leave, paint } from './screen/paint.ts';
import { eraseAfterResize, type Reflow } from './screen/resize.ts';

const CONTINUATION = '> ';
const CLEAR = '\x1b[H\x1b[2J';

/** What of a line stands on the client's terminal, and what to write to change it. Collects output until `take`. */
export class LineScreen {
  prompt = '';
  #size: Size;
  readonly #reflow: Reflow;
  #shown: Frame | null = null;
  #output = '';

  constructor(size: Size, reflow: Reflow) {
    this.#size = size;
    this.#reflow = reflow;
  }

  get columns(): number {
    return this.#size.columns;
  }

  /** What was written since it was taken last. */
  take(): string {
    const output = this.#output;
    this.#output = '';
    return output;
  }

  /** Writes as it is; the caller knows that it doesn't move the cursor, or that nothing of a line is shown. */
  write(output: string): void {
    this.#output += output;
  }

  /** Makes the terminal show the line. */
  show(editor: Editor): void {
    const content = { ...editor, prompt: promptOf(editor, this.prompt), continuation: CONTINUATION };
    const frame = frameOf(layOut(content, this.#size.columns), this.#size, this.#shown?.top ?? 0);
    this.#output += paint(this.#shown, frame);
    this.#shown = frame;
  }

  /** Goes to the left margin below the line, which stays as it is. `mark` is written behind its end. */
  finish(editor: Editor, mark = ''): void {
    this.show({ ...editor, search: null, cursor: editor.text.length });
    if (this.#shown !== null) this.#output += mark + leave(this.#shown);
    this.#shown = null;
  }

  /** Lists names below the line; the next `show` draws it again below them. */
  list(editor: Editor, names: readonly string[]): void {
    this.finish(editor);
    this.#output += inColumns(names, this.#size.columns);
  }

  /** Erases the line; the next `show` draws it where it began. */
  erase(): void {
    if (this.#shown !== null) this.#output += eraseAfterResize(this.#shown, this.#size.columns, 'none');
    this.#shown = null;
  }

  clear(): void {
    this.#output += CLEAR;
    this.#shown = null;
  }

  /** The terminal has another size now; it has moved what it shows. */
  resize(size: Size): void {
    if (this.#shown !== null) {
      this.#output += eraseAfterResize(this.#shown, size.columns, this.#reflow);
      this.#shown = null;
    }
    this.#size = size;
  }
}

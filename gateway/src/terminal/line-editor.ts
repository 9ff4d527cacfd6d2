import { assertNever } from '../../contract/assert-never.ts';
import { completed } from './editor/completion.ts';
import { answered, edit, isInterrupt, nextLine } from './editor/edit.ts';
import {
  type Candidate,
  type Editor,
  type EditorEvent,
  MAX_LINE_LENGTH,
  newEditor,
  type Step,
} from './editor/state.ts';
import { emptyHistory, type History } from './history/history.ts';
import type { Key } from './keys/key.ts';
import { KeyReader } from './keys/key-reader.ts';
import { LineScreen } from './line-screen.ts';
import { ENTER_EDITING, LEAVE_EDITING } from './modes.ts';
import { freshRow } from './screen/columns.ts';
import type { Size } from './screen/frame.ts';
import type { Reflow } from './screen/resize.ts';
import { TypeAhead } from './type-ahead.ts';

/** What the caller has to see to. */
export type LineEvent =
  /** A line was entered; nothing else is read until `answer`. */
  | { readonly kind: 'submit'; readonly line: string }
  /** Candidates for the word before `cursor` are wanted; nothing else is read until `candidates`. */
  | { readonly kind: 'complete'; readonly text: string; readonly cursor: number }
  /** Ctrl-C while an entered line is with the caller. */
  | { readonly kind: 'interrupt' }
  /** Ctrl-D on an empty line: the person is done. */
  | { readonly kind: 'endOfFile' };

/** Bytes for the client's terminal, and events in their order. */
export type Output = { readonly bytes: Uint8Array; readonly events: readonly LineEvent[] };

const BELL = '\x07';
const TOO_LONG = [
  `A command line may have ${MAX_LINE_LENGTH} characters, and this would be more: the last of it was not taken.`,
  'Press Ctrl-C for a new line, and put long text in a file on the host.',
].join('\n');

/**
 * The line editor of one terminal: bytes of the client in, bytes for the client and entered lines out. Between the
 * answer to a line and the next `begin` the terminal is the program's; what `receive` gets then is kept for the next
 * line. No clock: where `timeoutMs` is not null, call `expire` when that long nothing came.
 */
export class LineEditor {
  readonly #reader = new KeyReader();
  readonly #typeAhead = new TypeAhead();
  readonly #screen: LineScreen;
  readonly #encoder = new TextEncoder();
  #editor: Editor;
  #events: LineEvent[] = [];
  #isTooLong = false;

  /** `size` is the client's terminal; it begins with no line: call `begin`. */
  constructor(size: Size, options: { readonly history?: History; readonly reflow?: Reflow } = {}) {
    this.#screen = new LineScreen(size, options.reflow ?? 'unknown');
    this.#editor = { ...newEditor(options.history ?? emptyHistory), mode: 'ended' };
  }

  /** What was entered, oldest first: to be kept for the next session. */
  get history(): History {
    return this.#editor.history;
  }

  /** Milliseconds without a byte after which `expire` is due; null when nothing hangs on time. */
  get timeoutMs(): number | null {
    return this.#reader.timeoutMs;
  }

  /** Begins a line in a row of its own, then reads what was typed ahead. `prompt` may have colours (SGR). */
  begin(prompt: string): Output {
    if (this.#editor.mode !== 'ended') this.#screen.finish(this.#editor);
    this.#screen.write(ENTER_EDITING + freshRow(this.#screen.columns));
    this.#screen.prompt = prompt;
    this.#editor = nextLine(this.#editor);
    return this.#with(this.#typeAhead.take());
  }

  /** Bytes that the client's terminal sent. */
  receive(bytes: Uint8Array): Output {
    return this.#with(this.#reader.read(bytes));
  }

  /** See `timeoutMs`. */
  expire(): Output {
    return this.#with(this.#reader.expire());
  }

  /**
   * The answer to `submit`. `complete`: the cursor goes below the line and the modes of the editor are switched off;
   * `incomplete`: a prompt for more of it; `refused`: the person goes on with it as it stands.
   */
  answer(answer: 'complete' | 'incomplete' | 'refused'): Output {
    if (this.#editor.mode !== 'submitted') return this.#taken();
    if (answer === 'complete') {
      this.#screen.finish(this.#editor);
      this.#screen.write(LEAVE_EDITING);
    }
    this.#apply(answered(this.#editor, answer));
    return this.#with(answer === 'complete' ? [] : this.#typeAhead.take());
  }

  /** The answer to `complete`: what may stand from offset `from` to the cursor. Without candidates a bell. */
  candidates(from: number, candidates: readonly Candidate[]): Output {
    if (this.#editor.mode !== 'completing') return this.#taken();
    this.#apply(completed(this.#editor, from, candidates));
    return this.#with(this.#typeAhead.take());
  }

  /** Forgets what was typed ahead: what was meant to follow a line that did not run. */
  discardTypeAhead(): void {
    this.#typeAhead.take();
  }

  /** The client's terminal has another size. */
  resize(size: Size): Output {
    this.#screen.resize(size);
    return this.#with([]);
  }

  /** Shows a message above the line, or where the cursor is when there is none. Its escape sequences are the caller's. */
  print(message: string): Output {
    this.#say(message);
    return this.#with([]);
  }

  #say(message: string): void {
    this.#screen.erase();
    this.#screen.write(`${message.replace(/\r?\n/g, '\r\n')}\r\n`);
  }

  #with(keys: readonly Key[]): Output {
    for (const key of keys) this.#press(key);
    if (this.#isTooLong) this.#say(TOO_LONG);
    this.#isTooLong = false;
    if (this.#editor.mode !== 'ended') this.#screen.show(this.#editor);
    return this.#taken();
  }

  #press(key: Key): void {
    const { mode } = this.#editor;
    const away = mode === 'submitted' || mode === 'ended';
    if (isInterrupt(key)) this.discardTypeAhead();
    if (isInterrupt(key) && away) this.#events.push({ kind: 'interrupt' });
    else if (mode === 'editing' || isInterrupt(key)) this.#apply(edit(this.#editor, key));
    else if (!this.#typeAhead.keep(key)) this.#screen.write(BELL);
  }

  #apply({ state, events }: Step): void {
    const before = this.#editor;
    this.#editor = state;
    for (const event of events) this.#heed(event, before);
  }

  #heed(event: EditorEvent, before: Editor): void {
    switch (event.kind) {
      case 'submit':
      case 'complete':
        this.#events.push(event);
        return;
      case 'endOfFile':
        this.#screen.finish(before);
        this.#screen.write(LEAVE_EDITING);
        this.#events.push(event);
        return;
      case 'abandoned':
        this.#screen.finish(before, '^C');
        return;
      case 'list':
        this.#screen.list(
          before,
          event.candidates.map(({ shown }) => shown),
        );
        return;
      case 'clearScreen':
        this.#screen.clear();
        return;
      case 'bell':
        this.#screen.write(BELL);
        return;
      case 'tooLong':
        this.#isTooLong = true;
        return;
      default:
        assertNever(event);
    }
  }

  #taken(): Output {
    const events = this.#events;
    this.#events = [];
    return { bytes: this.#encoder.encode(this.#screen.take()), events };
  }
}

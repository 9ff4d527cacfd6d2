import * as vscode from 'vscode';
import { TerminalLine, type TerminalLineOptions, type TerminalPlace } from '../terminals/terminal-line.ts';
import { endingInWords, terminalTitle } from '../terminals/wording.ts';

const USUAL_SIZE = { columns: 80, rows: 24 };

/** A terminal of the editor before a shell on a host. */
export class HostTerminal implements vscode.Pseudoterminal {
  readonly place: TerminalPlace;
  readonly #access: TerminalLineOptions['access'];
  readonly #onChange: () => void;
  readonly #written = new vscode.EventEmitter<string>();
  readonly #closed = new vscode.EventEmitter<number | undefined>();
  readonly #named = new vscode.EventEmitter<string>();
  readonly onDidWrite = this.#written.event;
  readonly onDidClose = this.#closed.event;
  readonly onDidChangeName = this.#named.event;
  #size = USUAL_SIZE;
  #line: TerminalLine | null = null;

  /** @param onChange its state, account or watchers are others now */
  constructor(place: TerminalPlace, access: TerminalLineOptions['access'], onChange: () => void) {
    this.place = place;
    this.#access = access;
    this.#onChange = onChange;
  }

  get line(): TerminalLine | null {
    return this.#line;
  }

  open(size: vscode.TerminalDimensions | undefined): void {
    if (size !== undefined) this.#size = { columns: size.columns, rows: size.rows };
    this.#begin();
  }

  setDimensions({ columns, rows }: vscode.TerminalDimensions): void {
    this.#size = { columns, rows };
    this.#line?.resize(this.#size);
  }

  handleInput(text: string): void {
    if (this.#line?.state.value.kind !== 'ended') this.#line?.type(text);
    else if (text === '\r') this.#begin();
  }

  /** The person has closed it. */
  close(): void {
    this.#line?.close();
  }

  #begin(): void {
    const decoder = new TextDecoder();
    const line = new TerminalLine({
      place: this.place,
      size: this.#size,
      access: this.#access,
      onBytes: (bytes) => this.#written.fire(decoder.decode(bytes, { stream: true })),
    });
    this.#line = line;
    line.state.follow(() => this.#changed(line));
    line.watchers.follow(this.#onChange);
    this.#changed(line);
    void line.start();
  }

  #changed(line: TerminalLine): void {
    const state = line.state.value;
    this.#named.fire(terminalTitle(this.place, line.account, state));
    if (state.kind === 'ended') {
      if (state.why === '' && state.exitCode === 0) this.#closed.fire(0);
      else this.#written.fire(endingInWords(state.why));
    }
    this.#onChange();
  }
}

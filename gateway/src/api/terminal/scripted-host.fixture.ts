import type { FileContent, FileListing } from '../../../contract/file-endpoints.ts';
import type { SessionId, TargetName } from '../../../contract/ids.ts';
import type {
  GovernedHost,
  HostTerminal,
  Screen,
  WantedTerminal,
  WindowSize,
} from '../../core/flow/governed-host.ts';

/** A shell that shows what the test writes, and notes what it is given. */
export class ScriptedTerminal implements HostTerminal {
  readonly session: SessionId;
  readonly wanted: WantedTerminal;
  readonly screen: Screen;
  readonly notes: string[] = [];
  #wake: () => void = () => undefined;

  constructor(session: SessionId, wanted: WantedTerminal, screen: Screen) {
    this.session = session;
    this.wanted = wanted;
    this.screen = screen;
  }

  typed(bytes: Uint8Array): void {
    this.#note(`typed ${Buffer.from(bytes)}`);
  }

  resize({ columns, rows }: WindowSize): void {
    this.#note(`resize ${columns}x${rows}`);
  }

  drained(): void {
    this.#note('drained');
  }

  close(): void {
    this.#note('close');
  }

  show(text: string): boolean {
    return this.screen.write(Buffer.from(text));
  }

  /** Resolves once it was given that. */
  async has(note: string): Promise<void> {
    while (!this.notes.includes(note)) {
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
  }

  #note(note: string): void {
    this.notes.push(note);
    this.#wake();
  }
}

/** A host whose terminals the test holds in its hands, in the order they were opened. */
export class ScriptedHost implements GovernedHost {
  readonly target: GovernedHost['target'];
  readonly accounts = ['deploy', 'root'];
  readonly #waiting: Array<(terminal: ScriptedTerminal) => void> = [];

  constructor(name: TargetName) {
    this.target = { name, kind: 'ssh', labels: {}, accounts: this.accounts };
  }

  /** The terminal that is opened next. */
  next(): Promise<ScriptedTerminal> {
    return new Promise((resolve) => this.#waiting.push(resolve));
  }

  async openTerminal(
    _principal: unknown,
    session: SessionId,
    wanted: WantedTerminal,
    screen: Screen,
  ): Promise<HostTerminal> {
    const terminal = new ScriptedTerminal(session, wanted, screen);
    this.#waiting.shift()?.(terminal);
    return terminal;
  }

  async listFiles(): Promise<FileListing> {
    return { kind: 'listing', entries: [], isCut: false };
  }

  async readFile(): Promise<FileContent> {
    return { kind: 'folder' };
  }
}

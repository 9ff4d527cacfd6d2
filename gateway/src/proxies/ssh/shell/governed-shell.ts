import type { Client } from 'ssh2';
import type { Detection } from '../../../../contract/detection.ts';
import { SluiceError } from '../../../../contract/error.ts';
import type { Grant } from '../../../core/access/grant.ts';
import type { OpenRecord } from '../../../core/flow/govern.ts';
import type { Session } from '../../../core/flow/session.ts';
import type { Tape } from '../../../core/recording/tape.ts';
import { lockSentence, type OpenSession, type SessionNote } from '../../../core/sessions/open-session.ts';
import { type Output as EditorOutput, LineEditor, type LineEvent } from '../../../terminal/line-editor.ts';
import { ALTERNATE_SCREEN_OFF, ENTER_EDITING, LEAVE_EDITING } from '../../../terminal/modes.ts';
import { type Decidable, decidable } from '../action.ts';
import { type Granted, payloadOf, type SshServices } from '../context.ts';
import { Question } from '../question.ts';
import { homeOf } from '../upstream/home.ts';
import { RECORDING_FULL, told, UNRECORDED } from '../words.ts';
import { BackgroundOutput } from './background-output.ts';
import type { ClientTerminal, TerminalListener } from './client-terminal.ts';
import { candidatesIn, decidableListing, printed, redacted, wantedAt, whereLeads } from './completion.ts';
import { bounded, type HostShell, type HostShellEvents, type Terminal } from './host-shell.ts';
import { LINE_FORWARD_WORDS, LineForward } from './line-forward.ts';
import { prompt } from './prompt.ts';
import { asksForRawTerminal, decidableRawTerminal, RAW_TERMINAL_WORDS } from './raw-terminal.ts';
import { type ReadLine, readStrictly } from './read-line.ts';
import { RemoteShell } from './remote-shell.ts';
import { ShownOutput } from './shown-output.ts';

export type GovernedShellParts = {
  session: Session;
  account: string;
  services: SshServices;
  readLine: ReadLine;
  /** Entered when it has begun, as if it had been typed. */
  firstLine?: string | null;
  upstream: Client;
  client: ClientTerminal;
  terminal: Terminal;
  /** The session as others see it, end it and lock it. */
  live: OpenSession;
  tape: Tape;
  now: () => number;
  /** The connection must end: a record can't be kept, or the host is gone. */
  onFault: (error: unknown) => void;
};

type Running = { record: OpenRecord; output: ShownOutput; startedMs: number };

/**
 * A shell whose lines are read here, decided, recorded, and only then given to the host's. While a program runs the
 * terminal is the program's.
 */
export class GovernedShell implements TerminalListener {
  readonly #parts: GovernedShellParts;
  readonly #editor: LineEditor;
  readonly #tape: Tape;
  /** What others did while a program ran, for its person. */
  #untold: string[] = [];
  #unlisten: () => void = () => undefined;
  #remote: HostShell | null = null;
  #running: Running | null = null;
  /** What runs is a raw terminal, of which the recording alone tells. */
  #isRaw = false;
  #asked: Question | null = null;
  #firstLine: string | null;
  #readLine: ReadLine;
  /** All that was ever looked for here: what ran under it may go on in the background. */
  #detections: readonly Detection[] = [];
  readonly #background = new BackgroundOutput((text) => this.#show(this.#editor.print(text)));
  #aside = this.#newAside();
  #folder: string | null = null;
  #ended = false;
  #expiry: NodeJS.Timeout | undefined;

  constructor(parts: GovernedShellParts) {
    this.#parts = { ...parts, terminal: bounded(parts.terminal) };
    this.#tape = parts.tape;
    this.#firstLine = parts.firstLine ?? null;
    this.#readLine = parts.readLine;
    this.#editor = new LineEditor(this.#parts.terminal);
  }

  /** @throws SluiceError `target.unreachable` where the host starts nothing */
  async start(): Promise<void> {
    const { upstream, terminal, live } = this.#parts;
    this.#unlisten = live.onNote((note) => this.#noted(note));
    const events: HostShellEvents = {
      output: (bytes) => (this.#running?.output ?? this.#aside).push(bytes),
      prompt: (exitCode, folder) => void this.#prompted(exitCode, folder).catch((error) => this.#fail(error)),
      taken: () => this.#parts.client.resume?.(),
      closed: () => void this.#closed().catch((error) => this.#fail(error)),
    };
    const shell = await RemoteShell.start(upstream, terminal, events);
    // Nothing is shown before it is known that it can be kept.
    await this.#tape.durable();
    if (shell === null) {
      // What runs lines there need not be a Bash, which audit mode reads.
      this.#readLine = readStrictly;
      this.#tell(LINE_FORWARD_WORDS);
    }
    this.#remote = shell ?? new LineForward(upstream, terminal, await homeOf(upstream), events);
    if (this.#ended) this.#remote.close();
  }

  resize(said: Omit<Terminal, 'term'>): void {
    const size = bounded(said);
    this.#remote?.resize(size);
    this.#tape.resize(size);
    this.#show(this.#editor.resize(size));
  }

  typed(bytes: Uint8Array): void {
    const { lock } = this.#parts.live;
    if (lock !== null) {
      if (this.#running === null && bytes.includes(ENTER)) this.#tell(lockSentence(lock));
      else this.#write(BELL);
    } else if (this.#running !== null) {
      this.#running.output.typed(bytes);
      if (this.#remote?.type(bytes) === false) this.#parts.client.pause?.();
    } else this.#show(this.#editor.receive(bytes));
  }

  drained(): void {
    for (const output of [this.#running?.output, this.#aside]) output?.resume();
    this.#remote?.resume();
  }

  left(): void {
    this.#end();
  }

  /** It can't go on: its person is told in general words, and the gateway's log in full. */
  fail(error: unknown): void {
    this.#fail(error);
  }

  #noted({ marker, sentence, isLast }: SessionNote): void {
    this.#tape.mark({ kind: 'session', text: marker });
    if (isLast) this.#leave(sentence);
    else if (this.#running === null) this.#tell(sentence);
    else this.#untold.push(sentence);
  }

  #tell(sentence: string): void {
    this.#show(this.#editor.print(told(sentence, '')));
  }

  /** Ends it whatever runs, on the screen that the client had before. */
  #leave(sentence: string): void {
    if (this.#ended) return;
    const words = told(sentence, '').replace(/\n/g, '\r\n');
    this.#write(Buffer.from(`${ORDINARY_SCREEN}\r\n\x1b[K${words}\r\n`));
    this.#parts.client.end(ENDED_BY_OTHERS);
    this.#end();
  }

  #write(bytes: Uint8Array): void {
    if (this.#ended || bytes.byteLength === 0) return;
    this.#tape.output(bytes);
    // What nobody decides is at least on the tape.
    if (this.#isRaw && this.#tape.isFull) this.#leaveFull();
    else if (!this.#parts.client.write(bytes)) this.#pause();
  }

  #pause(): void {
    for (const output of [this.#running?.output, this.#aside]) output?.pause();
    this.#remote?.pause();
  }

  #leaveFull(): void {
    this.#isRaw = false;
    this.#leave(RECORDING_FULL);
  }

  #show({ bytes, events }: EditorOutput): void {
    this.#write(bytes);
    clearTimeout(this.#expiry);
    const { timeoutMs } = this.#editor;
    if (timeoutMs !== null) this.#expiry = setTimeout(() => this.#show(this.#editor.expire()), timeoutMs);
    for (const event of events) this.#handle(event);
  }

  #handle(event: LineEvent): void {
    if (event.kind === 'submit') void this.#submitted(event.line).catch((error) => this.#fail(error));
    else if (event.kind === 'complete')
      void this.#complete(event.text.slice(0, event.cursor)).catch((error) => this.#fail(error));
    else if (event.kind === 'interrupt') void this.#asked?.withdraw().catch((error) => this.#fail(error));
    else this.#finish();
  }

  /** Names of files, listed on the host as anything else is done there. */
  async #complete(line: string): Promise<void> {
    const { session, account, services, upstream } = this.#parts;
    const wanted = wantedAt(line, this.#folder);
    if (wanted === null) return this.#show(this.#editor.candidates(line.length, []));
    const leads = await whereLeads(upstream, wanted.folder);
    const question = new Question(services, () => undefined);
    const answer = await question.ask(decidableListing({ session, account }, wanted.folder, leads));
    const startedMs = this.#parts.now();
    let names = '';
    if (answer.kind === 'granted') {
      const listed = await printed(upstream, payloadOf(answer.grant, 'exec').command);
      names = redacted(listed, answer.grant.decision.detections);
      const durationMs = this.#parts.now() - startedMs;
      await answer.record.close({ ...NOTHING, status: 'done', bytes: Buffer.byteLength(names), durationMs });
    }
    if (!this.#ended) this.#show(this.#editor.candidates(wanted.from, candidatesIn(names, wanted)));
  }

  async #submitted(line: string): Promise<void> {
    if (asksForRawTerminal(line))
      return this.#ask(line, decidableRawTerminal(this.#parts), RAW_TERMINAL_WORDS);
    const reading = this.#readLine(line);
    if (reading.outcome === 'incomplete') return this.#show(this.#editor.answer('incomplete'));
    if (reading.outcome === 'complete' && reading.text === '') return this.#next();
    const { session, account } = this.#parts;
    return this.#ask(line, decidable(line, reading, { session, account, folder: this.#folder }), '');
  }

  /** @param words what is said where it is granted */
  async #ask(line: string, wanted: Decidable, words: string): Promise<void> {
    const question = new Question(this.#parts.services, (waiting) => this.#show(this.#editor.print(waiting)));
    this.#asked = question;
    this.#tape.mark({ kind: 'command', text: line });
    const answer = await question.ask(wanted, this.#tape.place);
    this.#asked = null;
    if (answer.kind === 'granted') {
      this.#isRaw = words !== '';
      if (this.#isRaw) this.#tell(words);
      return this.#run(answer.grant, answer.record);
    }
    if (answer.kind === 'refused') this.#refuse(answer.sentence, answer.next);
  }

  #run(grant: Grant<Granted>, record: OpenRecord): void {
    this.#tape.mark({ kind: 'decision', text: grant.decision.sentence });
    this.#aside.end();
    this.#background.flush();
    this.#show(this.#editor.answer('complete'));
    this.#detections = united(this.#detections, grant.decision.detections ?? []);
    const output = new ShownOutput(this.#detections, (bytes) => this.#write(bytes));
    this.#aside = this.#newAside();
    this.#running = { record, output, startedMs: this.#parts.now() };
    this.#remote?.run(payloadOf(grant, 'exec').command);
  }

  /** What ran has ended: its end is on disk before the next line is read. */
  async #prompted(exitCode: number, folder: string | null): Promise<void> {
    this.#folder = folder;
    const running = this.#running;
    this.#isRaw = false;
    // From here on what is typed is for the next line.
    this.#running = null;
    this.#parts.client.resume?.();
    if (running !== null) await this.#close(running, 'done');
    for (const sentence of this.#untold.splice(0)) this.#tell(sentence);
    if (!this.#ended)
      this.#show(
        this.#editor.begin(
          prompt(this.#parts.account, this.#parts.session.target.name, folder ?? '?', exitCode),
        ),
      );
    const first = this.#firstLine;
    this.#firstLine = null;
    if (first !== null) this.#show(this.#editor.receive(Buffer.from(`${first}\r`)));
  }

  /** Where programs write to while none has the terminal. */
  #newAside(): ShownOutput {
    return new ShownOutput(this.#detections, (bytes) => this.#background.push(bytes));
  }

  async #close({ record, output, startedMs }: Running, status: 'done' | 'lost'): Promise<void> {
    output.end();
    const { bytes, detected } = output;
    for (const [detector, count] of Object.entries(detected.detected ?? {}))
      this.#tape.mark({ kind: 'mask', text: `${count} ${detector}` });
    const kept = this.#tape.durable();
    await Promise.all([
      kept,
      record.close({ ...NOTHING, ...detected, status, bytes, durationMs: this.#parts.now() - startedMs }),
    ]);
  }

  #refuse(sentence: string, next: string): void {
    this.#tape.mark({ kind: 'decision', text: sentence });
    this.#editor.discardTypeAhead();
    this.#show(this.#editor.answer('complete'));
    this.#write(Buffer.from(`${told(sentence, next).replace(/\n/g, '\r\n')}\r\n`));
    this.#next();
  }

  /** A new line, where nothing ran. */
  #next(): void {
    this.#show(this.#editor.answer('complete'));
    const { account, session } = this.#parts;
    this.#show(this.#editor.begin(prompt(account, session.target.name, this.#folder ?? '', 0)));
  }

  async #closed(): Promise<void> {
    const running = this.#running;
    this.#running = null;
    if (running !== null) await this.#close(running, 'lost');
    this.#finish();
  }

  #finish(): void {
    if (this.#ended) return;
    this.#parts.client.end(0);
    this.#end();
  }

  #end(): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#unlisten();
    this.#background.close();
    // A tape that can't be kept has said so already.
    this.#tape.end().catch(() => undefined);
    clearTimeout(this.#expiry);
    this.#remote?.close();
    void this.#asked?.abandon().catch((error) => this.#fail(error));
  }

  #fail(error: unknown): void {
    if (error instanceof SluiceError && error.code === 'record.unavailable') this.#leave(UNRECORDED);
    this.#end();
    this.#parts.onFault(error);
  }
}

/** Both, each once. */
function united(known: readonly Detection[], more: readonly Detection[]): readonly Detection[] {
  const keys = new Set(known.map((one) => JSON.stringify(one)));
  const added = more.filter((one) => !keys.has(JSON.stringify(one)));
  return added.length === 0 ? known : [...known, ...added];
}

const ENTER = 0x0d;
const BELL = Buffer.from('\x07');
/** As `ssh` itself gives for a connection that is cut off. */
const ENDED_BY_OTHERS = 255;
const ORDINARY_SCREEN = `${ALTERNATE_SCREEN_OFF}${ENTER_EDITING}${LEAVE_EDITING}`;
const NOTHING = { sqlState: null, rows: 0, bytes: 0 } as const;

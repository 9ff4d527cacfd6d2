import type { Client, ClientChannel, ExecOptions, ServerChannel } from 'ssh2';
import type { RecordOutcome } from '../../../../contract/record.ts';
import type { Grant } from '../../../core/access/grant.ts';
import type { Session } from '../../../core/flow/session.ts';
import type { OpenSession, SessionNote } from '../../../core/sessions/open-session.ts';
import { readStrict } from '../../../shell/strict/read-strict.ts';
import { decidable } from '../action.ts';
import { beginTape } from '../begin-tape.ts';
import { type Granted, payloadOf, type SshServices } from '../context.ts';
import { Question } from '../question.ts';
import type { Terminal } from '../shell/host-shell.ts';
import { told, UNRECORDED } from '../words.ts';
import { ExecTape } from './exec-tape.ts';
import { Output } from './output.ts';

/** What sshd gives where a command can not be executed (POSIX 2.8.2). */
const NOT_EXECUTED = 126;

/** RFC 4254 section 6.10. */
const SIGNALS: ReadonlySet<string> = new Set(
  'ABRT ALRM FPE HUP ILL INT KILL PIPE QUIT SEGV TERM USR1 USR2'.split(' '),
);

/** What a command without a terminal is recorded as if it had. */
const NO_TERMINAL = { term: 'dumb', columns: 80, rows: 24 };

export type ExecParts = {
  session: Session;
  /** The session as others see it, end it and lock it. */
  live: OpenSession;
  account: string;
  services: SshServices;
  /** Where the account's shell begins; null when that isn't known. */
  home: string | null;
  upstream: Client;
  channel: ServerChannel;
  /** Null where the client asked for none: the command then has pipes. */
  terminal: Terminal | null;
  environment: Readonly<Record<string, string>>;
  now: () => number;
  /** The connection must end: the recording can't be kept. */
  onFault: (error: unknown) => void;
};

/** One command of an exec channel (RFC 4254 section 6.5): decided, recorded, run, and answered once that is kept. */
export class Exec {
  readonly #parts: ExecParts;
  readonly #question: Question;
  readonly #unlisten: () => void;
  #tape: ExecTape | null = null;
  #closed = false;
  #remote: ClientChannel | null = null;
  #terminal: Terminal | null;

  constructor(parts: ExecParts) {
    this.#parts = parts;
    this.#terminal = parts.terminal;
    this.#question = new Question(parts.services, (words) => this.#print(words));
    this.#unlisten = parts.live.onNote((note) => this.#noted(note));
    parts.channel.once('close', () => this.#onClosed());
    // While nobody reads the channel, its end is all that the library tells of it, and by this alone.
    parts.channel.stderr.once('finish', () => this.#onClosed());
  }

  /** @throws SluiceError `record.unavailable`: the connection must end. */
  async run(line: string): Promise<void> {
    const { session, account, home } = this.#parts;
    const answer = await this.#question.ask(
      decidable(line, readStrict(line), { session, account, folder: home }),
    );
    if (answer.kind === 'abandoned') return;
    if (answer.kind === 'refused') return this.#refuse(answer.sentence, answer.next);
    const tape = this.#beginTape(line);
    tape.mark({ kind: 'command', text: line });
    tape.mark({ kind: 'decision', text: answer.grant.decision.sentence });
    this.#tape = tape;
    const { record } = answer;
    const startedMs = this.#parts.now();
    const outcome = await this.#relay(answer.grant, tape).catch(async (error: unknown) => {
      const durationMs = this.#parts.now() - startedMs;
      await Promise.allSettled([tape.end(), record.close({ ...LOST, durationMs })]);
      throw error;
    });
    for (const [detector, count] of Object.entries(outcome.record.detected ?? {}))
      tape.mark({ kind: 'mask', text: `${count} ${detector}` });
    await Promise.all([tape.end(), record.close(outcome.record)]);
    this.#end(outcome);
  }

  #beginTape(command: string): ExecTape {
    const { live, services, onFault } = this.#parts;
    const terminal = this.#terminal ?? NO_TERMINAL;
    const begin = () =>
      beginTape({ live, services, terminal, command }, (why) => {
        this.#print(told(UNRECORDED, ''));
        onFault(why);
      });
    return new ExecTape(begin, this.#terminal !== null);
  }

  #noted({ marker, sentence }: SessionNote): void {
    this.#tape?.mark({ kind: 'session', text: marker });
    this.#print(told(sentence, ''));
    this.#setInput();
  }

  /** What is sent to the command waits while its session is locked. */
  #setInput(): void {
    const { channel, live } = this.#parts;
    if (this.#remote === null || this.#remote.writableEnded) return;
    channel.unpipe(this.#remote);
    if (live.lock === null) channel.pipe(this.#remote);
    else channel.pause();
  }

  resize(size: Omit<Terminal, 'term'>): void {
    if (this.#terminal !== null) this.#terminal = { ...this.#terminal, ...size };
    this.#tape?.resize(size);
    this.#remote?.setWindow(size.rows, size.columns, size.height, size.width);
  }

  /** @param name as RFC 4254 section 6.10 has them: `TERM`, `INT` */
  signal(name: string): void {
    if (SIGNALS.has(name) && this.#parts.live.lock === null) this.#remote?.signal(name);
  }

  #onClosed(): void {
    this.#closed = true;
    this.#unlisten();
    void this.#question.abandon().catch(() => undefined);
  }

  #refuse(sentence: string, next: string): void {
    this.#print(told(sentence, next));
    this.#end({ code: NOT_EXECUTED });
  }

  #print(words: string): void {
    if (this.#closed) return;
    const line = Buffer.from(`${words}\n`);
    this.#tape?.shown(line);
    this.#parts.channel.stderr.write(line);
  }

  #end({ code, signal }: { code?: number | undefined; signal?: string | undefined }): void {
    if (this.#closed) return;
    const { channel } = this.#parts;
    if (signal === undefined) channel.exit(code ?? NOT_EXECUTED);
    else channel.exit(signal);
    channel.end();
  }

  #relay(grant: Grant<Granted>, tape: ExecTape): Promise<Relayed> {
    const { upstream, channel, environment, services, now } = this.#parts;
    const startedMs = now();
    const output = new Output(grant.decision.detections, services.scans, tape, this.#terminal !== null);
    const { command } = payloadOf(grant, 'exec');
    return new Promise((resolve, reject) => {
      const done = (ended: Ended) => {
        const status = ended.code === undefined && ended.signal === undefined ? 'lost' : 'done';
        const { bytes, counts } = output;
        const detected = counts.size === 0 ? {} : { detected: Object.fromEntries(counts) };
        const record = {
          status,
          sqlState: null,
          rows: 0,
          bytes,
          durationMs: now() - startedMs,
          ...detected,
        } as const;
        resolve({ ...ended, record });
      };
      const terminal = this.#terminal;
      upstream.exec(command, { env: environment, ...ptyOf(terminal) }, (error, remote) => {
        if (error !== undefined) return done({});
        this.#remote = remote;
        // The window may have changed while the host was asked.
        if (this.#terminal !== null && this.#terminal !== terminal) this.resize(this.#terminal);
        this.#setInput();
        relay(channel, remote, output).then(done, reject);
      });
    });
  }
}

function ptyOf(terminal: Terminal | null): ExecOptions {
  if (terminal === null) return {};
  const { term, columns, rows, width, height } = terminal;
  return { pty: { term, cols: columns, rows, width, height } };
}

/** Nobody knows any more what became of it. */
const LOST = { status: 'lost', sqlState: null, rows: 0, bytes: 0 } as const;

type Ended = { code?: number | undefined; signal?: string | undefined };
type Relayed = Ended & { record: RecordOutcome };

/** Resolves when the command has ended and all that it printed was passed on. */
async function relay(channel: ServerChannel, remote: ClientChannel, output: Output): Promise<Ended> {
  const ended: Ended = {};
  // A stream that breaks is closed, which is heard; nobody else is to fall with it.
  for (const stream of [remote, remote.stderr, channel, channel.stderr]) stream.on('error', () => undefined);
  remote.on('exit', (code: number | null, signal?: string) => {
    if (code !== null) ended.code = code;
    else if (signal !== undefined) ended.signal = signal.replace(/^SIG/, '');
  });
  const closed = new Promise<void>((resolve) => remote.once('close', () => resolve()));
  const passed = [output.pass(remote, channel), output.pass(remote.stderr, channel.stderr)];
  channel.once('close', () => remote.close());
  await Promise.all([closed, ...passed]);
  return ended;
}

import type { ServerChannel, Session as SshSession } from 'ssh2';
import { beginTape } from './begin-tape.ts';
import type { ChannelParts } from './connection.ts';
import { Environment } from './exec/environment.ts';
import { Exec } from './exec/exec.ts';
import { isSftpServer, SftpChannel } from './sftp/channel.ts';
import { channelTerminal, listen } from './shell/client-terminal.ts';
import { GovernedShell } from './shell/governed-shell.ts';
import { bounded, type Terminal } from './shell/host-shell.ts';
import { asksForRawTerminal } from './shell/raw-terminal.ts';

/** What a session channel has become; it becomes one thing once (RFC 4254 section 6.5). */
type Started = { resize?: (size: Size) => void; signal?: (name: string) => void };
type Size = Omit<Terminal, 'term'>;

/** One session channel: takes down what is asked for it until it becomes a command, a shell or a subsystem. */
export class SessionChannel {
  readonly #parts: ChannelParts;
  readonly #environment = new Environment();
  #asksForAgent = false;
  #terminal: Terminal | null = null;
  #started: Started | null = null;

  constructor(parts: ChannelParts, session: SshSession) {
    this.#parts = parts;
    session.on('pty', (accept, _reject, { term, cols, rows, width, height }) => {
      this.#terminal = { term: safeTerm(term), ...sizeOf({ cols, rows, width, height }) };
      accept?.();
    });
    session.on('window-change', (accept, _reject, { cols, rows, width, height }) => {
      const size = sizeOf({ cols, rows, width, height });
      if (this.#terminal !== null) this.#terminal = { ...this.#terminal, ...size };
      this.#started?.resize?.(size);
      accept?.();
    });
    session.on('env', (accept, reject, { key, val }) => {
      if (this.#environment.take(key, val)) accept?.();
      else reject?.();
    });
    session.on('signal', (accept, _reject, { name }) => {
      this.#started?.signal?.(name);
      accept?.();
    });
    session.on('shell', (accept, reject) => {
      if (this.#started !== null || this.#terminal === null) return reject();
      this.#started = this.#shell(accept(), this.#terminal);
    });
    session.on('exec', (accept, reject, { command }) => {
      if (this.#started !== null) return reject();
      if (this.#terminal !== null && asksForRawTerminal(command))
        this.#started = this.#shell(accept(), this.#terminal, command);
      else this.#started = isSftpServer(command) ? this.#sftp(accept()) : this.#exec(accept(), command);
    });
    session.on('subsystem', (accept, reject, { name }) => {
      if (this.#started !== null || name !== 'sftp') return reject();
      this.#started = this.#sftp(accept());
    });
    session.on('auth-agent', (accept) => {
      this.#asksForAgent = true;
      accept?.();
    });
    session.on('x11', (_accept, reject) => reject?.());
  }

  /** Starts what may need the client's agent once it is known whether it is lent. */
  #start(channel: ServerChannel, start: () => Promise<void>): void {
    const { lending, onFault } = this.#parts;
    const lent = this.#asksForAgent
      ? lending.lend((words) => channel.stderr.write(`${words}${this.#terminal === null ? '' : '\r'}\n`))
      : Promise.resolve();
    lent.then(start).catch(onFault);
  }

  #shell(channel: ServerChannel, terminal: Terminal, firstLine: string | null = null): Started {
    const { session, live, target, account, upstream, onFault } = this.#parts;
    const { services } = target;
    const tape = beginTape({ live, services, terminal }, (why) => shell.fail(why));
    const shell = new GovernedShell({
      session,
      live,
      tape,
      account: account.name,
      services,
      readLine: target.readLine,
      firstLine,
      upstream,
      client: channelTerminal(channel),
      terminal: { ...terminal, environment: this.#environment.variables },
      now: () => performance.now(),
      onFault,
    });
    listen(channel, shell);
    this.#start(channel, () => shell.start());
    return { resize: (size) => shell.resize(size) };
  }

  #exec(channel: ServerChannel, command: string): Started {
    const { session, live, target, account, upstream, home, onFault } = this.#parts;
    const exec = new Exec({
      session,
      live,
      account: account.name,
      services: target.services,
      home,
      upstream,
      channel,
      terminal: this.#terminal,
      environment: this.#environment.variables,
      now: () => performance.now(),
      onFault,
    });
    this.#start(channel, () => exec.run(command));
    return { resize: (size) => exec.resize(size), signal: (name) => exec.signal(name) };
  }

  #sftp(channel: ServerChannel): Started {
    const { session, live, target, account, upstream, onFault } = this.#parts;
    const sftp = new SftpChannel({
      session,
      live,
      account: account.name,
      services: target.services,
      upstream,
      channel,
      now: () => performance.now(),
      onFault,
    });
    sftp.start().catch(onFault);
    return {};
  }
}

/** A terminal's name goes to the host's programs: what is no name of one is the plainest. */
function safeTerm(term: string): string {
  return /^[\w.+-]{1,64}$/.test(term) ? term : 'dumb';
}

type Window = { cols: number; rows: number; width: number; height: number };

/** A client without a window sends zeros (RFC 4254 section 6.2: they are ignored). */
function sizeOf({ cols, rows, width, height }: Window): Size {
  return bounded({ columns: cols || 80, rows: rows || 24, width, height });
}

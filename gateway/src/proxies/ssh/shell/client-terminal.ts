import type { ServerChannel } from 'ssh2';

/** What a person sits before: a channel of an SSH client, a WebSocket of the editor. */
export interface ClientTerminal {
  /** False when it takes no more for now; whoever made it calls `drained` of the shell once it does. */
  write(bytes: Uint8Array): boolean;
  /** What is typed is taken no more for now, until `resume`. */
  pause?(): void;
  resume?(): void;
  /** The shell has ended. Nothing is written behind it. */
  end(exitCode: number): void;
}

/** What a shell is told of the terminal before it. */
export interface TerminalListener {
  typed(bytes: Uint8Array): void;
  drained(): void;
  /** Nobody sits there any more. */
  left(): void;
}

/** The session channel of an SSH client (RFC 4254 section 6). */
export function channelTerminal(channel: ServerChannel): ClientTerminal {
  return {
    write: (bytes) => !channel.writable || channel.write(Buffer.from(bytes)),
    pause: () => channel.pause(),
    resume: () => channel.resume(),
    end: (exitCode) => {
      channel.exit(exitCode);
      channel.end();
    },
  };
}

/** Tells a shell what comes on a channel. */
export function listen(channel: ServerChannel, shell: TerminalListener): void {
  channel.on('data', (bytes: Buffer) => shell.typed(bytes));
  channel.on('drain', () => shell.drained());
  channel.once('close', () => shell.left());
}

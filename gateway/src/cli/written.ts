import type { Writable } from 'node:stream';

/** How a shell tells of a program that SIGPIPE ended (signal 13). */
const SIGPIPE_EXIT = 128 + 13;

/** Resolves once whoever reads this stream has taken all that was written: a pipe takes only so much at once. */
export function taken(stream: Writable): Promise<void> {
  return new Promise((resolve) => {
    stream.write('', () => resolve());
  });
}

/** Whoever reads may have seen enough, as `head` has: the program ends there, and says nothing. */
export function endUnread(stream: Writable): void {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') process.exit(SIGPIPE_EXIT);
    throw error;
  });
}

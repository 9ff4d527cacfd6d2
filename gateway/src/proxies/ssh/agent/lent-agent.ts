import type { Duplex } from 'node:stream';
import ssh2 from 'ssh2';

/** What a host is given when it asks for the agent that was lent to it. It is never asked for keys by the gateway. */
export class LentAgent extends ssh2.BaseAgent {
  /** Null as long as nothing is lent. */
  open: (() => Promise<Duplex | null>) | null = null;

  override getIdentities(done: (error: Error) => void): void {
    done(new Error('A lent agent is no agent of the gateway.'));
  }

  override sign(...asked: unknown[]): void {
    const done = asked.at(-1);
    if (typeof done === 'function') done(new Error('A lent agent is no agent of the gateway.'));
  }

  /** Called for each channel that the host opens to it. */
  override getStream(done: (error: Error | null, stream?: Duplex) => void): void {
    const opened = this.open?.() ?? Promise.resolve(null);
    opened.then(
      (stream) => (stream === null ? done(new Error('It was not lent.')) : done(null, stream)),
      (error: Error) => done(error),
    );
  }
}

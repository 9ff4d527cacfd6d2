import type { Client, Connection, ExecOptions, ServerChannel } from 'ssh2';
import type { OpenRecord } from '../../../core/flow/govern.ts';
import type { Session } from '../../../core/flow/session.ts';
import type { OpenSession } from '../../../core/sessions/open-session.ts';
import { type Deed, decidableDeed } from '../action.ts';
import { payloadOf, type SshServices } from '../context.ts';
import { Question } from '../question.ts';
import { told } from '../words.ts';
import { openAgentChannel } from './agent-channel.ts';
import type { LentAgent } from './lent-agent.ts';

/** Connections to it that a host has open at one time. */
const MAX_OPEN = 8;

export type LendingParts = {
  client: Connection;
  upstream: Client;
  agent: LentAgent;
  session: Session;
  account: string;
  services: SshServices;
  /** The session as others see it and lock it. */
  live: OpenSession;
  onFault: (error: unknown) => void;
};

/** The agent of one client, lent to its host: only once a rule allows it, and each use is decided and recorded too. */
export class AgentLending {
  readonly #parts: LendingParts;
  readonly #asked = new Set<Question>();
  #lent: { record: OpenRecord; startedMs: number } | null = null;
  #open = 0;
  #hasLeft = false;

  constructor(parts: LendingParts) {
    this.#parts = parts;
  }

  /**
   * Lends it, for as long as the connection lasts: sshd gives it to whatever is started from then on.
   * @param tell shows the person for whom it waits, and why it is not lent
   */
  async lend(tell: (words: string) => void): Promise<void> {
    if (this.#lent !== null) return;
    const record = await this.#ask('lend the agent of the client', tell);
    if (record === null) return;
    if (this.#hasLeft) return closed(record, 0, performance.now());
    this.#lent = { record, startedMs: performance.now() };
    this.#parts.agent.open = () => this.#use();
    await announced(this.#parts.upstream);
  }

  /** The client has left. */
  close(): void {
    const { onFault } = this.#parts;
    this.#hasLeft = true;
    for (const question of this.#asked) question.abandon().catch(onFault);
    if (this.#lent !== null) closed(this.#lent.record, 0, this.#lent.startedMs).catch(onFault);
    this.#lent = null;
  }

  async #use(): Promise<ServerChannel | null> {
    if (this.#open >= MAX_OPEN) return null;
    const record = await this.#ask('use the lent agent', () => undefined);
    if (record === null) return null;
    const startedMs = performance.now();
    const channel = await openAgentChannel(this.#parts.client);
    if (channel === null) {
      await closed(record, 0, startedMs, 'failed');
      return null;
    }
    this.#open += 1;
    let bytes = 0;
    channel.on('data', (chunk: Buffer) => {
      bytes += chunk.byteLength;
    });
    // Keys of a session that is locked sign nothing: what asks them must ask anew.
    const unlisten = this.#parts.live.onLock((isLocked) => {
      if (isLocked) channel.close();
    });
    channel.once('close', () => {
      unlisten();
      this.#open -= 1;
      closed(record, bytes, startedMs).catch(this.#parts.onFault);
    });
    return channel;
  }

  async #ask(statement: string, tell: (words: string) => void): Promise<OpenRecord | null> {
    const { session, account, services } = this.#parts;
    const granted = { kind: 'agent' } as const;
    const deed: Deed = { statement, uses: [granted], readOnly: false, granted };
    const question = new Question(services, tell);
    this.#asked.add(question);
    const answer = await question
      .ask(decidableDeed({ session, account }, deed))
      .finally(() => this.#asked.delete(question));
    if (answer.kind === 'refused') tell(told(answer.sentence, answer.next));
    if (answer.kind !== 'granted') return null;
    payloadOf(answer.grant, 'agent');
    return answer.record;
  }
}

/** The library's types leave it out. */
const WITH_AGENT: ExecOptions & { agentForward: true } = { agentForward: true };

/** Tells sshd of it by a command that does nothing: what is started afterwards finds it. */
function announced(upstream: Client): Promise<void> {
  return new Promise((resolve) => {
    upstream.exec('true', WITH_AGENT, (error, channel) => {
      if (error !== undefined) return resolve();
      channel.resume().once('close', () => resolve());
      channel.stderr.resume();
    });
  });
}

function closed(
  record: OpenRecord,
  bytes: number,
  startedMs: number,
  status: 'done' | 'failed' = 'done',
): Promise<void> {
  return record.close({ status, sqlState: null, rows: 0, bytes, durationMs: performance.now() - startedMs });
}

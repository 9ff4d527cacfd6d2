import type {
  AcceptConnection,
  Client,
  ClientChannel,
  RejectConnection,
  ServerChannel,
  TcpConnectionDetails,
} from 'ssh2';
import type { RecordOutcome } from '../../../../contract/record.ts';
import type { OpenRecord } from '../../../core/flow/govern.ts';
import { type Deed, decidableDeed } from '../action.ts';
import type { ChannelParts } from '../connection.ts';
import { payloadOf } from '../context.ts';
import { type Answer, Question } from '../question.ts';
import { connectDeed, listenDeed, named, type Place } from './deeds.ts';
import { relayed } from './relayed.ts';

type Granted = Extract<Answer, { kind: 'granted' }>;
/** A port of the host's whose connections come to the client. */
type Listening = Place & { record: OpenRecord; startedMs: number };

/**
 * Connections that a client forwards, each decided as it is made: those that the host is to make (`direct-tcpip`, RFC
 * 4254 section 7.2) and those that it is to take (`tcpip-forward`, 7.1). Sockets of files are refused.
 */
export class Forwards {
  readonly #parts: ChannelParts;
  readonly #listening = new Map<string, Listening>();
  readonly #asked = new Set<Question>();
  #open = 0;
  #hasLeft = false;

  constructor(parts: ChannelParts) {
    this.#parts = parts;
    const { client, upstream, onFault } = parts;
    client.on('tcpip', (accept, reject, { destIP, destPort, srcIP, srcPort }) => {
      const to = { host: destIP, port: destPort };
      const from = { host: srcIP, port: srcPort };
      this.#bounded(reject, () => this.#make(accept, reject, to, from)).catch(onFault);
    });
    client.on('request', (accept, reject, name: string, info) => {
      if (name === 'tcpip-forward') {
        const at = { host: info.bindAddr, port: info.bindPort };
        const refuse = () => reject?.();
        this.#bounded(refuse, () => this.#listen((port) => accept?.(port), refuse, at)).catch(onFault);
      } else if (name === 'cancel-tcpip-forward') {
        this.#cancel({ host: info.bindAddr, port: info.bindPort }, accept, reject).catch(onFault);
      } else reject?.();
    });
    upstream.on('tcp connection', (details, accept, reject) => {
      this.#bounded(reject, () => this.#take(details, accept, reject)).catch(onFault);
    });
  }

  /** The client has left: what waits is withdrawn. */
  close(): void {
    const { onFault } = this.#parts;
    this.#hasLeft = true;
    for (const question of this.#asked) question.abandon().catch(onFault);
    for (const listening of this.#listening.values()) this.#stop(listening, 'done').catch(onFault);
    this.#listening.clear();
  }

  async #bounded(refuse: () => void, task: () => Promise<void>): Promise<void> {
    if (this.#open + this.#listening.size >= this.#parts.target.settings.maxForwards) return refuse();
    const closed = this.#parts.opened();
    this.#open += 1;
    await task().finally(() => {
      this.#open -= 1;
      closed();
    });
  }

  /** Null when it may not be. A refusal is recorded; the library has no words for the client. */
  async #ask(deed: Deed): Promise<Granted | null> {
    const { session, account, target } = this.#parts;
    const question = new Question(target.services, () => undefined);
    this.#asked.add(question);
    const answer = await question
      .ask(decidableDeed({ session, account: account.name }, deed))
      .finally(() => this.#asked.delete(question));
    return answer.kind === 'granted' ? answer : null;
  }

  async #make(
    accept: AcceptConnection<ServerChannel>,
    reject: RejectConnection,
    to: Place,
    from: Place,
  ): Promise<void> {
    const answer = await this.#ask(connectDeed(to));
    if (answer === null) return reject();
    const { host: name, port } = payloadOf(answer.grant, 'forward');
    await this.#relay(answer.record, async () => {
      const remote = await connected(this.#parts.upstream, from, { host: name, port });
      if (remote !== null && !this.#hasLeft) return this.#relayed(accept(), remote);
      remote?.close();
      reject();
      return null;
    });
  }

  async #listen(accept: (port: number) => void, reject: () => void, at: Place): Promise<void> {
    const answer = await this.#ask(listenDeed(at));
    if (answer === null) return reject();
    const { host, port } = payloadOf(answer.grant, 'remoteForward');
    const startedMs = performance.now();
    const bound = await new Promise<number | null>((resolve) => {
      this.#parts.upstream.forwardIn(host, port, (error, chosen) =>
        resolve(error === undefined ? chosen : null),
      );
    });
    const listening = { host, port: bound ?? port, record: answer.record, startedMs };
    if (bound === null || this.#hasLeft) {
      await this.#stop(listening, 'failed');
      return reject();
    }
    this.#listening.set(named(listening), listening);
    accept(bound);
  }

  async #cancel(
    at: Place,
    accept: (() => void) | undefined,
    reject: (() => void) | undefined,
  ): Promise<void> {
    const listening = this.#listening.get(named(at));
    if (listening === undefined) return reject?.();
    this.#listening.delete(named(at));
    await new Promise<void>((resolve) => this.#parts.upstream.unforwardIn(at.host, at.port, () => resolve()));
    await this.#stop(listening, 'done');
    accept?.();
  }

  async #take(
    { destIP, destPort, srcIP, srcPort }: TcpConnectionDetails,
    accept: AcceptConnection<ClientChannel>,
    reject: RejectConnection,
  ): Promise<void> {
    const at = { host: destIP, port: destPort };
    const listening = this.#listening.get(named(at));
    if (listening === undefined) return reject();
    const statement = `take a connection on ${named(at)} from ${named({ host: srcIP, port: srcPort })}`;
    const answer = await this.#ask({ ...listenDeed(at), statement });
    if (answer === null) return reject();
    const { client } = this.#parts;
    await this.#relay(answer.record, async () => {
      const channel = await new Promise<ServerChannel | null>((resolve) => {
        client.forwardOut(destIP, destPort, srcIP, srcPort, (error, opened) =>
          resolve(error === undefined ? opened : null),
        );
      });
      if (channel !== null) return this.#relayed(channel, accept());
      reject();
      return null;
    });
  }

  #relayed(client: ServerChannel, host: ClientChannel): Promise<number> {
    const { target, live } = this.#parts;
    return relayed(client, host, target.settings.idleMs, live);
  }

  /** @param relay gives how many bytes passed; null where no connection came about */
  async #relay(record: OpenRecord, relay: () => Promise<number | null>): Promise<void> {
    const startedMs = performance.now();
    const bytes = await relay();
    await record.close(outcomeOf(bytes === null ? 'failed' : 'done', bytes ?? 0, startedMs));
  }

  #stop({ record, startedMs }: Listening, status: 'done' | 'failed'): Promise<void> {
    return record.close(outcomeOf(status, 0, startedMs));
  }
}

function connected(upstream: Client, from: Place, to: Place): Promise<ClientChannel | null> {
  return new Promise((resolve) => {
    upstream.forwardOut(from.host, from.port, to.host, to.port, (error, channel) =>
      resolve(error === undefined ? channel : null),
    );
  });
}

function outcomeOf(status: RecordOutcome['status'], bytes: number, startedMs: number): RecordOutcome {
  return { status, sqlState: null, rows: 0, bytes, durationMs: performance.now() - startedMs };
}

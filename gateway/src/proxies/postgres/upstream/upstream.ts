import type { Grant } from '../../../core/access/grant.ts';
import type { Plan } from '../../../core/flow/govern.ts';
import { encode } from '../../../wire/postgres/index.ts';
import type { Parse } from '../../../wire/postgres/messages/frontend/parse.ts';
import type { EnforcedSql } from '../context.ts';
import type { UpstreamAddress } from './address.ts';
import { cancelUpstream, type UpstreamLogin } from './connect.ts';
import type { OwnQuestion } from './own-question.ts';

/** Names of statements and portals that the gateway keeps for itself. */
export const OWN_NAME_PREFIX = 'sluice$';
const QUESTION = `${OWN_NAME_PREFIX}question`;
export const STEP = `${OWN_NAME_PREFIX}step`;

/** No grammar reads this, so that it fails, and the server's log tells why. */
const FAILS = 'sluice refused a statement of this transaction';

/** A statement of a simple Query: where it stands in its text. */
export type Span = { start: number; end: number };
export type SimpleQuery = { frame: Buffer; text: string; spans: readonly Span[] };
/** A plan that may be prepared. What asks for approval is granted at each execution, and only then. */
export type PreparedPlan = Extract<Plan<EnforcedSql>, { kind: 'granted' | 'asking' }>;

/**
 * A session's connection to the target's server. SQL of the client's gets here under a Grant (or, to be
 * prepared, under a plan) and no other way; the rest is a closed set of the gateway's own messages.
 * Writes are collected until `flush`.
 */
export class Upstream {
  readonly login: UpstreamLogin;
  readonly #address: UpstreamAddress;
  readonly #connectMs: number;
  #out: Uint8Array[] = [];
  #room: Promise<void> | null = null;
  #closed = false;
  /** Told each time that all that was collected went out. */
  onSent: () => void = () => undefined;

  constructor(login: UpstreamLogin, address: UpstreamAddress, connectMs: number) {
    this.login = login;
    this.#address = address;
    this.#connectMs = connectMs;
  }

  /** Sends one text with all its statements: the client's own frame when no decision changed it. */
  query(grants: readonly Grant<EnforcedSql>[], original: SimpleQuery): void {
    const text = enforcedText(grants, original);
    this.#collect(text === original.text ? original.frame : encode({ type: 'query', query: text }));
  }

  /** Prepares what a plan grants; each execution is granted again. */
  parse(plan: PreparedPlan, original: Parse, frame: Buffer): void {
    const query = plan.payload.text;
    this.#collect(query === original.query ? frame : encode({ ...original, query }));
  }

  /** Runs a portal (`frame` is its Execute). */
  execute(_grant: Grant<EnforcedSql>, frame: Buffer): void {
    this.#collect(frame);
  }

  /**
   * Runs one statement inside the pipeline that is open, as a simple Query would inside its text, for at most `maxRows`
   * rows; 0 is no limit.
   */
  step(grant: Grant<EnforcedSql>, maxRows: number): void {
    this.closeStep();
    this.#collect(
      encode({ type: 'parse', statement: STEP, query: grant.payload.text, parameterTypes: [] }),
      ...bindAndDescribe(STEP),
      encode({ type: 'execute', portal: STEP, maxRows }),
      encode({ type: 'flush' }),
    );
  }

  /** Forgets the last step; closing what does not exist is no error. */
  closeStep(): void {
    this.#collect(
      encode({ type: 'close', object: 'portal', name: STEP }),
      encode({ type: 'close', object: 'statement', name: STEP }),
    );
  }

  /** Bind, Describe and Close speak of statements that were prepared under a plan; they run nothing. */
  passOn(frame: Buffer): void {
    this.#collect(frame);
  }

  /** A statement without text does nothing, prepared or executed. */
  passEmpty(frame: Buffer): void {
    this.#collect(frame);
  }

  describeStatement(name: string): void {
    this.#collect(encode({ type: 'describe', object: 'statement', name }));
  }

  /** COPY data for a statement that was granted. */
  copy(bytes: Uint8Array): void {
    this.#collect(bytes);
  }

  sync(): void {
    this.#collect(encode({ type: 'sync' }));
  }

  askForOutput(): void {
    this.#collect(encode({ type: 'flush' }));
  }

  /** Asks one of the gateway's own questions: one row with one column. It touches no unnamed object. */
  ask(question: OwnQuestion, synced: boolean): void {
    this.#collect(
      encode({ type: 'parse', statement: QUESTION, query: question.sql, parameterTypes: [] }),
      encode({
        type: 'bind',
        portal: QUESTION,
        statement: QUESTION,
        parameterFormats: [],
        parameters: [],
        resultFormats: [],
      }),
      encode({ type: 'execute', portal: QUESTION, maxRows: 0 }),
      encode({ type: 'close', object: 'portal', name: QUESTION }),
      encode({ type: 'close', object: 'statement', name: QUESTION }),
      encode({ type: synced ? 'sync' : 'flush' }),
    );
  }

  /** Fails upstream's transaction. In a pipeline the server then skips to the next Sync. */
  failTransaction(protocol: 'simple' | 'extended'): void {
    this.#collect(
      protocol === 'simple'
        ? encode({ type: 'query', query: FAILS })
        : encode({ type: 'parse', statement: STEP, query: FAILS, parameterTypes: [] }),
      ...(protocol === 'simple' ? [] : [encode({ type: 'flush' })]),
    );
  }

  get unsent(): boolean {
    return this.#out.length > 0;
  }

  /** Sends what was collected, as one write. Null when upstream takes more, else a promise of that moment. */
  flush(): Promise<void> | null {
    if (this.#out.length > 0) {
      const out = this.#out;
      this.#out = [];
      this.#room = this.login.channel.write(out);
      this.onSent();
    }
    const room = this.#room;
    this.#room = null;
    return room;
  }

  /** Asks the server to cancel what runs, on a connection of its own. */
  cancel(): Promise<void> {
    return cancelUpstream(this.#address, this.login, this.#connectMs);
  }

  /** Drops what was collected, and all that would be from here on. */
  close(): void {
    this.#closed = true;
    this.#out = [];
  }

  /** Has the server answer what it was sent. A COPY that waits for data is told that none comes: it hears nothing else. */
  askForEnds(takesData: boolean): void {
    const { channel } = this.login;
    if (takesData) channel.send(encode({ type: 'copyFail', reason: 'the client is gone' }));
    channel.send(encode({ type: 'flush' }));
  }

  terminate(): void {
    this.login.channel.send(encode({ type: 'terminate' }));
    this.login.channel.end();
  }

  destroy(): void {
    this.login.channel.destroy();
  }

  #collect(...frames: Uint8Array[]): void {
    if (!this.#closed) this.#out.push(...frames);
  }
}

function bindAndDescribe(name: string): Buffer[] {
  return [
    encode({
      type: 'bind',
      portal: name,
      statement: name,
      parameterFormats: [],
      parameters: [],
      resultFormats: [],
    }),
    encode({ type: 'describe', object: 'portal', name }),
  ];
}

function enforcedText(grants: readonly Grant<EnforcedSql>[], { text, spans }: SimpleQuery): string {
  let enforced = '';
  let at = 0;
  for (const [index, span] of spans.entries()) {
    const grant = grants[index];
    if (grant === undefined) throw new Error('a statement without a grant');
    enforced += text.slice(at, span.start) + grant.payload.text;
    at = span.end;
  }
  return enforced + text.slice(at);
}

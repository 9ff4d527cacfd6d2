import type { ApprovalRequest } from '../../../../contract/approval-request.ts';
import { approversInWords } from '../../../../contract/ask.ts';
import { visibleLines } from '../../../core/approvals/words.ts';
import type { Held, Settled } from '../../../core/flow/govern.ts';
import { encode } from '../../../wire/postgres/index.ts';
import type { Surroundings } from '../approval/surroundings.ts';
import { errorResponse } from '../front/error.ts';
import type { Outbox } from './outbox.ts';

/** It does not run, and the client is told so. */
export type Stopped = { kind: 'stopped'; error: Buffer };

/** How one statement waits. */
export type Hold = {
  held: Held;
  /** The person's request has changed. */
  changed: (request: ApprovalRequest) => void;
  /** Answers what came before it, and asks what it waits under. */
  begin: () => Promise<Surroundings>;
};

/** What a session does while a statement of it waits for approval: it tells the client, and can be told to stop. */
export class Waiting {
  readonly #outbox: Outbox;
  /** A cancel came while messages were handled, and before anything of them waited or ran. */
  cancelledEarly = false;
  #held: Held | null = null;
  /** Nothing waits here any more. */
  #closed = false;
  /** What waited when the gateway stopped is not withdrawn. */
  #left = false;
  #stop: (stopped: Stopped) => void = () => undefined;

  constructor(outbox: Outbox) {
    this.#outbox = outbox;
  }

  /** The request that is waited for. */
  get request(): ApprovalRequest | null {
    return this.#held?.hold.request ?? null;
  }

  /**
   * Waits for what becomes of it; the client hears for whom, and of each change.
   * @throws SluiceError `record.unavailable`; what `begin` throws, and then nothing of the request stays.
   */
  async settle(hold: Hold): Promise<Settled | Stopped> {
    const { held } = hold;
    const stopped = new Promise<Stopped>((resolve) => {
      this.#stop = resolve;
    });
    this.#held = held;
    const timers: NodeJS.Timeout[] = [];
    try {
      this.#watch(hold);
      if (this.#closed || this.#left || this.cancelledEarly) await this.#end(USER_CANCELLED);
      const surroundings = await hold.begin();
      this.#tell(held, surroundings);
      timers.push(...this.#limits(surroundings));
      return await Promise.race([stopped, held.settled]);
    } catch (error) {
      if (!this.#left) await held.hold.abandon();
      throw error;
    } finally {
      for (const timer of timers) clearTimeout(timer);
      this.#held = null;
    }
  }

  /** What a statement is told that was cancelled before it was sent; null when none was. */
  takeEarlyCancel(): Buffer | null {
    if (!this.cancelledEarly) return null;
    this.cancelledEarly = false;
    return USER_CANCELLED;
  }

  /** The person waits no longer: nothing of the request stays. */
  cancel(): Promise<void> {
    return this.#end(USER_CANCELLED);
  }

  /** The session ends. */
  close(): Promise<void> {
    this.#closed = true;
    return this.cancel();
  }

  /** The gateway stops, and the request stays for whoever runs the statement again. */
  leave(): void {
    this.#left = true;
    this.#stop({ kind: 'stopped', error: USER_CANCELLED });
  }

  /** First the client's answer is settled: what becomes of the request by this is no answer of an approver's. */
  async #end(error: Buffer): Promise<void> {
    const held = this.#held;
    this.#stop({ kind: 'stopped', error });
    if (!this.#left) await held?.hold.abandon();
  }

  #limits({ statementTimeoutMs, lockedSeconds }: Surroundings): NodeJS.Timeout[] {
    const limits: Array<[number, Buffer]> = [];
    if (statementTimeoutMs > 0) limits.push([statementTimeoutMs, TIMED_OUT]);
    if (lockedSeconds !== null) limits.push([lockedSeconds * 1000, lockedTooLong(lockedSeconds)]);
    return limits.map(([afterMs, error]) =>
      setTimeout(() => void this.#end(error).catch(() => undefined), Math.min(afterMs, MAX_TIMER_MS)),
    );
  }

  #watch({ held, changed }: Hold): void {
    let remarks = 0;
    const tell = (request: ApprovalRequest) => {
      changed(request);
      for (const { by, text } of request.remarks.slice(remarks))
        this.#notice(visibleLines(`${by.name} says: ${text}`), '');
      remarks = request.remarks.length;
    };
    held.hold.watch(tell);
    tell(held.hold.request);
  }

  #tell({ hold: { request }, decision }: Held, { lockedSeconds }: Surroundings): void {
    // What somebody agreed to beforehand waits for nobody.
    if (request.status === 'pending') this.#notice(decision.sentence, waitingHint(request, lockedSeconds));
  }

  #notice(message: string, hint: string): void {
    const fields = { severity: 'NOTICE', severityNonLocalized: 'NOTICE', code: '00000', message, hint };
    void this.#outbox.send(encode({ type: 'noticeResponse', fields })).catch(() => undefined);
  }
}

function waitingHint({ id, asks, lapsesAt }: ApprovalRequest, lockedSeconds: number | null): string {
  return [
    `Request ${id} waits for ${approversInWords(asks)} until ${lapsesAt}; the statement then goes on by itself.`,
    ...(lockedSeconds === null
      ? []
      : [`It waits for ${lockedSeconds} seconds at most, because its transaction stays open meanwhile.`]),
    'Cancel it (Ctrl-C in psql) to withdraw the request.',
  ].join('\n');
}

/** Node's timers hold no more. */
const MAX_TIMER_MS = 2 ** 31 - 1;

const NOT_RUN = 'It had not run: the request for approval was withdrawn.';

/** query_canceled (manual, Appendix A), in the server's own words. */
const USER_CANCELLED = errorResponse('ERROR', '57014', 'canceling statement due to user request', {
  hint: NOT_RUN,
});
const TIMED_OUT = errorResponse('ERROR', '57014', 'canceling statement due to statement timeout', {
  hint: `${NOT_RUN} Nobody had decided within statement_timeout; set it higher to wait longer.`,
});

function lockedTooLong(seconds: number): Buffer {
  return errorResponse(
    'ERROR',
    '57014',
    `canceling statement because nobody approved it within ${seconds} seconds, and its open transaction stands in others' way`,
    { hint: `${NOT_RUN} Run it outside of a transaction, or as its first statement, to wait longer.` },
  );
}

import type { ApprovalRequest } from '../../../../contract/approval-request.ts';
import { approversInWords } from '../../../../contract/ask.ts';
import type { Held, Settled } from '../../../core/flow/govern.ts';
import { encode } from '../../../wire/postgres/index.ts';
import type { Outbox } from './outbox.ts';

/** What a session does while a statement of it waits for approval: it tells the client, and can be told to stop. */
export class Waiting {
  readonly #outbox: Outbox;
  #held: Held | null = null;
  #cancelled = false;

  constructor(outbox: Outbox) {
    this.#outbox = outbox;
  }

  get busy(): boolean {
    return this.#held !== null;
  }

  /**
   * Waits for what becomes of it; the client hears for whom, and of each change.
   * @throws SluiceError `record.unavailable`
   */
  async settle(held: Held, changed: (request: ApprovalRequest) => void): Promise<Settled | 'cancelled'> {
    this.#held = held;
    this.#cancelled = false;
    let remarks = 0;
    const tell = (request: ApprovalRequest) => {
      changed(request);
      for (const { by, text } of request.remarks.slice(remarks)) {
        void this.#notice(`${by.name} says: ${text}`, '');
      }
      remarks = request.remarks.length;
    };
    held.hold.watch(tell);
    tell(held.hold.request);
    await this.#notice(held.decision.sentence, waitingHint(held.hold.request));
    try {
      const settled = await held.settled;
      return this.#cancelled ? 'cancelled' : settled;
    } finally {
      this.#held = null;
    }
  }

  /** Who waits does so no longer: nothing of the request stays. */
  async cancel(): Promise<void> {
    this.#cancelled = true;
    await this.#held?.hold.abandon();
  }

  #notice(message: string, hint: string): Promise<void> {
    const fields = { severity: 'NOTICE', severityNonLocalized: 'NOTICE', code: '00000', message, hint };
    return this.#outbox.send(encode({ type: 'noticeResponse', fields })).catch(() => undefined);
  }
}

function waitingHint({ id, asks, lapsesAt }: ApprovalRequest): string {
  return [
    `Request ${id} waits for ${approversInWords(asks)} until ${lapsesAt}; the statement then goes on by itself.`,
    'Cancel it (Ctrl-C in psql) to withdraw the request.',
  ].join('\n');
}

import type { Decision } from '../../../contract/decision.ts';
import type { RecordId } from '../../../contract/ids.ts';

const MINT = Symbol('mint');

/**
 * Proof that one action was decided and its record opened. It is minted in `flow/govern.ts` alone, and an
 * upstream connection executes nothing else, so forgetting to check does not compile.
 */
export class Grant<Payload> {
  readonly payload: Payload;
  readonly decision: Decision;
  readonly record: RecordId;

  private constructor(_mint: typeof MINT, payload: Payload, decision: Decision, record: RecordId) {
    this.payload = payload;
    this.decision = decision;
    this.record = record;
  }

  /** For `flow/govern.ts`; `test/house` holds that nobody else calls it. */
  static mint<Payload>(payload: Payload, decision: Decision, record: RecordId): Grant<Payload> {
    return new Grant(MINT, payload, decision, record);
  }
}

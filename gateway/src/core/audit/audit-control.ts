import type { AuditEvent } from '../../../contract/audit-event.ts';

/** What administrators do to the log as a whole. Each tells of itself in the log. */
export interface AuditControl {
  /** Goes over to a new key. Resolves with the new verifier key. */
  rotateKey(by: AuditEvent['by']): Promise<string>;
  /** A checkpoint of all that was acknowledged until now: a signed note. */
  checkpoint(): Promise<string>;
  /** Takes the contents of records out that were made before, and of no hold. Resolves with how many are gone. */
  purge(order: { before: Date; reason: string; by: AuditEvent['by'] }): Promise<number>;
}

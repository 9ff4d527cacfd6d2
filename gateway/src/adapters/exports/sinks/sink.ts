import type { Severity } from '../ocsf/event.ts';

/** One event, ready to go. `json` has no line breaks. */
export type Line = { json: string; at: string; severity: Severity; className: string };

/** Where events go. */
export interface Sink {
  /**
   * Resolves once all of it was taken; in order.
   * @throws NotTaken when it was not, or nobody knows
   */
  send(lines: readonly Line[], stopped: AbortSignal): Promise<void>;
}

/** `why` is a sentence for whoever runs the gateway; it holds no secret. */
export class NotTaken extends Error {
  /** Fewer at a time may be taken. */
  readonly isTooMuch: boolean;

  constructor(why: string, isTooMuch = false) {
    super(why);
    this.name = 'NotTaken';
    this.isTooMuch = isTooMuch;
  }
}

/** What a library said of a connection, without what could be in its message. */
export function unreachable(where: string, error: unknown): NotTaken {
  const code = error instanceof Error && 'code' in error ? ` (${String(error.code)})` : '';
  return new NotTaken(`${where} can not be reached${code}.`);
}

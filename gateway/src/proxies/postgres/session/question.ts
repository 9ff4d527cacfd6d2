import type { ErrorFields } from '../../../wire/postgres/messages/backend/error-fields.ts';

/** Upstream answered a question of the gateway's own with an error: the client's statement can't be checked. */
export class QuestionFailed extends Error {
  readonly fields: ErrorFields;

  constructor(fields: ErrorFields) {
    super(fields.message ?? 'a state question failed');
    this.fields = fields;
  }
}

/** A state question under way: one row with one JSON column, collected from the bytes that pass. */
export class Question {
  readonly answer: Promise<unknown>;
  /** True when the question ends with a Sync of its own, false when with the client's later one. */
  readonly synced: boolean;
  /** CloseComplete messages still to come: the statement's and the portal's. */
  closes = 2;
  readonly #parts: Buffer[] = [];
  #resolve: (answer: unknown) => void = () => undefined;
  #reject: (error: Error) => void = () => undefined;
  #failed = false;

  constructor(synced: boolean) {
    this.synced = synced;
    this.answer = new Promise((resolve, reject) => {
      this.#resolve = resolve;
      this.#reject = reject;
    });
    this.answer.catch(() => undefined);
  }

  collect(bytes: Buffer): void {
    this.#parts.push(Buffer.from(bytes));
  }

  fail(error: Error): void {
    this.#failed = true;
    this.#reject(error);
  }

  end(): void {
    if (this.#failed) return;
    try {
      this.#resolve(JSON.parse(oneValue(Buffer.concat(this.#parts))));
    } catch (error) {
      this.#reject(error instanceof Error ? error : new Error(String(error)));
    }
  }
}

/** The value of one DataRow frame with one column. */
function oneValue(frame: Buffer): string {
  if (frame.length < 11 || frame.readInt16BE(5) !== 1) throw new Error('a state question had another answer');
  const length = frame.readInt32BE(7);
  if (length < 0 || frame.length !== 11 + length) throw new Error('a state question had another answer');
  return frame.toString('utf8', 11);
}

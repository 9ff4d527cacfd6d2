/** Why the reader went no further: more lines are needed, or it does not understand. Never leaves this folder. */
export class Stop extends Error {
  readonly reason: Unfinished | NotUnderstood;

  constructor(reason: Unfinished | NotUnderstood) {
    super(reason.outcome);
    this.reason = reason;
  }
}

export type Unfinished = {
  readonly outcome: 'incomplete';
  /** For people: "a closing `'`", "`fi`". */
  readonly awaits: string;
};

export type NotUnderstood = {
  readonly outcome: 'refused';
  /** Offset into the line, in UTF-16 units. */
  readonly at: number;
  /** What stands there and why it is not run. */
  readonly message: string;
  /** What to type instead. */
  readonly advice: string;
};

export function incomplete(awaits: string): never {
  throw new Stop({ outcome: 'incomplete', awaits });
}

export function refuse(at: number, message: string, advice: string): never {
  throw new Stop({ outcome: 'refused', at, message, advice });
}

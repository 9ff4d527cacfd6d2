import type { FrameScanner } from '../../../wire/postgres/frame-scanner.ts';
import {
  decodeRowDescription,
  encodeRowDescription,
  type FieldDescription,
} from '../../../wire/postgres/messages/backend/row-description.ts';
import type { Described } from '../detected/detection.ts';
import type { Check } from './pending.ts';
import { checkDescription, withoutMaskingViews } from './witness.ts';

/** A description that agreed, byte for byte, with what it agreed with, and as the client is shown it. */
type Agreed = Pick<Check, 'decision' | 'statement' | 'world'> & {
  frame: Buffer;
  fields: readonly FieldDescription[];
  /** Null when that is the server's own. */
  shown: Buffer | null;
};

const agreed = new WeakMap<Described['result'], Agreed>();

/**
 * Takes the RowDescription that the scanner stands at: keeps what rows are read by, asks the second witness, and
 * puts in place what the client is shown. The same bytes for the same statement agree as they did before.
 *
 * @throws SluiceError `internal.fault`
 */
export function takeDescription(scanner: FrameScanner, check: Check): void {
  const { bytes, start } = scanner;
  const { result } = check.described;
  const before = agreed.get(result);
  const now = before !== undefined && holds(before, scanner, check) ? before : agree(scanner, check);
  result.fields = now.fields;
  // The same names and so the same length: the client sees no difference between the two modes.
  now.shown?.copy(bytes, start);
  if (now !== before) agreed.set(result, now);
}

function holds(before: Agreed, { bytes, start, end }: FrameScanner, check: Check): boolean {
  if (before.decision !== check.decision || before.statement !== check.statement) return false;
  return (
    before.world === check.world && bytes.compare(before.frame, 0, before.frame.length, start, end) === 0
  );
}

function agree(scanner: FrameScanner, check: Check): Agreed {
  const { decision, statement, world } = check;
  const description = decodeRowDescription(scanner.body());
  const behind = withoutMaskingViews(description, check);
  checkDescription(behind ?? description, check);
  return {
    ...{ decision, statement, world },
    frame: Buffer.from(scanner.bytes.subarray(scanner.start, scanner.end)),
    fields: description.fields,
    shown: behind === null ? null : encodeRowDescription(behind),
  };
}

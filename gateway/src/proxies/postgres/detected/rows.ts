import { SluiceError } from '../../../../contract/error.ts';
import type { ValueRedactor } from '../../../core/detectors/redact.ts';
import { FrameScanner } from '../../../wire/postgres/frame-scanner.ts';
import { typeSet } from '../../../wire/postgres/frame-types.ts';
import { DataRowCells } from '../../../wire/postgres/messages/backend/data-row.ts';
import { encodeCopyData } from '../../../wire/postgres/messages/copy-data.ts';
import type { LoadedCatalogue } from '../catalogue/keeper.ts';
import type { Passage } from '../recorded/shown-answer.ts';
import { withLength } from './binary.ts';
import { redactBinaryCell, redactTextCell } from './cell.ts';
import { redactCopyLine } from './copy.ts';
import type { Described, RunDetection } from './detection.ts';
import { type Look, lookOf } from './type-looks.ts';

/** A run whose rows are looked at. */
export type DetectedRun = {
  detected: RunDetection;
  described: Described;
  world: { catalogue: LoadedCatalogue };
};

const DATA_ROW = 0x44;
/** A type byte, a length, and a count of cells. */
const ROW_HEAD_BYTES = 7;

type LookedAt = { look: Look; isBinary: boolean; redactor: ValueRedactor };

/**
 * Rows and COPY data of runs that a detector applies to, one after the other. A row is held until it is whole, up to a
 * limit; those in which nothing was found go on as they came, all others are written again with lengths of their own.
 */
export class DetectedRows {
  readonly #scanner: FrameScanner;
  readonly #maxRowBytes: number;
  readonly #cells = new DataRowCells();
  #run: RunDetection | null = null;
  #columns: ReadonlyArray<LookedAt | null> = [];

  constructor(maxRowBytes: number) {
    this.#maxRowBytes = maxRowBytes;
    this.#scanner = new FrameScanner({
      known: typeSet('Dd'),
      streamed: typeSet(''),
      maxFrameBytes: maxRowBytes,
      startsUp: false,
    });
  }

  /**
   * Takes `bytes[start, end)`, pieces of DataRow and CopyData frames, and releases what may go. Returns how many bytes.
   *
   * @throws SluiceError `wire.frameTooLarge` for a row beyond the limit
   */
  pass(run: DetectedRun, bytes: Buffer, start: number, end: number, release: Passage): number {
    const scanner = this.#scanner;
    let passed = 0;
    scanner.push(bytes.subarray(start, end));
    for (let piece = this.#next(); piece !== 'none'; piece = this.#next()) {
      const frame = scanner.type === DATA_ROW ? this.#row(run) : this.#copyData(run.detected);
      passed += frame?.length ?? scanner.end - scanner.start;
      if (frame === null) release.forward(scanner.bytes, scanner.start, scanner.end);
      else release.add(frame);
    }
    return passed;
  }

  #next() {
    try {
      return this.#scanner.next();
    } catch (error) {
      if (error instanceof SluiceError && error.code === 'wire.frameTooLarge') throw this.#tooLong();
      throw error;
    }
  }

  /** The row at the scanner, written again; null when nothing was found in it. */
  #row(run: DetectedRun): Buffer | null {
    const { bytes, start, bodyStart, end } = this.#scanner;
    const columns = this.#columnsOf(run);
    const cells = this.#cells;
    cells.read(bytes, bodyStart, end);
    const parts: Buffer[] = [];
    let from = start + ROW_HEAD_BYTES;
    for (let index = 0; cells.next(); index += 1) {
      const column = columns[index];
      if (column === null || cells.length <= 0) continue;
      if (column === undefined) throw undescribed();
      const { start: at, length } = cells;
      const value = bytes.subarray(at, at + length);
      const redacted = redact(column, value, run.world.catalogue);
      if (redacted === 'keep') continue;
      parts.push(bytes.subarray(from, at - 4), withLength(redacted));
      from = at + length;
    }
    if (parts.length === 0) return null;
    const row = Buffer.concat([
      bytes.subarray(start, start + ROW_HEAD_BYTES),
      ...parts,
      bytes.subarray(from, end),
    ]);
    row.writeInt32BE(row.length - 1, 1);
    return row;
  }

  #copyData({ copyTo, anywhere }: RunDetection): Buffer | null {
    const { bytes, bodyStart, end } = this.#scanner;
    if (copyTo === null) throw undescribed();
    const line = redactCopyLine(bytes.subarray(bodyStart, end), copyTo, anywhere);
    return line === null ? null : encodeCopyData({ type: 'copyData', data: line });
  }

  #columnsOf({ detected, described, world }: DetectedRun): ReadonlyArray<LookedAt | null> {
    if (this.#run === detected) return this.#columns;
    const { formats } = described;
    const { fields } = described.result;
    if (fields === null) throw undescribed();
    this.#run = detected;
    this.#columns = fields.map(({ typeOid, format }, index) => {
      const look = lookOf(typeOid, world.catalogue);
      const redactor = look.kind === 'skip' ? null : detected.redactorFor(index);
      if (redactor === null) return null;
      const bound = formats === null ? format : ((formats.length === 1 ? formats[0] : formats[index]) ?? 0);
      return { look, isBinary: bound === 1, redactor };
    });
    return this.#columns;
  }

  #tooLong(): SluiceError {
    return new SluiceError(
      'wire.frameTooLarge',
      `The session was ended: a row is longer than ${this.#maxRowBytes} bytes, and what the policy has looked for in it can be found in whole rows only.`,
      'Select less of the row, or ask for an exception from the rule that names the detectors.',
    );
  }
}

function redact({ look, isBinary, redactor }: LookedAt, value: Buffer, catalogue: LoadedCatalogue) {
  return isBinary
    ? redactBinaryCell(look, value, redactor, catalogue)
    : (redactTextCell(look, value, redactor) ?? 'keep');
}

/** Rows that can't be read by a description are not let go. */
function undescribed(): SluiceError {
  return new SluiceError(
    'internal.fault',
    'The session was ended before any row was released: what it returns could not be looked at.',
    'Connect again; if it happens again, tell the administrator of this gateway.',
  );
}

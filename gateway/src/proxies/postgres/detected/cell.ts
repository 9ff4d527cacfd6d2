import { assertNever } from '../../../../contract/assert-never.ts';
import type { ValueRedactor } from '../../../core/detectors/redact.ts';
import { redactJson } from '../../../core/detectors/redact-json.ts';
import type { LoadedCatalogue } from '../catalogue/keeper.ts';
import { type Redacted, redactBinaryArray, redactBinaryRecord } from './binary.ts';
import { redactArray, redactRecord } from './literal.ts';
import { type Look, lookOf } from './type-looks.ts';

/** jsonb's only version (jsonb_send). */
const JSONB_VERSION = 1;

/** One value in text form; null when nothing was found. */
export function redactTextCell(look: Look, bytes: Buffer, redactor: ValueRedactor): Buffer | null {
  switch (look.kind) {
    case 'skip':
      return null;
    case 'json':
      return redactJson(redactor, bytes, 0, bytes.length);
    case 'array': {
      const { element } = look;
      return element.kind === 'skip'
        ? null
        : redactArray(bytes, (inner) => redactTextCell(element, inner, redactor));
    }
    case 'record':
      return redactRecord(bytes, redactor);
    case 'text':
    case 'other':
      return redactor.redact(bytes, 0, bytes.length);
    default:
      return assertNever(look);
  }
}

/** One value in binary form. What can't be looked into becomes NULL: nothing passes unseen. */
export function redactBinaryCell(
  look: Look,
  bytes: Buffer,
  redactor: ValueRedactor,
  catalogue: LoadedCatalogue,
): Redacted {
  const typed = (typeOid: number, inner: Buffer) =>
    redactBinaryCell(lookOf(typeOid, catalogue), inner, redactor, catalogue);
  switch (look.kind) {
    case 'skip':
      return 'keep';
    case 'text':
      return redactor.redact(bytes, 0, bytes.length) ?? 'keep';
    case 'json': {
      if (!look.versioned) return redactJson(redactor, bytes, 0, bytes.length) ?? 'keep';
      if (bytes[0] !== JSONB_VERSION) return null;
      const json = redactJson(redactor, bytes, 1, bytes.length);
      return json === null ? 'keep' : Buffer.concat([bytes.subarray(0, 1), json]);
    }
    case 'array':
      return look.element.kind === 'skip' ? 'keep' : redactBinaryArray(bytes, typed);
    case 'record':
      return redactBinaryRecord(bytes, typed);
    case 'other':
      return null;
    default:
      return assertNever(look);
  }
}

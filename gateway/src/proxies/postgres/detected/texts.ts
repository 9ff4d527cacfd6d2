import type { ValueRedactor } from '../../../core/detectors/redact.ts';
import type { ErrorField, ErrorFields } from '../../../wire/postgres/messages/backend/error-fields.ts';

/** Fields in which words or names of somebody's can stand. */
const TEXTS: readonly ErrorField[] = [
  'message',
  'detail',
  'hint',
  'where',
  'internalQuery',
  'schemaName',
  'tableName',
  'columnName',
  'dataTypeName',
  'constraintName',
];

/** An error's or notice's fields without what was found in them; the same object when nothing was. */
export function redactedFields(fields: ErrorFields, redactor: ValueRedactor): ErrorFields {
  const redacted: ErrorFields = { ...fields };
  let changed = false;
  for (const name of TEXTS) {
    const bytes = Buffer.from(fields[name] ?? '');
    const text = redactor.redact(bytes, 0, bytes.length);
    if (text === null) continue;
    redacted[name] = text.toString();
    changed = true;
  }
  return changed ? redacted : fields;
}

import type { ErrorFields } from '../../../wire/postgres/messages/backend/error-fields.ts';
import { conditionText, SAFE_CLASSES } from './sql-state.ts';

/**
 * What of an error or notice a client may see when masked data was touched (DESIGN 5.5): severity, SQLSTATE and
 * a text that can't carry a value. Names that come from data, contexts and positions (they refer to the
 * rewritten text) are left out.
 */
export function withoutValues(fields: ErrorFields): ErrorFields {
  const code = codeOf(fields);
  const kept: ErrorFields = { code, message: conditionText(code) };
  if (namesNoValue(fields) && fields.message !== undefined) kept.message = fields.message;
  if (fields.severity !== undefined) kept.severity = fields.severity;
  if (fields.severityNonLocalized !== undefined) kept.severityNonLocalized = fields.severityNonLocalized;
  return kept;
}

/** Whether the message of an error or notice is of a kind that never carries a row's value. */
export function namesNoValue(fields: ErrorFields): boolean {
  return SAFE_CLASSES.has(codeOf(fields).slice(0, 2));
}

const codeOf = ({ code }: ErrorFields) => code ?? 'XX000';

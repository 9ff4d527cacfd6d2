import type { ErrorFields } from '../../../wire/postgres/messages/backend/error-fields.ts';
import { conditionText, SAFE_CLASSES } from './sql-state.ts';

/**
 * What of an error or notice a client may see when masked data was touched (DESIGN 5.5): severity, SQLSTATE and
 * a text that can't carry a value. Names that come from data, contexts and positions (they refer to the
 * rewritten text) are left out.
 */
export function withoutValues(fields: ErrorFields): ErrorFields {
  const code = fields.code ?? 'XX000';
  const kept: ErrorFields = { code, message: conditionText(code) };
  if (SAFE_CLASSES.has(code.slice(0, 2)) && fields.message !== undefined) kept.message = fields.message;
  if (fields.severity !== undefined) kept.severity = fields.severity;
  if (fields.severityNonLocalized !== undefined) kept.severityNonLocalized = fields.severityNonLocalized;
  return kept;
}

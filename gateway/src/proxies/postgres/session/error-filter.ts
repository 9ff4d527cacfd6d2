import type { AnalysedStatement } from '../../../sql/engine.ts';
import type { ErrorFields } from '../../../wire/postgres/messages/backend/error-fields.ts';
import { conditionText, SAFE_CLASSES } from './sql-state.ts';

/** not_null_violation. */
const NOT_NULL = '23502';
const NEXT =
  'Leave masked columns out to see the message, or ask somebody for whom they are not masked to run it.';

/**
 * What of an error or notice a client may see when masked data was touched (DESIGN 5.5): severity, SQLSTATE and
 * a text that can't carry a value. Names that come from data, contexts and positions (they refer to the
 * rewritten text) are left out.
 */
export function withoutValues(fields: ErrorFields, statement: AnalysedStatement | null = null): ErrorFields {
  const code = codeOf(fields);
  const named = statement === null ? null : leftEmpty(fields, statement);
  const kept: ErrorFields = named ?? { code, message: conditionText(code), hint: NEXT };
  if (namesNoValue(fields) && fields.message !== undefined) {
    kept.message = fields.message;
    delete kept.hint;
  }
  if (fields.severity !== undefined) kept.severity = fields.severity;
  if (fields.severityNonLocalized !== undefined) kept.severityNonLocalized = fields.severityNonLocalized;
  return kept;
}

/** A column that was left empty is named where it is one of the relation that the statement itself writes. */
function leftEmpty(
  { code, schemaName, tableName, columnName }: ErrorFields,
  { facts, touched }: AnalysedStatement,
): ErrorFields | null {
  const isOf = (ref: { schema: string; relation: string }) =>
    ref.schema === schemaName && ref.relation === tableName;
  if (code !== NOT_NULL || !facts.writes.some(isOf)) return null;
  if (!touched.some((ref) => isOf(ref) && ref.column === columnName)) return null;
  const message = `null value in column "${columnName}" of relation "${tableName}" violates not-null constraint`;
  return { code, message, schemaName, tableName, columnName };
}

/** Whether the message of an error or notice is of a kind that never carries a row's value. */
export function namesNoValue(fields: ErrorFields): boolean {
  return SAFE_CLASSES.has(codeOf(fields).slice(0, 2));
}

const codeOf = ({ code }: ErrorFields) => code ?? 'XX000';

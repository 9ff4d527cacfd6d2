import type { StatementKind } from '../../../../contract/facts.ts';
import type { AnalysedStatement } from '../../../sql/engine.ts';
import type { ErrorFields } from '../../../wire/postgres/messages/backend/error-fields.ts';
import { conditionText, MISNAMED, SAFE_CLASSES, SIZED } from './sql-state.ts';

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
  if (namesNoValue(fields, statement) && fields.message !== undefined) {
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
export function namesNoValue(fields: ErrorFields, statement: AnalysedStatement | null): boolean {
  const code = codeOf(fields);
  if (!SAFE_CLASSES.has(code.slice(0, 2)) || SIZED.has(code)) return false;
  if (!MISNAMED.has(code) || fields.position !== undefined) return true;
  return statement !== null && NAMING_ALONE.has(statement.facts.kind);
}

/** Statements that compute nothing of rows: the server tells no place of the names that they write. */
const NAMING_ALONE: ReadonlySet<StatementKind> = new Set<StatementKind>([
  ...(['alter', 'drop', 'grant', 'truncate', 'set', 'show', 'deallocate', 'closeCursor'] as const),
]);

const codeOf = ({ code }: ErrorFields) => code ?? 'XX000';

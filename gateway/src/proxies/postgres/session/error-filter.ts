import type { StatementKind } from '../../../../contract/facts.ts';
import type { AnalysedStatement } from '../../../sql/engine.ts';
import type { ErrorFields } from '../../../wire/postgres/messages/backend/error-fields.ts';
import { conditionText, MISNAMED, NEVER_OF_ROW, SAFE_CLASSES, SIZED } from './sql-state.ts';

/** not_null_violation. */
const NOT_NULL = '23502';
/** insufficient_privilege: of a relation, or of a row that a row policy does not let in. */
const NO_RIGHT = '42501';
const SOME_ROW: ErrorFields = {
  code: '22000',
  message:
    'some row failed (how is withheld: rows are worked on partition by partition, and which fails first tells of a masked column)',
  hint: 'Look in a query for rows that it fails for, or ask somebody for whom the column is not masked to run it.',
};
const NEXT = 'Leave that out to see the message, or ask somebody to whom all of it is shown to run it.';

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
  return { ...kept, ...severityOf(fields) };
}

/**
 * Whether an error may be one that some row raises, where rows are worked on one after the other. Those of the statement's
 * text have a position, and rights to a relation are asked before its first row is.
 */
export function mayBeOfRow({ code = 'XX000', position, routine }: ErrorFields): boolean {
  if (position !== undefined || NEVER_OF_ROW.has(code) || NEVER_OF_ROW.has(code.slice(0, 2))) return false;
  return !(code === NO_RIGHT && routine?.startsWith('aclcheck_error') === true);
}

/** The same for every row that fails, in whatever way. */
export function ofSomeRow(fields: ErrorFields): ErrorFields {
  return { ...SOME_ROW, ...severityOf(fields) };
}

function severityOf({ severity, severityNonLocalized }: ErrorFields): ErrorFields {
  return {
    ...(severity === undefined ? {} : { severity }),
    ...(severityNonLocalized === undefined ? {} : { severityNonLocalized }),
  };
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

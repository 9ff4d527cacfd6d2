import type { Decision } from '../../../../contract/decision.ts';
import type { AnalysedStatement } from '../../../sql/engine.ts';
import { errorResponse } from '../front/error.ts';
import { unknownName } from './unknown-name.ts';

/** insufficient_privilege: what the policy does not let through. */
const REFUSED = '42501';
/** syntax_error: what could not be read. */
export const UNPARSED = '42601';
/** in_failed_sql_transaction. */
export const IN_FAILED_TRANSACTION = '25P02';

/** A decision against a statement, in the protocol's terms: why, whose rule, and what to do next. */
export function refusalError(decision: Decision, code: string, position: number | null): Buffer {
  const detail = decision.rules
    .map((rule) => `rule ${rule.id} (owner ${rule.owner}): ${rule.because}`)
    .join('\n');
  return errorResponse('ERROR', code, decision.sentence, {
    detail,
    hint: decision.next,
    ...(position === null ? {} : { position: String(position) }),
  });
}

/** The refusal of a statement that was read. */
export function statementRefusal(
  decision: Decision,
  { facts }: AnalysedStatement,
  position: number | null,
): Buffer {
  const unknown = unknownName(decision, facts);
  if (unknown === null) return refusalError(decision, REFUSED, position);
  const at = position === null ? {} : { position: String(position) };
  return errorResponse('ERROR', unknown.code, unknown.message, { hint: decision.next, ...at });
}

/** The position field counts characters from 1; `offset` counts UTF-16 units from 0. */
export function errorPosition(text: string, offset: number): number {
  return [...text.slice(0, offset)].length + 1;
}

/** The other way round: the UTF-16 offset of an error's position field. */
export function utf16Offset(text: string, position: number): number {
  return [...text].slice(0, position - 1).join('').length;
}

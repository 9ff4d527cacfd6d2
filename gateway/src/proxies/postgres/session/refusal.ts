import type { Decision } from '../../../../contract/decision.ts';
import type { Session } from '../../../core/flow/session.ts';
import type { AnalysedStatement, Origin } from '../../../sql/engine.ts';
import { pathWords } from '../../../sql/lineage-words.ts';
import { errorResponse } from '../front/error.ts';
import type { Governor, World } from './governor.ts';
import { type Instead, insteadOf, insteadWords } from './instead.ts';
import { unknownName } from './unknown-name.ts';

/** insufficient_privilege: what the policy does not let through. */
const REFUSED = '42501';
/** syntax_error: what could not be read. */
export const UNPARSED = '42601';
/** in_failed_sql_transaction. */
export const IN_FAILED_TRANSACTION = '25P02';

/** A decision against a statement, in the protocol's terms: why, whose rule, and what to do next. */
export function refusalError(
  decision: Decision,
  code: string,
  position: number | null,
  { paths, instead }: Explained = UNEXPLAINED,
): Buffer {
  // What lets a statement run is no reason against it.
  const rules = decision.rules
    .filter(({ outcome }) => outcome !== 'allow')
    .map((rule) => `rule ${rule.id} (owner ${rule.owner}): ${rule.because}`);
  return errorResponse('ERROR', code, decision.sentence, {
    detail: [...rules, ...paths].join('\n'),
    hint: [...(instead === null ? [] : [insteadWords(instead)]), decision.next].join('\n'),
    ...(position === null ? {} : { position: String(position) }),
  });
}

/** The refusal of a statement that was read. */
export function statementRefusal(
  decision: Decision,
  { facts }: AnalysedStatement,
  position: number | null,
  explained: Explained = UNEXPLAINED,
): Buffer {
  const unknown = unknownName(decision, facts);
  const at = position ?? explained.position;
  if (unknown === null) return refusalError(decision, REFUSED, at, explained);
  return errorResponse('ERROR', unknown.code, unknown.message, {
    hint: decision.next,
    ...(at === null ? {} : { position: String(at) }),
  });
}

/** What a refusal tells besides the decision: where columns come from, and what would be allowed instead. */
export type Explained = {
  paths: readonly string[];
  instead: Instead | null;
  /** Where the first column stands that is to be left out, counted as the protocol does. */
  position: number | null;
};
const UNEXPLAINED: Explained = { paths: [], instead: null, position: null };

/** What is told of a statement that was stopped. */
export async function explain(
  { governor, session }: { governor: Governor; session: Session },
  statement: AnalysedStatement,
  world: World,
  { masks }: Decision,
): Promise<Explained> {
  const principal = session.principal.current();
  if (principal === null) return UNEXPLAINED;
  const instead = await insteadOf(governor, session, principal, statement, world);
  const isMasked = ({ schema, relation, column: name }: Origin) =>
    masks.some(({ column: c }) => c.schema === schema && c.relation === relation && c.column === name);
  const told = (statement.outputs ?? []).filter(({ name, origins }) =>
    instead === null ? origins.some(isMasked) : instead.leftOut.includes(name),
  );
  const paths = told.flatMap((output) => {
    // The farthest: what a view shows says more than the view.
    const path = output.origins.map((origin) => pathWords(output, origin)).findLast((words) => words !== '');
    return path === undefined ? [] : [`${output.name} comes from ${path}`];
  });
  const offset = instead === null || statement.start > 0 ? null : instead.position;
  const position = offset === null ? null : errorPosition(statement.text, offset);
  return { paths: paths.slice(0, MAX_PATHS), instead, position };
}

const MAX_PATHS = 10;

/** The position field counts characters from 1; `offset` counts UTF-16 units from 0. */
export function errorPosition(text: string, offset: number): number {
  return [...text.slice(0, offset)].length + 1;
}

/** The other way round: the UTF-16 offset of an error's position field. */
export function utf16Offset(text: string, position: number): number {
  return [...text].slice(0, position - 1).join('').length;
}

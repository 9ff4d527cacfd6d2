import { approversInWords } from '../../../gateway/contract/ask.ts';
import type { Decision } from '../../../gateway/contract/decision.ts';
import { SluiceError } from '../../../gateway/contract/error.ts';
import type { TargetName } from '../../../gateway/contract/ids.ts';
import type { LiveResultSet } from './live-result-set.ts';
import type { LiveRun } from './live-run.ts';

/** A request for more, ready to be sent to whoever owns the rule, and what the person is told. */
export type RequestText = { text: string; sentence: string };

const NOBODY_KNOWN = 'the gateway’s administrator';

/** Asks to see a masked column as it is. */
export function requestForColumn(set: LiveResultSet, index: number): RequestText {
  const column = set.columns[index];
  const reason = column?.masked;
  if (column === undefined || reason === undefined || reason === null) {
    throw new SluiceError('request.invalid', 'This column is not masked.');
  }
  const sources = reason.sources.map(({ schema, relation, column: name }) => `${schema}.${relation}.${name}`);
  return addressed(reason.owner, [
    `Please let me see ${sources.length > 0 ? sources.join(', ') : column.name} unmasked for a while.`,
    `It is masked by rule ${reason.rule}: ${reason.because}`,
  ]);
}

/** Asks to be allowed a statement that the policy stops, before anybody runs it. */
export function requestForVerdict(target: TargetName, statement: string, decision: Decision): RequestText {
  const rule = decision.rules[0];
  const to = decision.asks.length > 0 ? approversInWords(decision.asks) : (rule?.owner ?? NOBODY_KNOWN);
  return addressed(to, [
    `Please allow this statement on ${target}:`,
    statement,
    ...(rule === undefined ? [decision.sentence] : [`It is stopped by rule ${rule.id}: ${rule.because}`]),
  ]);
}

/** Asks to be allowed a statement. */
export function requestForStatement(run: LiveRun, index: number): RequestText {
  const statement = run.statements.find((candidate) => candidate.index === index);
  const rule = statement?.failure?.rules[0] ?? statement?.decision?.rules[0];
  const approvers = statement?.failure?.approvers ?? '';
  if (statement === undefined) throw new SluiceError('request.notFound', 'This statement is no longer kept.');
  const to = approvers !== '' ? approvers : (rule?.owner ?? NOBODY_KNOWN);
  return addressed(to, [
    `Please allow this statement on ${run.target}:`,
    statement.text,
    ...(rule === undefined ? [] : [`It was stopped by rule ${rule.id}: ${rule.because}`]),
  ]);
}

function addressed(to: string, lines: string[]): RequestText {
  return {
    text: [`To: ${to}`, ...lines].join('\n'),
    sentence: `A request to ${to} is on your clipboard: send it, and run the statement again once they say yes.`,
  };
}

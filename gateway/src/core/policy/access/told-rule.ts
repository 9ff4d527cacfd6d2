import { approversInWords } from '../../../../contract/ask.ts';
import type { ToldRule } from '../../../../contract/policy-access.ts';
import { compileAsk } from '../compile/ask.ts';
import type { CompiledRule } from '../compile/rule.ts';
import { maskWord } from '../expectations/compare.ts';
import type { Rule } from '../language/schema.ts';
import { whomWords } from './concern.ts';

/** A rule for people, with what besides its words must hold for it to count. */
export function toldRule({ source }: CompiledRule, provided = ''): ToldRule {
  const { id, owner, because, when } = source;
  const conditions = [provided, when ?? ''].filter((part) => part !== '').join('; ');
  return {
    id,
    owner,
    because,
    does: doesWords(source),
    who: whomWords(source),
    about: aboutWords(source),
    when: conditions === '' ? null : conditions,
  };
}

function doesWords({ id, then: follows }: Rule): string {
  if (typeof follows === 'string') return follows;
  if ('approve' in follows) return `approval by ${approversInWords([compileAsk(id, follows.approve)])}`;
  if ('mask' in follows) {
    const lookup = follows.lookup === undefined ? '' : ', can be looked up';
    return `mask: ${maskWord(follows.mask)}${lookup}`;
  }
  if ('rows' in follows) return `rows: ${follows.rows}`;
  return `detect: ${follows.detect.join(', ')}`;
}

function aboutWords({ on, doing = [] }: Rule): string {
  const what = doing === 'anything' ? doing : doing.join(', ');
  if (on === 'everything') return [what, 'on everything'].filter((part) => part !== '').join(' ');
  const lines = Object.entries(on).map(([word, value]) => `${word} ${valueWords(value)}`);
  return `${what} on ${lines.join('; ')}`.trim();
}

function valueWords(value: unknown): string {
  if (Array.isArray(value)) return value.map(valueWords).join(', ');
  if (typeof value !== 'object' || value === null) return String(value);
  return Object.entries(value)
    .map(([key, inner]) => `${key} ${valueWords(inner)}`)
    .join(' ');
}

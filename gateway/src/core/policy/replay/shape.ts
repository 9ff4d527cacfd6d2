import type { ColumnRef, Facts } from '../../../../contract/facts.ts';
import { useWords } from '../decide/use-words.ts';

const MAX_NAMED = 6;

/** What an action does, in a line that those share which do the same: "select public.customers (email, name)". */
export function shapeWords(facts: Facts): string {
  if (facts.protocol === 'ssh') return `${facts.account}: ${few(facts.uses.map(useWords))}`;
  const written = facts.writes.map(({ schema, relation, by }) => `${by} ${schema}.${relation}`);
  const read = facts.reads.map(({ schema, relation }) => `${schema}.${relation}`);
  const places = [
    ...written,
    ...(read.length === 0 ? [] : [`${written.length > 0 ? 'from ' : ''}${few(read)}`]),
  ];
  const columns = facts.disclosed.length === 0 ? '' : ` (${few(facts.disclosed.map(columnName))})`;
  const kind = written.length > 0 && facts.writes.some(({ by }) => by === facts.kind) ? '' : `${facts.kind} `;
  return `${kind}${places.join(', ')}${columns}`.trim();
}

const columnName = ({ column }: ColumnRef): string => column;

function few(names: readonly string[]): string {
  const all = [...new Set(names)];
  if (all.length <= MAX_NAMED) return all.join(', ');
  return `${all.slice(0, MAX_NAMED).join(', ')} and ${all.length - MAX_NAMED} more`;
}

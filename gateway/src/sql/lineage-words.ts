import { assertNever } from '../../contract/assert-never.ts';
import type { Origin, OutputColumn, Step } from './engine.ts';

/** "public.customers.email, through view public.rich_orders"; '' for a column that is shown as it stands. */
export function pathWords({ name }: Pick<OutputColumn, 'name'>, origin: Origin): string {
  const { schema, relation, column, through } = origin;
  const from = `${schema}.${relation}.${column}`;
  if (through.length === 0) return name === column ? '' : from;
  return `${from}, through ${through.map(stepWords).join(' and ')}`;
}

function stepWords({ kind, name }: Step): string {
  switch (kind) {
    case 'view':
      return `view ${name}`;
    case 'with':
      return `WITH ${name}`;
    case 'subquery':
      return name === '' ? 'a subquery' : `subquery ${name}`;
    default:
      return assertNever(kind);
  }
}

import type { Lookup } from '../facts/lookup.ts';
import { quoted } from '../masks/type-name.ts';
import { writtenValue } from './lookup-value.ts';

/**
 * A lookup in a column of the extension citext, by the equality that the server would take: citext's own for constants
 * and parameters without a type, and that of texts where one of the values is a text.
 */
export function citextCondition({ values, equality }: Lookup, name: string): string {
  const equals = `OPERATOR(pg_catalog.=)`;
  const texts = anyOf(
    values.map((value) => `${name}::pg_catalog.text ${equals} ${writtenValue(value, 'text')}`),
  );
  if (equality === null) return 'FALSE';
  if (equality === 'pg_catalog' || values.some(({ cast }) => cast !== null)) return texts;
  const citext = `${quoted(equality)}.citext`;
  // Of parameters that a client gave no type it is citext, of others what the server would compare them as.
  const common = (given: readonly string[]) => `COALESCE(${[...given, `NULL::${citext}`].join(', ')})`;
  const parameters = values.flatMap((value) => (value.kind === 'parameter' ? [`$${value.number}`] : []));
  const compared = anyOf(
    values.map((value) => {
      const given =
        value.kind === 'parameter'
          ? `${common([`$${value.number}`])}::${citext}`
          : writtenValue(value, 'text');
      return `${name}::${citext} OPERATOR(${quoted(equality)}.=) ${given}`;
    }),
  );
  if (parameters.length === 0) return compared;
  const type = `pg_catalog.pg_typeof(${common(parameters)})`;
  return `(${compared} AND (${type} ${equals} '${citext.replaceAll("'", "''")}'::pg_catalog.regtype OR ${texts}))`;
}

function anyOf(conditions: readonly string[]): string {
  return conditions.length === 1 ? conditions.join() : `(${conditions.join(' OR ')})`;
}

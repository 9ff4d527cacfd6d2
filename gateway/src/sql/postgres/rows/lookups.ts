import type { RangeVar } from 'libpg-query';
import type { ColumnLookup } from '../../../../contract/facts.ts';
import type { Column } from '../catalogue/catalogue.ts';
import type { Findings } from '../facts/findings.ts';
import type { Lookup } from '../facts/lookup.ts';
import { type EffectiveMasks, spoken } from '../masks/effective.ts';
import { isCitext, plainType } from '../masks/plain-type.ts';
import { quoted } from '../masks/type-name.ts';
import type { Refusal } from '../rewrite/refusals.ts';
import { citextCondition } from './citext-lookup.ts';
import { writtenValue } from './lookup-value.ts';

/** Types whose `=` of pg_catalog tells equality of values and nothing else. */
const COMPARED: ReadonlySet<string> = new Set(
  'text varchar bpchar int2 int4 int8 numeric uuid date timestamp timestamptz inet'.split(' '),
);

function isCompared(column: Column): boolean {
  const type = plainType(column);
  return isCitext(type) || COMPARED.has(type.name ?? '');
}

/** Comparisons that reach raw columns: allowed by the decision, and by every mask that counts for the column. */
export function letThrough(
  { lookups, explained }: Findings,
  masks: EffectiveMasks,
  allowed: readonly ColumnLookup[],
): Lookup[] {
  // A plan's estimates would tell how often a value comes.
  if (explained) return [];
  return lookups.filter(({ column }) => {
    const { schema, name } = column.relation;
    const isNamed = allowed.some(
      (entry) =>
        entry.column.schema === schema &&
        entry.column.relation === name &&
        entry.column.column === column.name,
    );
    return isNamed && isCompared(column) && masks.allowsLookup(column);
  });
}

/**
 * Written columns of which somebody may be told whether a value is there: a unique key tells that, and nothing else, of
 * each constant that is written, as a lookup does.
 */
export function tellingWrites(
  { given }: Findings,
  masks: EffectiveMasks,
  allowed: readonly ColumnLookup[],
): ReadonlySet<Column> {
  const isNamed = ({ name, relation }: Column) =>
    allowed.some(
      ({ column }) =>
        column.schema === relation.schema && column.relation === relation.name && column.column === name,
    );
  const columns = [...given].flatMap(([column, values]) => (values === null ? [] : [column]));
  return new Set(columns.filter((column) => isNamed(column) && masks.allowsLookup(column)));
}

/**
 * Comparisons that may be repeated beside a filter: of plain types, of what is kept and not computed as it is read, which
 * may fail for a hidden row, and with nothing masked unless it is let through.
 * A `numeric` may be compared with a parameter of less precision, which is not the same as equality of numerics.
 */
export function equalitiesOf(
  { lookups }: Findings,
  masks: EffectiveMasks,
  allowed: readonly Lookup[],
): Lookup[] {
  return lookups.filter(
    (lookup) =>
      allowed.includes(lookup) ||
      (masks.maskOf(lookup.column) === null &&
        !lookup.column.generated &&
        lookup.column.relation.definition === null &&
        COMPARED.has(plainType(lookup.column).name ?? '') &&
        (plainType(lookup.column).name !== 'numeric' ||
          lookup.values.every(({ kind }) => kind === 'literal'))),
  );
}

/** Why a lookup that is let through can't be asked as the server would; null when each can. */
export function lookupRefusal(lookups: readonly Lookup[]): Refusal | null {
  const unclear = lookups.find(({ equality }) => equality === null);
  if (unclear === undefined) return null;
  return {
    why: `Refused, because your search path has operators = that are neither the server's nor an extension's, and ${spoken(unclear.column)} may be compared by one of them.`,
    next: 'Set a search path without their schema, or write OPERATOR(pg_catalog.=), which compares texts.',
  };
}

/** Lookups of one reference. */
export function lookupsOf(lookups: readonly Lookup[], range: RangeVar): Lookup[] {
  return lookups.filter((lookup) => lookup.range === range);
}

/** A lookup as a condition over the raw column. */
export function lookupCondition(lookup: Lookup, alias: string | null): string {
  const { column, values } = lookup;
  const name = alias === null ? quoted(column.name) : `${quoted(alias)}.${quoted(column.name)}`;
  if (isCitext(plainType(column))) return citextCondition(lookup, name);
  // Clients may give parameters any type, and the server would turn the column into it: a `float8` equals many numbers,
  // an `oid` raises an error for some. So it is the parameter that is turned into the column's type.
  const type = inferredType(plainType(column).name ?? '');
  const each = values.map((value) => `${name} OPERATOR(pg_catalog.=) ${writtenValue(value, type)}`);
  return each.length === 1 ? each.join() : `(${each.join(' OR ')})`;
}

/** Comparisons of one reference as conditions beside its filter. */
export function repeatedBeside(
  equalities: readonly Lookup[],
  range: RangeVar,
  alias: string | null,
): string[] {
  const own = lookupsOf(equalities, range);
  return [...own.map((lookup) => lookupCondition(lookup, alias)), ...convertedFirst(own)];
}

/**
 * A condition that always holds and reads no row, so that the server asks it before the first one: whatever parameters of
 * lookups can't become is an error then, and not where a hidden row comes to be compared with one.
 */
function convertedFirst(lookups: readonly Lookup[]): string[] {
  const converted = lookups.flatMap(({ column, values }) => {
    const type = isCitext(plainType(column)) ? 'text' : inferredType(plainType(column).name ?? '');
    return values.filter(({ kind }) => kind === 'parameter').map((value) => writtenValue(value, type));
  });
  if (converted.length === 0) return [];
  const all = [...new Set(converted)].join(', ');
  return [`pg_catalog.int4ge(pg_catalog.num_nulls(${all}), 0)`];
}

/** The type that the server infers for a parameter which a column of this type is compared with. */
function inferredType(type: string): string {
  return type === 'varchar' ? 'text' : type;
}

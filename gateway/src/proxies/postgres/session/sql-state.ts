/**
 * Classes whose messages name objects, settings and states, never a row's value (manual, Appendix A): connection,
 * transaction states, cursors, syntax and access rules, resources, limits, operator intervention.
 */
export const SAFE_CLASSES: ReadonlySet<string> = new Set([
  '08',
  '0B',
  '24',
  '25',
  '26',
  '28',
  '2D',
  '34',
  '3B',
  '3D',
  '3F',
  '40',
  '42',
  '53',
  '54',
  '55',
  '57',
  '58',
]);

/** Conditions of these classes that do: the size of a row or of a key in an index. */
export const SIZED: ReadonlySet<string> = new Set(['54000']);

/**
 * Conditions of names that are not there. Where nothing of the statement's text is at fault, a value was read as a name
 * (`card::regtype`, `has_table_privilege(card, …)`).
 */
export const MISNAMED: ReadonlySet<string> = new Set([
  ...['42601', '42602', '42622', '42703', '42704', '42723', '42725', '42883', '42939'],
  ...['42P01', '42P02', '3D000', '3F000'],
]);

/**
 * Classes and conditions that no row's values raise: of the connection, of transactions, cursors and locks, of whoever
 * cancels, and of what a definition makes.
 */
export const NEVER_OF_ROW: ReadonlySet<string> = new Set([
  ...['08', '25', '26', '28', '2D', '34', '3B', '40', '57', '58'],
  ...['55006', '55P03', '42701', '42710', '42830', '42P06', '42P07', '42P10', '42P16', '42P17'],
]);

const CONDITIONS: ReadonlyMap<string, string> = new Map([
  ['00000', 'notice'],
  ['01000', 'warning'],
  ['21000', 'cardinality violation'],
  ['22001', 'string data right truncation'],
  ['22003', 'numeric value out of range'],
  ['22004', 'null value not allowed'],
  ['22007', 'invalid datetime format'],
  ['22008', 'datetime field overflow'],
  ['22012', 'division by zero'],
  ['22P02', 'invalid text representation'],
  ['22P03', 'invalid binary representation'],
  ['22P05', 'untranslatable character'],
  ['23502', 'not-null violation'],
  ['23503', 'foreign key violation'],
  ['23505', 'unique violation'],
  ['23514', 'check violation'],
  ['23P01', 'exclusion violation'],
  ['P0001', 'raised exception'],
  ['P0002', 'no data found'],
  ['P0003', 'too many rows'],
]);

const CLASSES: ReadonlyMap<string, string> = new Map([
  ['00', 'notice'],
  ['01', 'warning'],
  ['02', 'no data'],
  ['0A', 'feature not supported'],
  ['21', 'cardinality violation'],
  ['22', 'data exception'],
  ['23', 'integrity constraint violation'],
  ['44', 'with check option violation'],
  ['P0', 'PL/pgSQL error'],
]);

/** The condition's name without any value of the statement's data. */
export function conditionText(code: string): string {
  const name = CONDITIONS.get(code) ?? CLASSES.get(code.slice(0, 2)) ?? `error ${code}`;
  return `${name} (the server's message is withheld, because the statement touches masked columns, or a table of which you see only some rows)`;
}

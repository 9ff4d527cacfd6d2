import type { Answer, Field, Result } from './send.ts';

/** Whether a result column comes of a masked column as it is. */
export type IsMasked = (field: Field) => boolean;

/** How an answer differs from the direct one other than by masks; empty when it doesn't. */
export function difference(direct: Answer, governed: Answer, isMasked: IsMasked): string {
  if (governed.error !== null && governed.error.code !== direct.error?.code) {
    const { code, message, detail } = governed.error;
    return `${code} ${message} ${detail}`.trim();
  }
  if (direct.error !== null)
    return governed.error === null ? `passes where ${direct.error.code} was told` : '';
  if (direct.results.length !== governed.results.length) {
    return `${governed.results.length} results in place of ${direct.results.length}`;
  }
  for (const [at, expected] of direct.results.entries()) {
    const told = resultDifference(expected, governed.results[at], isMasked);
    if (told !== '') return told;
  }
  return '';
}

function resultDifference(expected: Result, actual: Result | undefined, isMasked: IsMasked): string {
  if (actual === undefined) return 'no result';
  if (expected.tag !== actual.tag) return `${actual.tag} in place of ${expected.tag}`;
  const types = JSON.stringify(expected.fields?.map(shape));
  const actualTypes = JSON.stringify(actual.fields?.map(shape));
  if (types !== actualTypes) return `columns ${actualTypes} in place of ${types}`;
  if (expected.rows.length !== actual.rows.length) return 'another number of rows';
  const masked = (expected.fields ?? []).map(isMasked);
  for (const [at, row] of expected.rows.entries()) {
    const cell = row.findIndex((value, column) => {
      const other = actual.rows[at]?.[column];
      return masked[column] === true
        ? (value === null) !== (other === null) && other !== null
        : !same(value, other);
    });
    if (cell >= 0) {
      const name = expected.fields?.[cell]?.name ?? cell;
      return `row ${at}, ${name}: ${actual.rows[at]?.[cell]} in place of ${row[cell]}`.slice(0, 400);
    }
  }
  return '';
}

const shape = ({ name, dataTypeID, dataTypeSize, dataTypeModifier, format }: Field) => [
  name,
  dataTypeID,
  dataTypeSize,
  dataTypeModifier,
  format,
];

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}$/;
const MOMENT = /20\d\d-\d\d-\d\d[ T]\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d(?::?\d\d)?)?/g;
const RECENT_MS = 3_600_000;

/** Equal but for what differs between any two moments: the clock, and random UUIDs. */
function same(left: string | null, right: string | null | undefined): boolean {
  if (left === right) return true;
  if (left === null || right === null || right === undefined) return false;
  if (UUID.test(left) && UUID.test(right)) return true;
  return steady(left) === steady(right) || isMaskedWithin(right, left);
}

const MASK = '•••••';

/** Whether a text is another one in which parts were masked before it was put together (JSON, COPY, `||`). */
function isMaskedWithin(text: string, whole: string): boolean {
  if (!text.includes(MASK)) return false;
  const parts = text.split(/•+/).map((part) => part.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&'));
  return new RegExp(`^${parts.join('[^"]*')}$`, 's').test(whole);
}

function steady(text: string): string {
  return text.replaceAll(MOMENT, (moment) => {
    const at = Date.parse(
      /(?:Z|[+-]\d\d(?::?\d\d)?)$/.test(moment) ? moment.replace(/([+-]\d\d)$/, '$1:00') : `${moment}Z`,
    );
    return Math.abs(Date.now() - at) < RECENT_MS ? 'now' : moment;
  });
}

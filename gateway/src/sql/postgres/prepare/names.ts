import { createHash } from 'node:crypto';
import type { MaskMethod } from '../../../../contract/decision.ts';

/** Where masking views live. Nobody but the gateway reads them. */
export const MASKING_SCHEMA = 'sluice';
/** A column without a value: UPDATE of it lets the least role lock rows through a view, and write nothing. */
export const LOCK_COLUMN = '~lock';
/** NAMEDATALEN - 1. */
const MAX_NAME_BYTES = 63;
const ONLY = '~only';

/** The roles of one target: who logs in, and who owns the views and reads what is behind them. */
export function targetRoles(target: string): { least: string; owner: string } {
  return { least: short(`sluice_${target}`, ''), owner: short(`masks_of_sluice_${target}`, '') };
}

/** `schema.name`; shortened, with a hash, when that is too long or could be read two ways. */
export function maskingViewName({ schema, name }: { schema: string; name: string }, only: boolean): string {
  const suffix = only ? ONLY : '';
  const isPlain = !schema.includes('.') && !/[.~]/.test(name);
  return short(`${schema}.${name}`, suffix, isPlain ? null : JSON.stringify([schema, name]));
}

/** A column that nobody has masked keeps its name. */
export function openColumn(column: string): string {
  return column.includes('~') ? short(column, '~open', column) : column;
}

/** `email~partial-domain` */
export function maskedColumn(column: string, mask: MaskMethod): string {
  return short(column, `~${labelOf(mask)}`, column.includes('~') ? column : null);
}

export function systemColumn(name: string): string {
  return `~${name}`;
}

/** A method with its settings, in few characters: `partial-domain`. */
function labelOf(mask: MaskMethod): string {
  const { method, ...settings } = mask;
  const values = entries(settings);
  const plain = [method, ...values.map(([name, value]) => (value === true ? name : String(value)))].join('-');
  if (values.length <= 1 && plain.length <= 24 && /^[a-z0-9-]+$/.test(plain)) return plain;
  return `${method}-${hash(JSON.stringify(values))}`;
}

/** Two masks that hide the same in the same way. */
export function sameMask(left: MaskMethod, right: MaskMethod): boolean {
  return canonical(left) === canonical(right);
}

export function canonical(mask: MaskMethod): string {
  return JSON.stringify(entries(mask));
}

function entries(settings: object): Array<[string, unknown]> {
  const written = Object.entries(settings).filter(([, value]) => value !== undefined);
  return written.toSorted(([a], [b]) => (a < b ? -1 : 1));
}

/** `text` with its suffix in the bytes that a name has; `distinct` is hashed into it when `text` is not enough. */
function short(text: string, suffix: string, distinct: string | null = null): string {
  const whole = `${text}${suffix}`;
  if (distinct === null && Buffer.byteLength(whole) <= MAX_NAME_BYTES) return whole;
  const mark = `~${hash(distinct ?? text)}${suffix}`;
  let head = text;
  while (Buffer.byteLength(head) + Buffer.byteLength(mark) > MAX_NAME_BYTES)
    head = [...head].slice(0, -1).join('');
  return head + mark;
}

const hash = (text: string) => createHash('sha256').update(text).digest('hex').slice(0, 10);

import { WORD } from '../window.ts';
import { LANES, OFFSETS, TABLE_BYTES } from './kernel.ts';
import { bytesOf, KINDS, kindOf, type Shape } from './shape.ts';

/** All kinds, a bit for each. */
export const ALL_KINDS = (1 << KINDS) - 1;

type Part = { kind: number; tables: Uint8Array };

/** Sets of detectors are made of the same few shapes. */
const parts = new WeakMap<Shape, Part>();

/**
 * What the kernel is to look for. For each offset two tables of 16 bytes: by a byte's low four bits and by its high four
 * the kinds, a bit for each, that have a shape with such a byte there. A kind may be there when both say so at all offsets.
 */
export function tablesOf(shapes: readonly Shape[]): Uint8Array {
  const tables = new Uint8Array(TABLE_BYTES);
  for (const shape of shapes) {
    const part = partOf(shape).tables;
    for (let at = 0; at < TABLE_BYTES; at += 1) tables[at] = (tables[at] ?? 0) | (part[at] ?? 0);
  }
  return tables;
}

/** The kinds of these shapes, a bit for each. */
export function kindsOf(shapes: readonly Shape[]): number {
  return shapes.reduce((kinds, shape) => kinds | partOf(shape).kind, 0);
}

function partOf(shape: Shape): Part {
  const known = parts.get(shape);
  if (known !== undefined) return known;
  const kind = 1 << kindOf(shape);
  const tables = new Uint8Array(TABLE_BYTES);
  OFFSETS.forEach((offset, index) => {
    const low = 2 * index * LANES;
    const set = shape[offset];
    // A shorter one allows anything behind its end.
    for (const byte of set === undefined ? ANY : bytesOf(set)) {
      tables[low + (byte & 0x0f)] = kind;
      tables[low + LANES + (byte >> 4)] = kind;
    }
  });
  const part = { kind, tables };
  parts.set(shape, part);
  return part;
}

const ANY = Array.from({ length: 256 }, (_, byte) => byte);

/** The same for the bytes of words: some bit is left for each of them, and none for others. */
export function wordTables(): Uint8Array {
  const tables = new Uint8Array(2 * LANES);
  for (const byte of bytesOf(WORD)) {
    // Of each two rows of ASCII the same columns are letters: those of A to O, and of P to Z.
    const bit = byte === UNDERSCORE ? 1 : byte <= LAST_DIGIT ? 2 : byte & 0x10 ? 4 : 8;
    tables[byte & 0x0f] = (tables[byte & 0x0f] ?? 0) | bit;
    tables[LANES + (byte >> 4)] = (tables[LANES + (byte >> 4)] ?? 0) | bit;
  }
  return tables;
}

const UNDERSCORE = 0x5f;
const LAST_DIGIT = 0x39;

import { type ByteClass, DIGITS, isIn, WORD } from '../window.ts';

/** What each match of some kind begins with: for each byte the class that it is of. */
export type Shape = readonly ByteClass[];

/** These very bytes; ASCII. */
export function text(characters: string): Shape {
  return Array.from(characters, (character) => {
    const one = new Uint8Array(256);
    one[character.charCodeAt(0)] = 1;
    return one;
  });
}

export function times(count: number, of: ByteClass): Shape {
  return Array.from({ length: count }, () => of);
}

/** Shapes are looked for in so many kinds at once. */
export const KINDS = 8;
/** What begins with a sign may stand inside a word. */
export const SIGNS = 7;
const TEXTS = [5, 6] as const;
const LETTERS = 4;
/** As many digits as tell a number from a group of one. */
const LONG = 5;

/**
 * The kind that a shape is looked for with. Shapes of a kind are mixed up, and what is of none of them may be taken for one:
 * those that are alike are best together. But for signs it makes a difference to speed alone.
 */
export function kindOf(shape: Shape): number {
  const first = bytesOf(shape[0] ?? WORD);
  if (first.some((byte) => !isIn(WORD, byte))) return SIGNS;
  const digits = leading(shape);
  if (digits >= LONG) return 0;
  // Groups of two and of three get on best: neither brings a byte that dates have where the other has digits.
  if (digits > 0) return digits <= 2 ? digits : digits - 1;
  if (first.length > 1) return LETTERS;
  return TEXTS[(first[0] ?? 0) < MIDDLE ? 0 : 1];
}

const MIDDLE = 'h'.charCodeAt(0);

/** Digits that it begins with. */
function leading(shape: Shape): number {
  const other = shape.findIndex((one) => bytesOf(one).some((byte) => !isIn(DIGITS, byte)));
  return other === -1 ? shape.length : other;
}

export function bytesOf(set: ByteClass): number[] {
  return Array.from(set.keys()).filter((byte) => set[byte] === 1);
}

/**
 * As much of WebAssembly's binary format (core specification 2.0, chapter 5) as one function needs: pieces of code are
 * lists of bytes, and larger ones are put together from them.
 */
export type Code = readonly number[];

export const I32 = 0x7f;
export const V128 = 0x7b;

/** Unsigned LEB128 (5.2.2). */
export function unsigned(value: number): Code {
  const low = value & 0x7f;
  const rest = value >>> 7;
  return rest === 0 ? [low] : [low | 0x80, ...unsigned(rest)];
}

/** Signed LEB128. */
function signed(value: number): Code {
  const low = value & 0x7f;
  const rest = value >> 7;
  const isAll = (rest === 0 && (low & 0x40) === 0) || (rest === -1 && (low & 0x40) !== 0);
  return isAll ? [low] : [low | 0x80, ...signed(rest)];
}

const simd = (opcode: number): Code => [0xfd, ...unsigned(opcode)];
/** Alignment is a hint; 0 promises nothing. */
const at = (offset: number): Code => [0, ...unsigned(offset)];

export const localGet = (local: number): Code => [0x20, ...unsigned(local)];
export const localSet = (local: number): Code => [0x21, ...unsigned(local)];
export const localTee = (local: number): Code => [0x22, ...unsigned(local)];
/** Branches go to the begin of a loop and to the end of an `if`, by how many of these are left. */
export const loop = (...body: Code[]): Code => [0x03, 0x40, ...body.flat(), 0x0b];
export const whenTrue = (...body: Code[]): Code => [0x04, 0x40, ...body.flat(), 0x0b];
export const branchIf = (depth: number): Code => [0x0d, ...unsigned(depth)];

export const i32 = {
  constant: (value: number): Code => [0x41, ...signed(value)],
  store: (offset: number): Code => [0x36, ...at(offset)],
  lessUnsigned: [0x49],
  trailingZeros: [0x68],
  shiftLeft: [0x74],
  add: [0x6a],
  subtract: [0x6b],
  and: [0x71],
  xor: [0x73],
} as const;

export const v128 = {
  load: (offset: number): Code => [...simd(0x00), ...at(offset)],
  store: (offset: number): Code => [...simd(0x0b), ...at(offset)],
  /** The same byte sixteen times. */
  bytes: (byte: number): Code => [...simd(0x0c), ...Array.from({ length: 16 }, () => byte)],
  /** For each byte of the second the byte of the first that it counts to. */
  swizzle: simd(0x0e),
  bytesEqual: simd(0x23),
  not: simd(0x4d),
  and: simd(0x4e),
  andNot: simd(0x4f),
  or: simd(0x50),
  anyTrue: simd(0x53),
  /** The highest bit of each byte. */
  bitmask: simd(0x64),
  /** Each pair of bytes as one number. */
  pairsShiftRight: simd(0x8d),
} as const;

const section = (id: number, ...parts: Code[]): Code => [id, ...counted(parts.flat())];
const counted = (bytes: Code): Code => [...unsigned(bytes.length), ...bytes];
const name = (text: string): Code => counted([...Buffer.from(text)]);

/** A module that exports `memory` of so many pages (64 KiB), and `run`: i32 to i32. */
export function moduleOf(
  pages: number,
  locals: ReadonlyArray<readonly [count: number, type: number]>,
  body: Code,
): Uint8Array<ArrayBuffer> {
  const declared = [
    ...unsigned(locals.length),
    ...locals.flatMap(([count, type]) => [...unsigned(count), type]),
  ];
  return Uint8Array.from([
    ...[0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00],
    ...section(1, [1, 0x60, 1, I32, 1, I32]),
    ...section(3, [1, 0]),
    ...section(5, [1, 1], unsigned(pages), unsigned(pages)),
    ...section(7, [2], name('memory'), [0x02, 0], name('run'), [0x00, 0]),
    ...section(10, [1], counted([...declared, ...body, 0x0b])),
  ]);
}

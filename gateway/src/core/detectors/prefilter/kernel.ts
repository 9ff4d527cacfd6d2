import * as wasm from './assembler.ts';
import { i32, localGet, localSet, localTee, v128 } from './assembler.ts';
import { SIGNS } from './shape.ts';

/**
 * The bytes behind a place that are looked at. Enough that dates and times of day are no numbers of anybody; the ninth
 * tells 026-11-22T from 026-11-2233.
 */
export const OFFSETS = [0, 1, 2, 3, 4, 5, 6, 7, 9] as const;
/** So many bytes before a place tell whether it is inside a word. */
export const BEFORE_BYTES = 6;
/** So much of a text is looked through at once. */
export const BLOCK_BYTES = 16 * 1024;

/** Places are looked at so many at a time. */
export const LANES = 16;
/** For each offset what a byte's low four bits allow, and its high ones. */
export const TABLE_BYTES = OFFSETS.length * 2 * LANES;
/** Two more of such tables: which bytes are of a word. */
export const WORDS_AT = TABLE_BYTES;
/** Zeros behind a text, so that nothing of another one is taken for its. */
export const BEHIND_BYTES = 2 * LANES;

/** The memory: tables, what stands before the text, the text itself, kinds for each byte of the text, places that were found. */
export const TEXT_AT = WORDS_AT + 2 * LANES + LANES;
export const KINDS_AT = TEXT_AT + BLOCK_BYTES + BEHIND_BYTES;
export const PLACES_AT = KINDS_AT + BLOCK_BYTES + LANES;
const PLACE_BYTES = 4;
const MEMORY_BYTES = PLACES_AT + (BLOCK_BYTES + LANES) * PLACE_BYTES;
const PAGE_BYTES = 64 * 1024;

/** The parameter, and the locals behind it. */
const LENGTH = 0;
const PLACE = 1;
const COUNT = 2;
const MASK = 3;
const BYTES = 4;
const KINDS = 5;
const BACKSLASH = 0x5c;

const lookUp = (table: number, nibbles: wasm.Code): wasm.Code => [
  ...i32.constant(table),
  ...v128.load(0),
  ...nibbles,
  ...v128.bytes(0x0f),
  ...v128.and,
  ...v128.swizzle,
];

/** Which kinds two tables allow for sixteen bytes from `from` on, counted from the place. */
const kindsOf = (from: number, tables: number): wasm.Code => [
  ...localGet(PLACE),
  ...v128.load(from),
  ...localSet(BYTES),
  ...lookUp(tables, localGet(BYTES)),
  ...lookUp(tables + LANES, [...localGet(BYTES), ...i32.constant(4), ...v128.pairsShiftRight]),
  ...v128.and,
];

const isBackslash = (before: number): wasm.Code => [
  ...localGet(PLACE),
  ...v128.load(TEXT_AT - before),
  ...v128.bytes(BACKSLASH),
  ...v128.bytesEqual,
];

/** All bits at each place that is inside a word, but for the kinds that don't begin with one; as `isInsideWord` has it. */
const kindsInsideWord: wasm.Code = [
  ...kindsOf(TEXT_AT - 1, WORDS_AT),
  ...v128.bytes(0),
  ...v128.bytesEqual,
  ...isBackslash(2),
  ...v128.or,
  ...isBackslash(BEFORE_BYTES),
  ...v128.or,
  ...v128.not,
  ...v128.bytes(0xff ^ (1 << SIGNS)),
  ...v128.and,
];

/** Writes down each of sixteen places at which any kind is left. */
const notePlaces: wasm.Code = [
  ...localGet(PLACE),
  ...localGet(KINDS),
  ...v128.store(KINDS_AT),
  ...localGet(KINDS),
  ...v128.bytes(0),
  ...v128.bytesEqual,
  ...v128.bitmask,
  ...i32.constant(0xffff),
  ...i32.xor,
  ...localSet(MASK),
  ...wasm.loop(
    [...localGet(COUNT), ...i32.constant(Math.log2(PLACE_BYTES)), ...i32.shiftLeft],
    [...localGet(PLACE), ...localGet(MASK), ...i32.trailingZeros, ...i32.add],
    i32.store(PLACES_AT),
    [...localGet(COUNT), ...i32.constant(1), ...i32.add, ...localSet(COUNT)],
    // Without its lowest bit.
    [...localGet(MASK), ...localGet(MASK), ...i32.constant(1), ...i32.subtract, ...i32.and],
    localTee(MASK),
    wasm.branchIf(0),
  ),
];

/** Looks at `length` places of the text, sixteen at a time; gives how many were written down. */
const body: wasm.Code = [
  ...wasm.loop(
    ...OFFSETS.map((offset, index) => [
      ...kindsOf(TEXT_AT + offset, 2 * index * LANES),
      ...(index === 0 ? [] : v128.and),
    ]),
    kindsInsideWord,
    v128.andNot,
    localTee(KINDS),
    v128.anyTrue,
    wasm.whenTrue(notePlaces),
    [...localGet(PLACE), ...i32.constant(LANES), ...i32.add, ...localTee(PLACE)],
    [...localGet(LENGTH), ...i32.lessUnsigned, ...wasm.branchIf(0)],
  ),
  ...localGet(COUNT),
];

/** See docs/adr/0013. */
export const KERNEL = wasm.moduleOf(
  Math.ceil(MEMORY_BYTES / PAGE_BYTES),
  [
    [3, wasm.I32],
    [2, wasm.V128],
  ],
  body,
);

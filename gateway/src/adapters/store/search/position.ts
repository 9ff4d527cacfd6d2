const UUID_V7 = /^([0-9a-f]{8})-([0-9a-f]{4})-7([0-9a-f]{3})-/;
const COUNTS = 0x1000n;

/** Where a record stands in time by its id: milliseconds and count of its UUIDv7 as one integer; null for other ids. */
export function positionOf(record: string): bigint | null {
  const [, high, low, count] = UUID_V7.exec(record) ?? [];
  if (high === undefined || low === undefined || count === undefined) return null;
  return positionAt(Number.parseInt(high + low, 16)) + BigInt(Number.parseInt(count, 16));
}

/** The first position of a millisecond since the epoch. */
export function positionAt(ms: number): bigint {
  return BigInt(ms) * COUNTS;
}

/** Ids of one gateway differ in their positions; those that do not come behind all of the next four minutes. */
export const COLLISION_ROOM = 2n ** 30n;

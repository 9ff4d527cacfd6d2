/** Big-endian two's complement to a number; nothing is 0. */
export function bigintOfTwosComplement(bytes: Uint8Array): bigint {
  const unsigned = bigintOf(bytes);
  const isNegative = (bytes[0] ?? 0) >= 0x80;
  return isNegative ? unsigned - (1n << BigInt(bytes.length * 8)) : unsigned;
}

/** Big-endian two's complement in as few bytes as the number needs; 0 needs none. */
export function twosComplementOf(value: bigint): Buffer {
  if (value === 0n) return Buffer.alloc(0);
  const bits = value > 0n ? value.toString(2).length : (-value - 1n).toString(2).length;
  const length = Math.floor(bits / 8) + 1;
  const unsigned = value > 0n ? value : value + (1n << BigInt(length * 8));
  return Buffer.from(unsigned.toString(16).padStart(length * 2, '0'), 'hex');
}

/** A big-endian magnitude to a number; nothing is 0. */
export function bigintOf(magnitude: Uint8Array): bigint {
  return magnitude.length === 0 ? 0n : BigInt(`0x${Buffer.from(magnitude).toString('hex')}`);
}

/** A number that is not negative, big-endian, without leading zeros; 0 is empty. */
export function magnitudeOf(value: bigint): Buffer {
  const bytes = twosComplementOf(value);
  return bytes[0] === 0 ? bytes.subarray(1) : bytes;
}

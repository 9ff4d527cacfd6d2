import fc from 'fast-check';

/** Every way to change one byte of `bytes` behind `from`, cut it there, leave one out there or put one in. */
export function* damaged(bytes: Buffer, from = 0): Generator<Buffer> {
  for (let at = from; at < bytes.length; at += 1) {
    const [before, byte, behind] = [bytes.subarray(0, at), bytes.readUInt8(at), bytes.subarray(at + 1)];
    for (const flip of [0x01, 0x80, 0xff]) {
      yield Buffer.concat([before, Uint8Array.of(byte ^ flip), behind]);
    }
    yield Buffer.from(before);
    yield Buffer.concat([before, behind]);
    yield Buffer.concat([before, Uint8Array.of(byte), bytes.subarray(at)]);
  }
  yield Buffer.concat([bytes, Uint8Array.of(0)]);
}

/** Parts of `samples`, one behind the other, and random bytes between them. */
export function spliced(samples: readonly Buffer[]): fc.Arbitrary<Buffer> {
  const part = fc
    .tuple(fc.constantFrom(...samples), fc.nat(2000), fc.nat(2000))
    .map(([sample, one, other]) => {
      const [start, end] = [one % (sample.length + 1), other % (sample.length + 1)].sort((a, b) => a - b);
      return sample.subarray(start, end);
    });
  const piece = fc.oneof(
    { weight: 4, arbitrary: part },
    { weight: 1, arbitrary: fc.uint8Array({ maxLength: 8 }) },
  );
  return fc.array(piece, { maxLength: 4 }).map((pieces) => Buffer.concat(pieces));
}

/** Two samples of which the head of one meets the tail of the other at the same place. */
export function crossed(samples: readonly Buffer[]): fc.Arbitrary<Buffer> {
  const sample = fc.constantFrom(...samples);
  return fc.tuple(sample, sample, fc.nat(2000)).map(([one, other, place]) => {
    const at = place % (Math.max(one.length, other.length) + 1);
    return Buffer.concat([one.subarray(0, at), other.subarray(at)]);
  });
}

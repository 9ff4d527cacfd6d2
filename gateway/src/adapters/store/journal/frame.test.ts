import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { decodeFrame, encodeFrame, frameBytes } from './frame.ts';

const anyFrame = fc.record({
  segment: fc.integer({ min: 0, max: 2 ** 32 - 1 }),
  text: fc.string({ unit: 'grapheme' }),
});

test('a frame is read back as it was written', () => {
  fc.assert(
    fc.property(anyFrame, ({ segment, text }) => {
      const frame = encodeFrame(segment, text);
      assert.equal(frameBytes(frame, segment), frame.length);
      assert.equal(decodeFrame(frame), text);
    }),
  );
});

test('a frame of another segment is none', () => {
  assert.equal(frameBytes(encodeFrame(7, 'x'), 9), null);
});

test('room that was never written holds no frame', () => {
  const zeros = Buffer.alloc(64);
  assert.equal(frameBytes(zeros, 1), null);
  assert.equal(decodeFrame(zeros.subarray(0, frameBytes(zeros, 0) ?? 0)), null);
});

test('a frame of which any one bit is another is none', () => {
  fc.assert(
    fc.property(anyFrame, fc.nat(), ({ segment, text }, at) => {
      const frame = encodeFrame(segment, text);
      const bit = at % (frame.length * 8);
      const byte = frame[bit >> 3] ?? 0;
      frame[bit >> 3] = byte ^ (1 << (bit & 7));
      const bytes = frameBytes(frame, segment);
      assert.ok(bytes !== frame.length || decodeFrame(frame) === null);
    }),
  );
});

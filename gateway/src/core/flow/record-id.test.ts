import assert from 'node:assert/strict';
import { test } from 'node:test';
import { z } from 'zod';
import { newRecordId } from './record-id.ts';

test('is a UUIDv7 that carries the time', () => {
  const at = new Date('2030-01-02T03:04:05.678Z');
  const id = newRecordId(at);
  assert.ok(z.uuidv7().safeParse(id).success, id);
  assert.equal(Number.parseInt(id.replaceAll('-', '').slice(0, 12), 16), at.getTime());
});

test('sorts in the order of making, within a millisecond and when the clock goes back', () => {
  const at = new Date('2031-01-01T00:00:00Z');
  const ids = Array.from({ length: 10_000 }, (_, n) => newRecordId(new Date(at.getTime() - (n % 7))));
  assert.deepEqual(ids.toSorted(), ids);
  assert.equal(new Set(ids).size, ids.length);
});

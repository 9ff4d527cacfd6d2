import assert from 'node:assert/strict';
import { test } from 'node:test';
import { z } from 'zod';
import { continueRecordIds, madeAtMs, newRecordId } from './record-id.ts';

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

test('goes on behind all that was made in a millisecond, and follows no id that no clock gave', () => {
  const ms = Date.parse('2032-01-01T00:00:00Z');
  continueRecordIds(ms);
  assert.equal(madeAtMs(newRecordId(new Date(ms))), ms + 1);
  continueRecordIds(0);
  assert.equal(madeAtMs(newRecordId(new Date(ms))), ms + 1);
  for (const id of ['ffffffff-ffff-7000-8000-000000000000', '01890000-0000-4000-8000-000000000000', 'none']) {
    assert.equal(madeAtMs(id), null, id);
  }
});

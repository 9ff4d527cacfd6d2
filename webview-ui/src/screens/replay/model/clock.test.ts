import assert from 'node:assert/strict';
import { test } from 'node:test';
import { otherSpeed, playedTo, timeText } from './clock.ts';
import { entryAt, entryNext, entryOfMarker } from './entries.ts';

test('playing goes on as fast as was asked for', () => {
  const pace = { speed: 4, skipsIdle: false } as const;
  assert.equal(playedTo(10, 500, 100, pace), 12);
  assert.equal(playedTo(10, 500, null, { ...pace, speed: 0.5 }), 10.25);
});

test('idle times are waited for two seconds at most, and never skipped over what happens', () => {
  const pace = { speed: 1, skipsIdle: true } as const;
  assert.equal(playedTo(10, 1000, 100, pace), 98);
  assert.equal(playedTo(98, 1000, 100, pace), 99);
  assert.equal(playedTo(10, 1000, 12, pace), 11);
  assert.equal(playedTo(10, 1000, null, pace), 11);
});

test('speeds and times are as people read them', () => {
  assert.equal(otherSpeed(1, 1), 2);
  assert.equal(otherSpeed(16, 1), 16);
  assert.equal(otherSpeed(0.5, -1), 0.5);
  assert.deepEqual([0, 59.9, 61, 3723].map(timeText), ['0:00', '0:59', '1:01', '1:02:03']);
});

test('markers are told apart, and jumped to in either direction', () => {
  const entries = [
    entryOfMarker(1, 'command: ls'),
    entryOfMarker(2, 'decision: Blocked by rule no-rm'),
    entryOfMarker(2, 'mask: 2 cards'),
    entryOfMarker(9, 'chapter two'),
  ];
  assert.deepEqual(
    entries.map(({ kind, tone }) => `${kind} ${tone}`),
    ['command plain', 'decision stopped', 'mask masked', 'mark plain'],
  );
  assert.deepEqual(
    [0, 1, 2, 8, 9, 99].map((atS) => String(entryAt(entries, atS))),
    ['-1', '0', '2', '2', '3', '3'],
  );
  assert.equal(entryAt([], 1), -1);
  assert.equal(entryNext(entries, 1, 1)?.atS, 2);
  assert.equal(entryNext(entries, 9.001, -1)?.atS, 2);
  assert.equal(entryNext(entries, 9, 1), null);
});

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { UsageError } from './command.ts';
import { momentOf } from './moment.ts';

test('a day begins where the person is, and a time without a zone is of there', (context) => {
  const { TZ } = process.env;
  process.env.TZ = 'America/New_York';
  context.after(() => {
    if (TZ === undefined) delete process.env.TZ;
    else process.env.TZ = TZ;
  });
  const now = Date.parse('2026-03-01T12:00:00Z');
  const cases: Array<[string, string]> = [
    ['2026-01-31', '2026-01-31T05:00:00.000Z'],
    ['2026-01-31T18:00', '2026-01-31T23:00:00.000Z'],
    ['2026-01-31T18:00Z', '2026-01-31T18:00:00.000Z'],
    ['2026-01-31T18:00:00+02:00', '2026-01-31T16:00:00.000Z'],
    ['2 hours', '2026-03-01T10:00:00.000Z'],
  ];
  for (const [given, moment] of cases) assert.equal(momentOf(given, now).toISOString(), moment, given);
  for (const given of ['', 'yesterday', '2026-13-01', '2026-02-40', '45', '5', 'last 40', '2026']) {
    assert.throws(() => momentOf(given), UsageError, given);
  }
});

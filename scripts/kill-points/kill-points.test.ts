import assert from 'node:assert/strict';
import { test } from 'node:test';
import { killPoints } from './kill-points.ts';

const POINTS = Number(process.env.SLUICE_KILL_POINTS ?? 300);
const SEED = Number(process.env.SLUICE_KILL_SEED ?? 20260101);
/** A loaded machine takes 300 ms a point, an idle one less than 100. */
const timeout = 60_000 + POINTS * 500;

test(`nothing acknowledged is lost at ${POINTS} kills (seed ${SEED})`, { timeout }, async () => {
  const { points, records } = await killPoints({ points: POINTS, seed: SEED, lanes: 3 });
  assert.ok(points >= POINTS && records > points);
});

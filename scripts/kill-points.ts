import { parseArgs } from 'node:util';
import { killPoints } from './kill-points/kill-points.ts';

const { values } = parseArgs({
  options: {
    points: { type: 'string', default: '300' },
    seed: { type: 'string', default: '1' },
    lanes: { type: 'string', default: '2' },
  },
});
const options = { points: Number(values.points), seed: Number(values.seed), lanes: Number(values.lanes) };
console.log(`Killing a store at ${options.points} moments (seed ${options.seed}).`);
const { points, early, records, acknowledged, elapsedMs } = await killPoints({
  ...options,
  tell: console.log,
});
console.log(
  `${points} kills, ${early} of them before the store was ready: ${acknowledged} acknowledgements, all of them in the log; ` +
    `${records} entries, all verified. ${(elapsedMs / points).toFixed(0)} ms a point.`,
);

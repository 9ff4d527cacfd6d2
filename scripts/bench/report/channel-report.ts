import type { ChannelResult } from '../channel.ts';
import type { ManyRows } from '../many-rows.ts';
import type { MemoryResult } from '../memory.ts';
import { median } from '../statistics.ts';
import { below, type Goal, type Row } from './report.ts';

export type ChannelCase = { wanted: ManyRows; rounds: ChannelResult[] };
export const MAX_GROWTH_MEGABYTES = 100;

/** What the query channel of the editor does, medians over the rounds. */
export function channelRow({ wanted, rounds }: ChannelCase): Row {
  const middle = middleOf(rounds);
  return {
    'query channel, extension host': wanted.name,
    'rows per second': Math.round(middle((one) => one.rowsPerSecond)),
    'first rows ms': Math.round(middle((one) => one.firstRowsMs)),
    'last row left server ms': Math.round(middle((one) => one.lastRowLeftServerMs ?? Number.NaN)),
    'all kept ms': Math.round(middle((one) => one.keptMs)),
    'gateway MB': memoryText(rounds.map((one) => one.gateway)),
    'extension host MB': memoryText(rounds.map((one) => one.extensionHost)),
  };
}

export function channelGoals({ wanted, rounds }: ChannelCase): Goal[] {
  const middle = middleOf(rounds);
  const grows = (who: string, megabytes: number) =>
    below(`${wanted.name} to the grid, ${who} grows`, megabytes, MAX_GROWTH_MEGABYTES, 'MB');
  const first = middle((one) => one.firstRowsMs).toFixed(0);
  const last = middle((one) => one.lastRowLeftServerMs ?? Number.NaN).toFixed(0);
  return [
    ...grows(
      'the gateway',
      middle((one) => one.gateway.grownMegabytes),
    ),
    ...grows(
      'the extension host',
      middle((one) => one.extensionHost.grownMegabytes),
    ),
    {
      goal: `${wanted.name}: the grid has its first before the last has left the server`,
      found: `${first} ms, ${last} ms`,
      met: rounds.every((one) => one.firstRowsMs < (one.lastRowLeftServerMs ?? 0)),
    },
  ];
}

function middleOf(rounds: readonly ChannelResult[]) {
  return (value: (result: ChannelResult) => number) => median(rounds.map(value));
}

/** "started + grown". */
function memoryText(results: readonly MemoryResult[]): string {
  const middle = (value: (result: MemoryResult) => number) => median(results.map(value)).toFixed(0);
  return `${middle((one) => one.startedMegabytes)} + ${middle((one) => one.grownMegabytes)}`;
}

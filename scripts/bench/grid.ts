import { z } from 'zod';
import { startHarness } from '../../webview-ui/test/harness/open-page.ts';
import { median } from './statistics.ts';

/** Medians over random jumps in a grid of a million rows: rows drawn, and their values there. */
export type GridResult = { drawnMs: number; filledMs: number };

const JUMPS = 60;
const Jumps = z.object({ drawnMs: z.array(z.number()), filledMs: z.array(z.number()) });

/** The results screen as it ships, in Chromium, with a host that answers at once. */
export async function benchGrid(): Promise<GridResult> {
  const harness = await startHarness();
  try {
    const { page } = await harness.open({ scenario: 'million', height: 700 });
    await page.waitForSelector('[role=gridcell] .value');
    const jumps = Jumps.parse(await page.evaluate(`window.jumpAround(${JUMPS})`));
    return { drawnMs: median(jumps.drawnMs), filledMs: median(jumps.filledMs) };
  } finally {
    await harness.close();
  }
}

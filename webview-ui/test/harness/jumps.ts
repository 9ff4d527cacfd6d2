/** What random jumps in the grid took, each in ms, and the most elements it had. */
export type Jumps = { drawnMs: number[]; filledMs: number[]; elements: number };

const ROWS = 1_000_000;
const HEADER_PX = 40;
const ROW_PX = 24;

/** Scrolls a grid of a million rows to random places; throws when a row isn't drawn where it belongs at once. */
export async function jumpAround(times: number): Promise<Jumps> {
  const grid = document.querySelector('.grid');
  if (!grid) throw new Error('no grid');
  const found: Jumps = { drawnMs: [], filledMs: [], elements: 0 };
  for (let jump = 0; jump < times; jump++) {
    const share = Math.random();
    const row = Math.floor(share * (ROWS - (grid.clientHeight - HEADER_PX) / ROW_PX));
    const start = performance.now();
    grid.scrollTop = share * (grid.scrollHeight - grid.clientHeight);
    grid.dispatchEvent(new Event('scroll'));
    for (let turn = 0; turn < 5; turn++) await Promise.resolve();
    // Reading a measure makes the browser lay the rows out.
    grid.getBoundingClientRect();
    found.drawnMs.push(performance.now() - start);
    if (!isThere(grid, row)) throw new Error(`row ${row} was not drawn at once`);
    while (grid.querySelector('[aria-busy]') !== null) await new Promise((turn) => setTimeout(turn, 0));
    found.filledMs.push(performance.now() - start);
    found.elements = Math.max(found.elements, grid.querySelectorAll('*').length);
  }
  return found;
}

function isThere(grid: Element, row: number): boolean {
  return [...grid.querySelectorAll('.row')].some(
    (element) => Math.abs(Number(element.getAttribute('aria-rowindex')) - 2 - row) < 3,
  );
}

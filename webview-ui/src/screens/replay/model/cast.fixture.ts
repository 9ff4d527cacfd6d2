/** A generator of numbers from 0 up to 1 that gives the same ones for the same seed (mulberry32). */
export function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

export type MadeCast = { seed: number; hours?: number; events: number; sluice?: object };

/**
 * A made recording of a terminal: commands, listings, progress bars, a full-screen program with a status line, colours
 * and resizes, spread over its time. Pieces of asciicast v2, whole lines each.
 */
export function* madeCast({ seed, hours = 1, events, sluice }: MadeCast): Generator<string> {
  const random = seeded(seed);
  const pick = <One>(...many: One[]): One => many[Math.floor(random() * many.length)] as One;
  const stepS = (hours * 3600) / events;
  yield `${JSON.stringify({ version: 2, width: 100, height: 30, timestamp: 1_700_000_000, sluice })}\n`;
  const line = (atS: number, code: string, text: string) =>
    `${JSON.stringify([Math.round(atS * 1e6) / 1e6, code, text])}\n`;
  for (let index = 0; index < events; index += 1) {
    const atS = index * stepS;
    const number = Math.floor(random() * 1e6);
    if (index % 500 === 0) yield line(atS, 'm', `command: ls folder-${index}`);
    if (index % 5000 === 4999) yield line(atS, 'r', pick('100x30', '120x40', '80x24'));
    yield line(
      atS,
      'o',
      pick(
        `$ ls folder-${index}\r\n`,
        `\u001b[3${number % 8}mfile-${number}\u001b[0m  \u001b[1mREADME\u001b[0m\r\n`,
        `\u001b[38;2;${number % 256};20;200mtrue colour ${number}\u001b[m\r\n`,
        `\rprogress ${number % 100} %\u001b[K`,
        `\u001b[?1049h\u001b[H\u001b[2Jfull screen ${number}\u001b[${1 + (number % 20)};5H`,
        `\u001b[?1049l`,
        `\u001b[2;${10 + (number % 10)}r\u001b[5;1H`,
        `\u001b[r`,
        `\u001b[${1 + (number % 24)};${1 + (number % 80)}Hat a place ${number}`,
        `${'wörter und 漢字 '.repeat(1 + (number % 6))}\r\n`,
        `\u001b[7mstatus ${index}\u001b[27m\u001bM`,
      ),
    );
  }
}

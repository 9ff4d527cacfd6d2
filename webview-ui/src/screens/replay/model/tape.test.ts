import assert from 'node:assert/strict';
import { test } from 'node:test';
import { madeCast, seeded } from './cast.fixture.ts';
import { Emulator } from './emulator.ts';
import { Player } from './player.ts';
import { textOf } from './screen-rows.ts';
import { PATIENCE, SEGMENT_CHARACTERS, SEGMENT_EVENTS, Tape } from './tape.ts';

async function taped(pieces: Iterable<string>): Promise<Tape> {
  const tape = new Tape();
  let batch = '';
  for (const piece of pieces) {
    batch += piece;
    if (batch.length < 100_000) continue;
    await tape.append(batch);
    batch = '';
  }
  await tape.append(batch);
  return tape;
}

function opened(tape: Tape): { player: Player; screen: Emulator } {
  const screen = new Emulator({ columns: 80, rows: 24 });
  return { player: new Player(tape, screen), screen };
}

/** The screen with its colours, its cursor and its modes. */
const drawn = (screen: Emulator) => screen.snapshot();

test('a jump in an hour shows what playing shows, and writes one stretch at most', async () => {
  const tape = await taped(madeCast({ seed: 6, events: 60_000 }));
  assert.ok(tape.segments > 30, String(tape.segments));
  const random = seeded(7);
  const timesS = Array.from({ length: 40 }, () => random() * tape.endS).sort((one, other) => one - other);
  const played = opened(tape);
  const jumping = opened(tape);
  const shown = new Map<number, unknown>();
  for (const atS of timesS) {
    await played.player.show(atS);
    shown.set(atS, drawn(played.screen));
  }
  const shuffled = [...timesS].sort(() => random() - 0.5);
  for (const atS of shuffled) {
    const written = await jumping.player.show(atS);
    assert.ok(written <= PATIENCE * SEGMENT_EVENTS, `${written} events were written`);
    assert.deepEqual(drawn(jumping.screen), shown.get(atS), `at ${atS} s`);
  }
});

test('the same holds against a screen that has seen everything from the begin', async () => {
  const tape = await taped(madeCast({ seed: 11, events: 9_000, hours: 0.1 }));
  const { player, screen } = opened(tape);
  const straight = new Emulator({ columns: 100, rows: 30 });
  for (let segment = 0; segment < tape.segments; segment += 1) {
    let text = '';
    for (const event of tape.events(segment)) {
      if (event.kind === 'output') text += event.text;
      if (event.kind !== 'resize') continue;
      await straight.write(text);
      text = '';
      straight.resize(event);
    }
    await straight.write(text);
    const lastS = tape.events(segment).at(-1)?.atS ?? 0;
    await player.show(0);
    await player.show(lastS);
    assert.equal(textOf(screen.terminal), textOf(straight.terminal), `stretch ${segment}`);
  }
});

test('no stretch is longer than promised, whatever is written', async () => {
  const long = JSON.stringify([1, 'o', 'x'.repeat(SEGMENT_CHARACTERS / 2)]);
  const open = JSON.stringify([2, 'o', '\u001b]0;never ended']);
  const lines = [long, long, long, open, long, long, long, long, long, long, long, long, long, long];
  const tape = await taped(['{"version":2,"width":80,"height":24}\n', `${lines.join('\n')}\n`]);
  for (let segment = 0; segment < tape.segments; segment += 1) {
    const characters = tape
      .events(segment)
      .reduce((sum, one) => sum + ('text' in one ? one.text.length : 0), 0);
    assert.ok(characters <= SEGMENT_CHARACTERS * (PATIENCE + 0.6), String(characters));
  }
});

test('what has come so far is shown while the rest is under way', async () => {
  const tape = new Tape();
  await tape.append('{"version":2,"width":80,"height":24}\n[1,"o","first"]\n');
  const { player, screen } = opened(tape);
  await player.show(1);
  assert.equal(textOf(screen.terminal), 'first');
  await tape.append('[2,"o"," second"]\n');
  assert.equal(player.nextS(), 2);
  await player.show(2);
  assert.equal(textOf(screen.terminal), 'first second');
});

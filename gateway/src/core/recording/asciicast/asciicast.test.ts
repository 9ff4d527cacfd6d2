import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { TerminalEvent } from '../../../../contract/asciicast.ts';
import { readEvent } from '../../../../contract/asciicast.ts';
import { labelOf, MARKER_KINDS, markerOf } from '../../../../contract/asciicast-marker.ts';
import { readAsciicast } from './reader.ts';
import { AsciicastWriter } from './writer.ts';

const STARTED_AT_MS = Date.parse('2026-03-01T12:00:00.900Z');

type Step =
  | { kind: 'output' | 'input'; bytes: Uint8Array }
  | { kind: 'resize'; columns: number; rows: number }
  | { kind: 'mark'; text: string };

function writer(elapsedMs: () => number): AsciicastWriter {
  return new AsciicastWriter({
    columns: 80,
    rows: 24,
    startedAtMs: STARTED_AT_MS,
    elapsedMs,
    title: 'ana on db',
  });
}

/** The whole recording of some steps, each `everyMs` after the one before. */
function recorded(steps: readonly Step[], everyMs = 1): string {
  let nowMs = 0;
  const cast = writer(() => nowMs);
  const lines = [cast.header()];
  for (const step of steps) {
    nowMs += everyMs;
    lines.push(written(cast, step));
  }
  return lines.join('') + cast.end();
}

function written(cast: AsciicastWriter, step: Step): string {
  switch (step.kind) {
    case 'output':
      return cast.output(step.bytes);
    case 'input':
      return cast.input(step.bytes);
    case 'resize':
      return cast.resize(step.columns, step.rows);
    case 'mark':
      return cast.mark({ kind: 'command', text: step.text });
  }
}

function read(text: string) {
  const result = readAsciicast(text);
  assert.ok(result.kind === 'read', result.kind === 'read' ? '' : result.why);
  return result;
}

function textOf(events: readonly TerminalEvent[], kind: 'output' | 'input'): string {
  return events.map((event) => (event.kind === kind ? event.text : '')).join('');
}

const size = fc.integer({ min: 1, max: 500 });
const text = fc.string({ unit: 'grapheme', maxLength: 20 });
/** Chunks of a stream of text that are cut anywhere, within characters too. */
const chunks = fc
  .tuple(fc.string({ unit: 'grapheme', maxLength: 40 }), fc.array(fc.nat(200), { maxLength: 6 }))
  .map(([whole, cuts]) => {
    const bytes = Buffer.from(whole);
    const places = [0, ...cuts.map((cut) => cut % (bytes.length + 1)), bytes.length].sort((a, b) => a - b);
    return places.slice(1).map((end, index) => bytes.subarray(places[index], end));
  });
const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({ kind: fc.constantFrom('output', 'input'), bytes: fc.uint8Array({ maxLength: 12 }) }),
  fc.record({ kind: fc.constant('resize'), columns: size, rows: size }),
  fc.record({ kind: fc.constant('mark'), text }),
);

test('a recording is as the format has it', () => {
  const cast = recorded(
    [
      { kind: 'output', bytes: Buffer.from('\u001b[1mhé\r\n') },
      { kind: 'input', bytes: Buffer.from('ls\r') },
      { kind: 'resize', columns: 100, rows: 30 },
      { kind: 'mark', text: 'ls' },
    ],
    250.5,
  );
  assert.equal(
    cast,
    [
      '{"version":2,"width":80,"height":24,"timestamp":1772366400,"title":"ana on db"}',
      '[0.2505,"o","\\u001b[1mhé\\r\\n"]',
      '[0.501,"i","ls\\r"]',
      '[0.7515,"r","100x30"]',
      '[1.002,"m","command: ls"]',
      '',
    ].join('\n'),
  );
});

test('characters that are cut between chunks are joined, whatever comes between', () => {
  fc.assert(
    fc.property(chunks, chunks, text, (shown, typed, mark) => {
      const steps: Step[] = [];
      for (let index = 0; index < Math.max(shown.length, typed.length); index += 1) {
        const [output, input] = [shown[index], typed[index]];
        if (output) steps.push({ kind: 'output', bytes: output });
        if (input) steps.push({ kind: 'input', bytes: input });
        steps.push({ kind: 'mark', text: mark });
      }
      const { events } = read(recorded(steps));
      assert.equal(textOf(events, 'output'), Buffer.concat(shown).toString());
      assert.equal(textOf(events, 'input'), Buffer.concat(typed).toString());
    }),
  );
});

test('every line is written whole, and bytes that are no UTF-8 are not lost silently', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 12 }), (steps) => {
      let nowMs = 0;
      const cast = writer(() => nowMs++);
      const pieces = [cast.header(), ...steps.map((one) => written(cast, one)), cast.end()];
      for (const piece of pieces) assert.match(piece, /^([^\n]+\n)*$/);
      const { events, isCut } = read(pieces.join(''));
      assert.equal(isCut, false);
      for (const kind of ['output', 'input'] as const) {
        const bytes = Buffer.concat(steps.map((one) => (one.kind === kind ? one.bytes : Buffer.alloc(0))));
        assert.equal(textOf(events, kind), new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes));
      }
    }),
  );
});

test('what is cut off anywhere is read up to there', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 8 }), fc.nat(2000), (steps, place) => {
      const whole = recorded(steps);
      const { events } = read(whole);
      const firstLine = whole.indexOf('\n') + 1;
      const cut = whole.slice(0, firstLine + (place % (whole.length - firstLine + 1)));
      const kept = read(cut);
      assert.deepEqual(kept.events, events.slice(0, kept.events.length));
      assert.equal(kept.events.length, cut.split('\n').length - 2);
      assert.equal(kept.isCut, !cut.endsWith('\n'));
    }),
  );
});

test('time never goes back, even when the clock does', () => {
  const times = [5, 3, 7.0004, 7.0001, 0];
  const cast = writer(() => times.shift() ?? 0);
  const lines = ['a', 'b', 'c', 'd', 'e'].map((one) => cast.output(Buffer.from(one)));
  assert.deepEqual(
    lines.map((line) => readEvent(line)?.atS),
    [0.005, 0.005, 0.007, 0.007, 0.007],
  );
});

test('a marker is read as it was set', () => {
  fc.assert(
    fc.property(fc.constantFrom(...MARKER_KINDS), text, (kind, words) => {
      assert.deepEqual(markerOf(labelOf({ kind, text: words })), { kind, text: words });
    }),
  );
  for (const label of ['', 'chapter 2', 'chapter: 2', 'command', 'command:', ': x']) {
    assert.equal(markerOf(label), null, label);
  }
});

test('what is no recording is told, and never makes reading throw', () => {
  const header = '{"version":2,"width":80,"height":24}\n';
  const cases: readonly [string, RegExp | null][] = [
    [header, null],
    [`${header}[1,"x","a code of tomorrow"]\n`, null],
    [`${header}[1,"r","0x24"]\n`, /Line 2 is no event/],
    [`${header}[1,"r","wide"]\n`, /Line 2 is no event/],
    [`${header}[1,"o","a"]\n\n`, /Line 3 is no event/],
    [`${header}[-1,"o","a"]\n`, /Line 2 is no event/],
    [`${header}["1","o","a"]\n`, /Line 2 is no event/],
    ['', /Line 1 is no header/],
    [header.trim(), /Line 1 is no header/],
    ['{"version":3,"width":80,"height":24}\n', /Line 1 is no header/],
    ['{"version":2,"width":0,"height":24}\n', /Line 1 is no header/],
  ];
  for (const [cast, why] of cases) {
    const result = readAsciicast(cast);
    if (why === null) assert.equal(result.kind, 'read');
    else assert.match(result.kind === 'read' ? 'it was read' : result.why, why, cast);
  }
  fc.assert(fc.property(fc.string(), (any) => void readAsciicast(any)));
  fc.assert(fc.property(fc.json(), (any) => void readEvent(any)));
});

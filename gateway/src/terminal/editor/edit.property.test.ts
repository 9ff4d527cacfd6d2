import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { historyOf } from '../history/history.ts';
import { LineEditor } from '../line-editor.ts';
import { snapped } from '../text/graphemes.ts';
import { completed } from './completion.ts';
import { answered, edit, nextLine } from './edit.ts';
import { anyKey } from './keys.fixture.ts';
import { type Editor, MAX_LINE_LENGTH, newEditor, type Step } from './state.ts';

const history = historyOf(['ls -l', 'for x in 1\ndo echo 漢字\ndone', 'echo 👨‍👩‍👧‍👦 e\u0301']);
const candidates = ['ls', 'lsé', '漢字'].map((text) => ({ text, shown: text, suffix: ' ' }));

/** A key, or an answer to what may be asked. */
const act: fc.Arbitrary<(state: Editor) => Step> = fc.oneof(
  { weight: 12, arbitrary: anyKey.map((key) => (state: Editor) => edit(state, key)) },
  {
    weight: 2,
    arbitrary: fc
      .constantFrom<'complete' | 'incomplete' | 'refused'>('complete', 'incomplete', 'refused')
      .map((answer) => (state: Editor) => answered(state, answer)),
  },
  {
    weight: 2,
    arbitrary: fc.record({ from: fc.integer({ min: -1, max: 20 }), some: fc.subarray(candidates) }).map(
      ({ from, some }) =>
        (state: Editor) =>
          completed(state, from, some),
    ),
  },
  { weight: 1, arbitrary: fc.constant((state: Editor): Step => ({ state: nextLine(state), events: [] })) },
);

function holds(before: Editor, { state, events }: Step): void {
  assert.ok(state.cursor >= 0 && state.cursor <= state.text.length, 'the cursor is in the text');
  assert.equal(snapped(state.text, state.cursor), state.cursor, 'the cursor is between characters');
  assert.ok(state.text.length <= MAX_LINE_LENGTH);
  assert.ok(state.recall.entry >= 0 && state.recall.entry <= state.history.entries.length);
  assert.ok(state.undo.length <= 50 && state.killRing.length <= 16);
  assert.ok(events.length <= 1);
  const [event] = events;
  if (event?.kind === 'submit') assert.equal(event.line, state.text);
  if (event?.kind === 'submit') assert.equal(state.mode, 'submitted');
  if (event?.kind === 'complete') assert.equal(state.mode, 'completing');
  if (before.mode === 'submitted' && state.mode === 'submitted') assert.equal(state.text, before.text);
}

test('whatever the keys, the state stays one', () => {
  fc.assert(
    fc.property(fc.array(act, { maxLength: 60 }), (acts) => {
      let state = newEditor(history);
      for (const one of acts) {
        const step = one(state);
        holds(state, step);
        state = step.state;
      }
    }),
    { numRuns: 1000 },
  );
});

test('a paste alone never submits', () => {
  fc.assert(
    fc.property(fc.array(anyKey, { maxLength: 10 }), fc.string({ unit: 'binary' }), (keys, text) => {
      let state = newEditor(history);
      for (const key of keys) state = edit(state, key).state;
      const { events } = edit({ ...state, mode: 'editing' }, { kind: 'paste', text });
      assert.ok(events.every(({ kind }) => kind === 'bell'));
    }),
    { numRuns: 500 },
  );
});

const bytes = fc.oneof(
  fc.uint8Array({ maxLength: 30 }),
  fc.string({ unit: 'grapheme', maxLength: 10 }).map((text) => Buffer.from(text)),
  fc
    .constantFrom('\x1b[200~', '\x1b[201~', '\r', '\t', '\x12', '\x1b[A', '\x0c', '\x03')
    .map((text) => Buffer.from(text)),
);

/** Every escape sequence that is written, and the controls outside of them. */
const sequences = String.raw`\[\d*[ABCHJKm]|\[[\d;]+m|\[\?[\d;]+[hl]|\[4l|>|\(B`;
const ours = new RegExp(`${'\x1b'}(?:${sequences})|[${'\x07\b\r\n\x0f'}]`, 'g');

test('random bytes: bounded output, in which nothing is but our own sequences', () => {
  fc.assert(
    fc.property(fc.array(bytes, { maxLength: 30 }), (chunks) => {
      const size = { columns: 20, rows: 5 };
      const editor = new LineEditor(size, { history });
      // A line is drawn once for each key at most: a cell takes some characters, its colours some more.
      const perKey = size.columns * size.rows * 40 + 1000;
      for (const output of [
        editor.begin('$ '),
        ...chunks.map((chunk) => editor.receive(chunk)),
        editor.expire(),
      ]) {
        const text = Buffer.from(output.bytes).toString('utf8');
        assert.doesNotMatch(text.replace(ours, ''), /[\p{Cc}\u202a-\u202e\u2066-\u2069]/u);
        assert.ok(text.length <= perKey * 30, `${text.length} characters`);
        if (output.events.some(({ kind }) => kind === 'submit')) editor.answer('refused');
        if (output.events.some(({ kind }) => kind === 'complete')) editor.candidates(0, candidates);
      }
    }),
    { numRuns: 500 },
  );
});

import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { edit } from './editor/edit.ts';
import { anyKey } from './editor/keys.fixture.ts';
import { type Editor, newEditor } from './editor/state.ts';
import { promptOf } from './editor/view.ts';
import { historyOf } from './history/history.ts';
import type { Key } from './keys/key.ts';
import { LineScreen } from './line-screen.ts';
import type { Size } from './screen/frame.ts';
import { type Layout, layOut } from './screen/layout.ts';
import type { Reflow } from './screen/resize.ts';
import { TerminalModel, type Widths } from './screen/terminal-model.fixture.ts';

const prompt = '\x1b[1;32mann@db\x1b[0m:~$ ';
const history = historyOf([
  'ls -l',
  'for x in 1\ndo echo 漢字 $x\ndone',
  'echo 👨‍👩‍👧‍👦 family',
  'grep -r x /etc',
]);
const above = ['1st', '2nd', '3rd'];

type Act = { kind: 'keys'; keys: readonly Key[] } | { kind: 'resize'; size: Size };

const keys = fc
  .array(anyKey, { minLength: 1, maxLength: 4 })
  .map((all): Act => ({ kind: 'keys', keys: all }));

function resizes(rows: fc.Arbitrary<number>) {
  return fc
    .record({ columns: fc.integer({ min: 3, max: 40 }), rows })
    .map((size): Act => ({ kind: 'resize', size }));
}

function acts(rows: fc.Arbitrary<number>) {
  return fc.array(fc.oneof({ weight: 5, arbitrary: keys }, { weight: 1, arbitrary: resizes(rows) }), {
    minLength: 1,
    maxLength: 25,
  });
}

const widths = fc.constantFrom<Widths>('old', 'summed', 'joined');
const reflows = fc.constantFrom<Reflow>('none', 'all', 'allButCursor');

/** An editor at a terminal below three lines of output. */
class Desk {
  readonly screen: LineScreen;
  readonly terminal: TerminalModel;
  size: Size;
  editor: Editor = newEditor(history);
  hadUnsure = false;

  constructor(size: Size, terminalWidths: Widths, reflow: Reflow, told: Reflow) {
    this.size = size;
    this.screen = new LineScreen(size, told);
    this.screen.prompt = prompt;
    this.terminal = new TerminalModel(size, terminalWidths, reflow);
    this.screen.write(above.map((line) => `${line}\r\n`).join(''));
  }

  async act(act: Act): Promise<void> {
    if (act.kind === 'keys') this.#press(act.keys);
    else await this.#resize(act.size);
    this.screen.show(this.editor);
    await this.terminal.write(this.screen.take());
  }

  #press(pressed: readonly Key[]): void {
    for (const key of pressed) this.editor = { ...edit(this.editor, key).state, mode: 'editing' };
  }

  async #resize(size: Size): Promise<void> {
    await this.terminal.resize(size);
    this.screen.resize(size);
    this.size = size;
  }

  get layout(): Layout {
    const content = { ...this.editor, prompt: promptOf(this.editor, prompt), continuation: '> ' };
    return layOut(content, this.size.columns);
  }

  /** Checks the rows of the line; gives the row on the screen where it begins. */
  check(): number {
    const { layout, terminal, size } = this;
    this.hadUnsure ||= layout.rows.some(({ cells }) => cells.some(({ unsure }) => unsure));
    const isWhole = layout.rows.length <= size.rows;
    const first = isWhole ? terminal.cursor.row - layout.cursor.row : 0;
    const top = isWhole ? 0 : layout.cursor.row - terminal.cursor.row;
    assert.ok(first >= 0 && top >= 0, 'the line is on the screen');
    assert.equal(terminal.cursor.column, layout.cursor.column, 'column of the cursor');
    for (let row = first; row < size.rows; row += 1) {
      assert.deepEqual(
        shownIn(terminal, row, layout, top + row - first),
        expectedIn(layout, top + row - first),
      );
    }
    return first;
  }
}

function expectedIn(layout: Layout, row: number): string[] {
  return [...(layout.rows[row]?.cells ?? []).map(({ text }) => text.trim()), ''];
}

/** What the terminal has in the columns of each cell, and behind the last. */
function shownIn(terminal: TerminalModel, row: number, layout: Layout, layoutRow: number): string[] {
  const columns = terminal.row(row).map(({ text }) => text);
  const taken = (layout.rows[layoutRow]?.cells ?? []).map(({ width }) => columns.splice(0, width));
  return [...taken, columns].map((texts) => texts.join('').trim());
}

test('the screen shows the prompt and the line after whatever keys and widths, and nothing above is touched', async () => {
  await fc.assert(
    fc.asyncProperty(acts(fc.constant(120)), widths, reflows, async (all, terminalWidths, reflow) => {
      const desk = new Desk({ columns: 20, rows: 120 }, terminalWidths, reflow, reflow);
      for (const act of all) {
        await desk.act(act);
        const first = desk.check();
        // Where a terminal breaks what it draws in its own width is not known: a row of the line may be left over.
        const rows = desk.hadUnsure ? above.length : first;
        assert.deepEqual(desk.terminal.lines().slice(0, rows), above);
      }
      desk.terminal[Symbol.dispose]();
    }),
    { numRuns: 150 },
  );
});

test('a line of more rows than the screen shows those around the cursor', async () => {
  const sizes = fc.integer({ min: 1, max: 8 });
  await fc.assert(
    fc.asyncProperty(acts(sizes), widths, reflows, async (all, terminalWidths, reflow) => {
      const desk = new Desk({ columns: 12, rows: 5 }, terminalWidths, reflow, reflow);
      for (const act of all) {
        await desk.act(act);
        desk.check();
      }
      assert.deepEqual(desk.terminal.lines().slice(0, 3), above);
      desk.terminal[Symbol.dispose]();
    }),
    { numRuns: 150 },
  );
});

test('a terminal that is not known loses nothing above the line', async () => {
  await fc.assert(
    fc.asyncProperty(acts(fc.constant(120)), widths, reflows, async (all, terminalWidths, reflow) => {
      const desk = new Desk({ columns: 20, rows: 120 }, terminalWidths, reflow, 'unknown');
      for (const act of all) {
        await desk.act(act);
        desk.check();
        assert.deepEqual(desk.terminal.lines().slice(0, 3), above);
      }
      desk.terminal[Symbol.dispose]();
    }),
    { numRuns: 100 },
  );
});

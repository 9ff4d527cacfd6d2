import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Page } from 'playwright-core';
import { type Harness, startHarness } from './harness/open-page.ts';

let harness: Harness;
before(async () => {
  harness = await startHarness();
});
after(() => harness.close());

const cell = (row: number, column: number) =>
  `[role=row][aria-rowindex="${row + 2}"] [role=gridcell][aria-colindex="${column + 2}"]`;

async function openGrid(
  scenario: string,
  options: { delayMs?: number; width?: number; height?: number } = {},
) {
  const opened = await harness.open({ scenario, ...options });
  await opened.page.waitForSelector('[role=gridcell] .value');
  return opened;
}

/** Where the keyboard is, by row and column from 0; row -1 is the header. */
async function focused(page: Page): Promise<{ row: number; column: number; role: string | null }> {
  return page.evaluate(() => {
    const at = document.activeElement;
    return {
      row: Number(at?.parentElement?.getAttribute('aria-rowindex')) - 2,
      column: Number(at?.getAttribute('aria-colindex')) - 2,
      role: at?.getAttribute('role') ?? null,
    };
  });
}

const calls = (page: Page, type: string) =>
  page.evaluate((wanted) => window.journal.calls.filter((call) => call.type === wanted).length, type);

test('a million rows: random jumps land on their rows at once, with few elements', async () => {
  const { page, problems } = await openGrid('million', { height: 700 });
  const { elements } = await page.evaluate(() => window.jumpAround(60));
  assert.ok(elements < 3500, `${elements} elements`);
  assert.deepEqual(problems, []);
});

test('a million rows: first and last rows can be reached, and a wheel moves row by row in between', async () => {
  const { page } = await openGrid('million');
  await page.click(cell(0, 0));
  await page.keyboard.press('Control+End');
  await page.waitForSelector(`${cell(999_999, 9)} .value, ${cell(999_999, 9)} .empty`);
  assert.deepEqual(await focused(page), { row: 999_999, column: 9, role: 'gridcell' });
  await page.keyboard.press('ArrowUp');
  assert.equal((await focused(page)).row, 999_998);
  await page.keyboard.press('Control+Home');
  await page.waitForSelector(`${cell(0, 0)}:focus`);

  await page.evaluate(() => {
    const grid = document.querySelector('.grid');
    if (grid) grid.scrollTop = grid.scrollHeight / 2;
  });
  const top = () =>
    page.evaluate(() => {
      const box = document.querySelector('.rows')?.getBoundingClientRect();
      const rows = [...document.querySelectorAll('.row')].map((row) => ({
        index: Number(row.getAttribute('aria-rowindex')) - 2,
        top: row.getBoundingClientRect().top - (box?.top ?? 0),
      }));
      const first = rows.sort((a, b) => a.index - b.index)[0];
      return first ? first.index * 24 - first.top : 0;
    });
  await page.waitForTimeout(400);
  const before = await top();
  await page.mouse.move(500, 250);
  await page.mouse.wheel(0, 240);
  await page.waitForFunction(() => true);
  await page.waitForTimeout(400);
  assert.ok(Math.abs((await top()) - before - 240) < 2, `moved by ${(await top()) - before} px`);
});

test('the wheel reaches the very top and bottom of scaled rows', async () => {
  const { page } = await openGrid('million');
  await page.mouse.move(500, 250);
  await page.evaluate(() => {
    const grid = document.querySelector('.grid');
    if (grid) grid.scrollTop = 3000;
  });
  await page.waitForSelector(cell(0, 0), { state: 'detached' });
  for (let turn = 0; turn < 60 && (await page.$(cell(0, 0))) === null; turn++) {
    await page.mouse.wheel(0, -1200);
    await page.evaluate(() => new Promise((drawn) => requestAnimationFrame(drawn)));
  }
  await page.waitForSelector(cell(0, 0));
  await page.evaluate(() => {
    const grid = document.querySelector('.grid');
    if (grid) grid.scrollTop = grid.scrollHeight - grid.clientHeight - 3000;
  });
  await page.waitForSelector(cell(0, 0), { state: 'detached' });
  for (let turn = 0; turn < 60 && (await page.$(cell(999_999, 0))) === null; turn++) {
    await page.mouse.wheel(0, 1200);
    await page.evaluate(() => new Promise((drawn) => requestAnimationFrame(drawn)));
  }
  await page.waitForSelector(cell(999_999, 0));
});

test('keys move, page, jump, extend and select', async () => {
  const { page, problems } = await openGrid('small');
  await page.click(cell(0, 0));
  const steps: [string, number, number][] = [
    ['ArrowDown', 1, 0],
    ['ArrowRight', 1, 1],
    ['End', 1, 9],
    ['Home', 1, 0],
    ['Control+ArrowDown', 199, 0],
    ['Control+ArrowUp', 0, 0],
    ['PageDown', 12, 0],
    ['PageUp', 0, 0],
    ['ArrowUp', -1, 0],
    ['ArrowRight', -1, 1],
    ['ArrowDown', 0, 1],
    ['Control+End', 199, 9],
    ['Control+Home', 0, 0],
  ];
  for (const [key, row, column] of steps) {
    await page.keyboard.press(key);
    const at = await focused(page);
    assert.deepEqual([key, at.row, at.column], [key, row, column]);
  }
  await page.keyboard.press('Shift+ArrowDown');
  await page.keyboard.press('Shift+ArrowRight');
  assert.equal(await page.locator('[role=gridcell][aria-selected=true]').count(), 4);
  await page.waitForSelector('text=4 cells selected');
  await page.keyboard.press('Control+a');
  await page.waitForSelector('text=2,000 cells selected');
  await page.keyboard.press('Shift+Space');
  await page.waitForSelector('text=10 cells selected');
  await page.keyboard.press('Control+Space');
  await page.waitForSelector('text=200 cells selected');
  assert.deepEqual(problems, []);
});

test('exactly one element of the grid is in the tab order, also when the active cell is out of sight', async () => {
  const { page } = await openGrid('million');
  const stops = () =>
    page.evaluate(() => {
      const grid = document.querySelector('.grid');
      return [grid, ...(grid?.querySelectorAll('*') ?? [])].filter(
        (element) => element instanceof HTMLElement && element.tabIndex === 0,
      ).length;
    });
  await page.click(cell(2, 1));
  assert.equal(await stops(), 1);
  await page.evaluate(() => document.querySelector('.grid')?.scrollTo({ top: 2_000_000 }));
  await page.waitForSelector('.grid:focus');
  assert.equal(await stops(), 1);
  await page.keyboard.press('ArrowDown');
  await page.waitForSelector(`${cell(3, 1)}:focus`);
});

test('roles and positions are told to assistive technology', async () => {
  const { page } = await openGrid('small');
  const grid = page.locator('[role=grid]');
  assert.equal(await grid.getAttribute('aria-rowcount'), '201');
  assert.equal(await grid.getAttribute('aria-colcount'), '11');
  const problems = await page.evaluate(() => {
    const found: string[] = [];
    const named = (element: Element) =>
      element.getAttribute('aria-label') ??
      element.getAttribute('title') ??
      element.textContent?.trim() ??
      '';
    for (const element of document.querySelectorAll('button, select, input, [role=grid], [role=tab]')) {
      if (named(element) === '') found.push(`no name: ${element.outerHTML.slice(0, 90)}`);
    }
    for (const element of document.querySelectorAll(
      '[role=gridcell], [role=columnheader], [role=rowheader]',
    )) {
      if (!element.hasAttribute('aria-colindex')) found.push('a cell without aria-colindex');
      if (element.closest('[role=row]')?.hasAttribute('aria-rowindex') !== true)
        found.push('a cell outside a row');
    }
    for (const row of document.querySelectorAll('[role=row]')) {
      if (!row.closest('[role=grid]')) found.push('a row outside the grid');
    }
    const ids = [...document.querySelectorAll('[id]')].map(({ id }) => id);
    if (new Set(ids).size !== ids.length) found.push('an id twice');
    for (const element of document.querySelectorAll('[aria-controls]')) {
      if (!document.getElementById(element.getAttribute('aria-controls') ?? ''))
        found.push('aria-controls of nothing');
    }
    return found;
  });
  assert.deepEqual(problems, []);
  assert.match((await page.locator(cell(0, 2)).textContent()) ?? '', /example\.com, masked$/);
  assert.match(
    (await page.locator('[role=columnheader][aria-colindex="4"]').textContent()) ?? '',
    /email.*text.*masked/,
  );
});

test('text of every theme stands out from its background by 4.5 to 1', async () => {
  for (const theme of ['dark', 'light', 'high-contrast', 'high-contrast-light'] as const) {
    const { page } = await harness.open({ scenario: 'small', theme });
    await page.waitForSelector('[role=gridcell] .value');
    const poor = await page.evaluate(() => {
      const canvas = document.createElement('canvas').getContext('2d', { willReadFrequently: true });
      const rgba = (colour: string): number[] => {
        if (!canvas) return [];
        canvas.clearRect(0, 0, 1, 1);
        canvas.fillStyle = colour;
        canvas.fillRect(0, 0, 1, 1);
        return [...canvas.getImageData(0, 0, 1, 1).data];
      };
      const luminance = (rgb: number[]) => {
        const [r = 0, g = 0, b = 0] = rgb.map((part) => {
          const share = part / 255;
          return share <= 0.03928 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
        });
        return 0.2126 * r + 0.7152 * g + 0.0722 * b;
      };
      const behind = (element: Element | null): number[] => {
        for (let at = element; at; at = at.parentElement) {
          const colour = rgba(getComputedStyle(at).backgroundColor);
          if ((colour[3] ?? 0) > 200) return colour;
        }
        return [0, 0, 0, 255];
      };
      const over = (front: number[], back: number[]) =>
        back.map((part, index) => {
          const share = (front[3] ?? 255) / 255;
          return Math.round((front[index] ?? 0) * share + part * (1 - share));
        });
      return [
        ...document.querySelectorAll(
          '.value, .null, .name, .type, .status-bar span, .tabs button, .run-status',
        ),
      ]
        .map((element) => {
          const back = behind(element);
          const text = over(rgba(getComputedStyle(element).color), back);
          const [a, b] = [luminance(text), luminance(back)].sort((x, y) => y - x);
          return { text: element.textContent, ratio: ((a ?? 0) + 0.05) / ((b ?? 0) + 0.05) };
        })
        .filter(({ ratio }) => ratio < 4.5)
        .slice(0, 3);
    });
    assert.deepEqual(poor, [], theme);
  }
});

test('a masked cell explains itself on Enter and on hover, and asks for more', async () => {
  const { page, problems } = await openGrid('small');
  await page.click(cell(1, 2));
  await page.keyboard.press('Enter');
  const why = page.locator('[role=dialog]');
  await why.waitFor();
  const text = (await why.textContent()) ?? '';
  for (const part of [
    'email is masked',
    'support team',
    'mask-personal-data',
    'data-protection@shop.example',
    'public.customers.email',
    'through view public.rich_orders',
    'domain',
  ]) {
    assert.ok(text.includes(part), `"${part}" in ${text}`);
  }
  assert.equal(await page.evaluate(() => document.activeElement?.textContent), 'Ask to see it…');
  await page.keyboard.press('Escape');
  await why.waitFor({ state: 'detached' });
  assert.deepEqual(await focused(page), { row: 1, column: 2, role: 'gridcell' });

  await page.hover(cell(3, 3));
  await why.waitFor();
  assert.equal((await focused(page)).role, 'gridcell');
  await page.click('text=Ask to see it…');
  await page.waitForSelector('text=Asked data-protection@shop.example.');
  assert.equal(await calls(page, 'askForMore'), 1);
  assert.deepEqual(problems, []);
});

test('a cell in which something was replaced explains itself, and its neighbours do not', async () => {
  const { page, problems } = await openGrid('small');
  await page.click(cell(6, 8));
  await page.keyboard.press('ArrowRight');
  assert.match((await page.locator(cell(6, 9)).textContent()) ?? '', /\[card\].*, in part replaced$/);
  await page.keyboard.press('Enter');
  const why = page.locator('[role=dialog]');
  await why.waitFor();
  const text = (await why.textContent()) ?? '';
  for (const part of [
    'notes is in part replaced',
    'card numbers',
    'no-cards-in-notes',
    'security@shop.example',
  ]) {
    assert.ok(text.includes(part), `"${part}" in ${text}`);
  }
  assert.equal(await page.evaluate(() => document.activeElement?.textContent), 'Close');
  await page.keyboard.press('Escape');
  await why.waitFor({ state: 'detached' });
  assert.doesNotMatch((await page.locator(cell(5, 9)).textContent()) ?? '', /replaced/);
  assert.deepEqual(problems, []);
});

test('a click lands on the cell under the pointer, though the grid has only just been scrolled', async () => {
  const { page } = await openGrid('small');
  const box = await page.locator(cell(6, 4)).boundingBox();
  assert.ok(box);
  await page.evaluate(
    ({ x, y }) => {
      const grid = document.querySelector('.grid');
      if (grid) grid.scrollLeft = 120;
      const at = { clientX: x - 120, clientY: y, bubbles: true, pointerId: 1 };
      const target = document.elementFromPoint(at.clientX, y);
      // No event of the scroll has come yet.
      target?.dispatchEvent(new PointerEvent('pointerdown', at));
      target?.dispatchEvent(new PointerEvent('pointerup', at));
    },
    { x: box.x + 5, y: box.y + 5 },
  );
  await page.waitForSelector('[role=gridcell].active');
  const active = page.locator('[role=gridcell].active');
  assert.equal(await active.getAttribute('aria-colindex'), '6');
});

test('copying goes through the host, and says that columns are masked', async () => {
  const { page } = await openGrid('small');
  await page.click(cell(0, 0));
  await page.click(cell(1, 2), { modifiers: ['Shift'] });
  await page.keyboard.press('Control+c');
  await page.waitForSelector('text=Copied 6 cells. 1 column copied as masked.');
  const clipboard = () => page.evaluate(() => window.journal.clipboard);
  assert.equal(await clipboard(), '1\tAna Ruiz\t*****@example.com\n2\tBjörn Ruiz\t*****@mail.example');
  const expected: [string, RegExp][] = [
    ['Copy with Column Names', /^id\tname\temail\n1\tAna Ruiz/],
    ['Copy as CSV', /^id,name,email\r\n1,Ana Ruiz,\*{5}@example\.com\r\n/],
    ['Copy as JSON', /^\[\n {2}\{"id": 1, "name": "Ana Ruiz"/],
    ['Copy as Markdown', /^\| id \| name \| email \|\n\| ---: \|/],
    [
      'Copy as INSERT',
      /^INSERT INTO customers \(id, name, email\) VALUES\n {2}\(1, 'Ana Ruiz', '\*{5}@example\.com'\)/,
    ],
  ];
  for (const [label, pattern] of expected) {
    await page.click(cell(1, 1), { button: 'right' });
    await page.click(`[role=menuitem] span:text-is("${label}")`);
    await page.waitForFunction((source) => new RegExp(source).test(window.journal.clipboard), pattern.source);
  }
  await page.click('[aria-label="Export all rows"]');
  await page.keyboard.press('Enter');
  await page.waitForSelector('text=Saved 200 rows to customers.csv.');
});

test('sorting and filtering arrange the fetched rows', async () => {
  const { page, problems } = await openGrid('small');
  await page.click('[role=columnheader][aria-colindex="3"] .name');
  await page.waitForSelector('[role=columnheader][aria-colindex="3"][aria-sort=ascending]');
  await page.click('[role=columnheader][aria-colindex="8"] .name', { modifiers: ['Shift'] });
  await page.waitForSelector('[role=columnheader][aria-colindex="8"][aria-sort=ascending]');
  await page.click('[role=columnheader][aria-colindex="8"] .name', { modifiers: ['Shift'] });
  await page.waitForSelector('[role=columnheader][aria-colindex="8"][aria-sort=descending]');
  await page.waitForFunction(
    () => document.querySelector('[aria-rowindex="2"] [aria-colindex="3"]')?.textContent === 'Ana Haddad',
  );
  await page.keyboard.press('Control+f');
  await page.keyboard.type('okafor');
  await page.waitForSelector('text=20 of 200 rows match');
  assert.equal(await page.locator('[role=grid]').getAttribute('aria-rowcount'), '21');
  await page.selectOption('[aria-label=Column]', '0');
  await page.selectOption('[aria-label=Condition]', 'atMost');
  await page.fill('[aria-label=Value]', '15');
  await page.waitForSelector('text=15 of 200 rows match');
  await page.click('text=Clear filters');
  await page.waitForSelector('.status-bar:has-text("200 rows"):not(:has-text("match"))');
  assert.deepEqual(problems, []);
});

test('columns are resized by key and pointer, frozen, and all of it comes back after a reload', async () => {
  const { page, problems } = await openGrid('small', { width: 700 });
  const width = async (column: number) =>
    (await page.locator(`[role=columnheader][aria-colindex="${column + 2}"]`).boundingBox())?.width ?? 0;
  await page.click(cell(0, 0));
  const first = await width(0);
  await page.keyboard.press('Alt+ArrowRight');
  await page.keyboard.press('Alt+ArrowRight');
  assert.equal(Math.round((await width(0)) - first), 32);
  const handle = await page.locator('[role=columnheader][aria-colindex="3"] .resize').boundingBox();
  const second = await width(1);
  await page.mouse.move((handle?.x ?? 0) + 3, (handle?.y ?? 0) + 10);
  await page.mouse.down();
  await page.mouse.move((handle?.x ?? 0) + 63, (handle?.y ?? 0) + 10, { steps: 4 });
  await page.mouse.up();
  assert.equal(Math.round((await width(1)) - second), 60);

  await page.keyboard.press('ArrowUp');
  await page.keyboard.press('Alt+ArrowDown');
  await page.click('[role=menuitem] span:text-is("Freeze up to Here")');
  await page.evaluate(() => document.querySelector('.grid')?.scrollTo({ left: 300, top: 1200 }));
  await page.waitForSelector('.column.frozen');
  const left = (await page.locator('[role=columnheader][aria-colindex="2"]').boundingBox())?.x ?? -1;
  assert.ok(left >= 0 && left < 80, `frozen at ${left}`);
  const place = () =>
    page.evaluate(() => ({
      left: document.querySelector('.grid')?.scrollLeft,
      top: document.querySelector('.grid')?.scrollTop,
    }));
  await page.waitForTimeout(700);
  const before = await place();
  const widths = [await width(0)];
  await page.reload();
  await page.waitForSelector('[role=gridcell] .value');
  await page.waitForSelector('.column.frozen');
  assert.deepEqual(await place(), before);
  assert.deepEqual([await width(0)], widths);
  assert.deepEqual(problems, []);
});

test('a thousand columns: only those in sight are drawn, and the last can be reached', async () => {
  const { page, problems } = await openGrid('wide');
  assert.ok((await page.locator('[role=columnheader]').count()) < 30);
  await page.click(cell(0, 0));
  await page.keyboard.press('End');
  await page.waitForSelector(`${cell(0, 999)}:focus`);
  await page.waitForFunction(() => document.activeElement?.textContent === '0.999');
  assert.deepEqual(problems, []);
});

test('a slow host: placeholders first, and a long scroll leaves no queue of questions', async () => {
  const { page } = await openGrid('million', { delayMs: 120 });
  const before = await calls(page, 'rows');
  // Counted in the page: by the time that somebody outside has asked, a busy machine may have the rows.
  const { tookMs, placeholders } = await page.evaluate(async () => {
    const start = performance.now();
    const grid = document.querySelector('.grid');
    let seen = 0;
    for (let step = 0; step < 60; step++) {
      if (grid) grid.scrollTop += 60_000;
      await new Promise((resolve) => setTimeout(resolve, 10));
      seen = Math.max(seen, document.querySelectorAll('.placeholder').length);
    }
    return { tookMs: performance.now() - start, placeholders: seen };
  });
  assert.ok(placeholders > 0);
  await page.waitForFunction(() => document.querySelector('.placeholder') === null);
  const asked = (await calls(page, 'rows')) - before;
  const atMost = 2 * Math.ceil(tookMs / 120) + 6;
  assert.ok(asked <= atMost, `${asked} windows in ${Math.round(tookMs)} ms, at most ${atMost} expected`);
});

test('rows still arrive: the count grows, cancel asks the server and tells when it is confirmed', async () => {
  const { page, problems } = await openGrid('growing');
  await page.waitForSelector('.progress');
  await page.evaluate(() => window.grow('growing', 12_600));
  await page.waitForSelector('text=12,600 rows so far');
  await page.click('button:has-text("Cancel")');
  await page.waitForSelector('text=Cancelling on the server');
  assert.equal(await calls(page, 'cancel'), 1);
  await page.evaluate(() => window.setStatus('cancelled'));
  await page.waitForSelector('text=Cancelled on the server');
  const told = await page.locator('[role=status]').first().textContent();
  assert.match(told ?? '', /Cancelled on the server after 3\.2 s\. 12,600 rows kept\./);
  assert.deepEqual(problems, []);
});

test('a block tells what, why, whose and what next; its buttons work by keyboard', async () => {
  const { page, problems } = await harness.open({ scenario: 'blocked' });
  const text = (await page.locator('.failure').textContent()) ?? '';
  for (const part of [
    'Blocked before it ran',
    'not allowed in production',
    'no-delete-without-where',
    'platform@shop.example',
    'Add a WHERE clause',
    'never saw',
  ]) {
    assert.ok(text.includes(part), part);
  }
  await page.locator('vscode-button').first().focus();
  await page.keyboard.press('Enter');
  await page.waitForSelector('text=Asked data-protection@shop.example.');
  await page.click('vscode-button:has-text("Show in editor")');
  await page.waitForFunction(() => window.journal.calls.some(({ type }) => type === 'reveal'));
  assert.deepEqual(problems, []);
});

test('tabs follow the arrow keys, and runs can be looked back at', async () => {
  const { page, problems } = await openGrid('several');
  await page.focus('[role=tab][aria-selected=true]');
  await page.keyboard.press('ArrowRight');
  await page.waitForSelector('[role=tab][aria-selected=true]:has-text("Result 2")');
  await page.waitForSelector('text=9223372036854775807');
  await page.keyboard.press('End');
  await page.waitForSelector('.messages');
  await page.selectOption('[aria-label=Run]', 'earlier');
  await page.waitForSelector('.status-bar:has-text("3 rows")');
  assert.deepEqual(problems, []);
});

test('values: nothing, empty, long, JSON and arrays read as people expect, and markup stays text', async () => {
  const { page, problems } = await openGrid('types', { width: 3400 });
  const text = async (row: number, column: number) =>
    (await page.locator(cell(row, column)).textContent()) ?? '';
  assert.equal(await text(1, 1), '9223372036854775807');
  assert.equal(await text(1, 2), '123456789012345678901234567890.123456789012345678901234567890');
  assert.equal(await text(2, 5), 'NULL');
  assert.equal(await text(3, 5), 'empty');
  assert.equal(await text(4, 5), 'line one↵line two⇥and a tab');
  assert.equal(await text(5, 5), '<img src=x onerror=alert(1)> | **bold**');
  await page.dblclick(cell(1, 5));
  await page.waitForFunction(() => document.querySelector('.detail pre')?.textContent?.endsWith('The end.'));
  assert.equal(await calls(page, 'value'), 1);
  await page.click(cell(1, 6));
  await page.waitForFunction(
    () => document.querySelector('.detail pre')?.textContent === '{\n  "n": 12345678901234567890.123\n}',
  );
  await page.click(cell(0, 9));
  await page.waitForSelector('.elements li:nth-child(3):has-text("NULL")');
  assert.deepEqual(problems, []);
});

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { candidatesIn, wantedAt } from './completion.ts';
import { bounded } from './host-shell.ts';

test('what Tab asks for is a folder that is known, and no program', () => {
  assert.deepEqual(wantedAt('cat ../x/ab', '/srv/a'), {
    from: 4,
    typed: '../x/',
    prefix: 'ab',
    folder: '/srv/x',
  });
  assert.deepEqual(wantedAt('ls ', '/srv'), { from: 3, typed: '', prefix: '', folder: '/srv' });
  assert.deepEqual(wantedAt('./r', '/srv'), { from: 0, typed: './', prefix: 'r', folder: '/srv' });
  for (const line of ['l', '', 'ls $HOME/', 'ls ~/']) assert.equal(wantedAt(line, '/srv'), null, line);
  assert.equal(wantedAt('ls a', null), null);
});

test('names are inserted as strict mode reads them, and none that steers a terminal', () => {
  const wanted = { from: 0, typed: 'a/', prefix: '', folder: '/a' };
  const names = ['./', '../', '.hidden', 'b c', "it's", 'd/', 'x\x1b[2J', 'r\u202e', '-n', ''].join('\n');
  assert.deepEqual(
    candidatesIn(names, wanted).map(({ text, suffix }) => text + suffix),
    ['a/-n ', "'a/b c' ", 'a/d/', "'a/it'\\''s' "],
  );
  assert.deepEqual(candidatesIn(names, { ...wanted, prefix: '.h' }).length, 1);
  assert.deepEqual(candidatesIn('-rf', { ...wanted, typed: '' })[0]?.text, './-rf');
});

test('a terminal has a size that can be drawn', () => {
  assert.deepEqual(bounded({ columns: 4_294_967_295, rows: 0 }), { columns: 2000, rows: 1 });
  assert.deepEqual(bounded({ columns: 80, rows: 24 }), { columns: 80, rows: 24 });
});

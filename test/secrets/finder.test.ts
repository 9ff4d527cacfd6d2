import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { after, test } from 'node:test';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { contentsOf } from './contents.ts';
import { Finder } from './finder.ts';

/** The search itself: a secret that is planted is found, in whatever form. */

const SECRET = 'grüße "jonas"/kim+7@example.org';
const finder = new Finder([
  { what: 'the secret', value: SECRET },
  { what: 'bytes', value: Buffer.from('00ff80fe7f01c3289001', 'hex') },
  ...Array.from({ length: 500 }, (_, id) => ({ what: `card ${id}`, value: `400000${id + 100_000_000}` })),
]);
const folder = mkdtempSync(join(tmpdir(), 'sluice-finder-'));
after(() => rmSync(folder, { recursive: true, force: true }));

const base64 = (before: string) => Buffer.from(`${before}${SECRET} and more`).toString('base64');
const FORMS = new Map<string, string | Buffer>([
  ['text', SECRET],
  ['JSON', JSON.stringify({ SECRET })],
  ['JSON within JSON', JSON.stringify(JSON.stringify('plain-secret-42'))],
  ['JSON in ASCII', JSON.stringify(SECRET).replaceAll('ü', '\\u00fc').replaceAll('ß', '\\u00df')],
  ['an address', new URL(`http://localhost/?q=${encodeURIComponent(SECRET)}`).href],
  ['a form', new URLSearchParams({ SECRET }).toString()],
  ['hex', Buffer.from(SECRET).toString('hex')],
  ['hex in capitals', Buffer.from(SECRET).toString('hex').toUpperCase()],
  ['UTF-16, little end first', Buffer.from(SECRET, 'utf16le')],
  ['UTF-16, big end first', Buffer.from(SECRET, 'utf16le').swap16()],
  ['base64', base64('')],
  ['base64 after a byte', base64('1')],
  ['base64 after two bytes', base64('12')],
  ['base64 for addresses', base64('12').replaceAll('+', '-').replaceAll('/', '_')],
]);

for (const [form, planted] of FORMS) {
  test(`a secret is found as ${form}`, () => {
    const plain = new Finder([{ what: 'the secret', value: 'plain-secret-42' }]);
    for (const noise of [0, 1, 7, 4096]) {
      const bytes = Buffer.concat([Buffer.alloc(noise, 'x'), Buffer.from(planted), Buffer.alloc(noise, 'y')]);
      const found = [...finder.find(bytes), ...plain.find(bytes)];
      assert.deepEqual(found, ['the secret']);
    }
  });
}

test('bytes are found as bytes, in hex and in base64, and what is not there is not found', () => {
  const bytes = Buffer.from('00ff80fe7f01c3289001', 'hex');
  for (const encoding of ['latin1', 'hex', 'base64'] as const) {
    assert.deepEqual([...finder.find(Buffer.from(bytes.toString(encoding), 'latin1'))], ['bytes']);
  }
  assert.deepEqual([...finder.find(Buffer.from('400000999999999 grüße jonas kim@example.org'))], []);
  assert.deepEqual([...finder.find(Buffer.from('4000001000004994000001000000003'))], ['card 499', 'card 0']);
});

test('a secret is found wherever it stands among any bytes', () => {
  const bytes = fc.uint8Array({ maxLength: 300 });
  fc.assert(
    fc.property(bytes, fc.integer({ min: 0, max: 499 }), bytes, (before, id, after) => {
      const card = Buffer.from(`400000${id + 100_000_000}`);
      return finder.find(Buffer.concat([before, card, after])).has(`card ${id}`);
    }),
  );
});

const found = (file: string) => new Set(contentsOf(file).flatMap((bytes) => [...finder.find(bytes)]));

test('a secret is found in what was compressed, once and twice', () => {
  const file = join(folder, 'export.gz');
  for (const packed of [gzipSync(`a line ${SECRET}`), gzipSync(gzipSync(SECRET))]) {
    writeFileSync(file, packed);
    assert.deepEqual(found(file), new Set(['the secret']));
  }
});

test('a secret is found in a database, over the edge of a page too, and in a row that was removed', () => {
  let hidden = 0;
  for (let before = 690; before < 750; before += 8) {
    const file = join(folder, `${before}.db`);
    using database = new DatabaseSync(file);
    database.exec('create table t (a text)');
    database.prepare('insert into t values (?)').run(`${'x'.repeat(before)}${SECRET}`.padEnd(13_000));
    assert.deepEqual(found(file), new Set(['the secret']));
    if (!readFileSync(file).includes(SECRET)) hidden += 1;
    database.exec('delete from t; vacuum');
    assert.deepEqual(found(file), new Set());
    database.prepare('insert into t values (?)').run(SECRET);
    database.exec('delete from t');
    assert.deepEqual(found(file), new Set(['the secret']));
  }
  // A search over the bytes of the file alone does not see these.
  assert.ok(hidden > 0);
});

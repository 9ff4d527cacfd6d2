import assert from 'node:assert/strict';
import { test } from 'node:test';
import { withFilePaths } from './file-paths.ts';
import { readStrict } from './read-strict.ts';
import { serialise } from './serialise.ts';

test('every file of a redirection is written anew, wherever it stands, and nothing else is', () => {
  const reading = readStrict('a x >f; { b <g; } 2>>h | ( c >i ) & if d <j; then e >k; else l; fi >m 2>&1');
  assert.ok(reading.outcome === 'complete');
  assert.equal(
    serialise(withFilePaths(reading.script, (path) => `/home/${path}`)),
    "'a' 'x' 1>'/home/f'; { 'b' 0<'/home/g'; } 2>>'/home/h' | ( 'c' 1>'/home/i' ) & " +
      "if 'd' 0<'/home/j'; then 'e' 1>'/home/k'; else 'l'; fi 1>'/home/m' 2>&1",
  );
});

import assert from 'node:assert/strict';
import { it } from 'node:test';
import { saslprep } from './saslprep.ts';

it('prepares passwords as RFC 4013 section 3 shows', () => {
  assert.equal(saslprep('I\u00adX'), 'IX');
  assert.equal(saslprep('user'), 'user');
  assert.equal(saslprep('USER'), 'USER');
  assert.equal(saslprep('\u00aa'), 'a');
  assert.equal(saslprep('\u2168'), 'IX');
  assert.equal(saslprep('a\u00a0b'), 'a b');
});

it('leaves a password as it is when SASLprep refuses it, as PostgreSQL does', () => {
  // Prohibited, both directions, ends the wrong way, unassigned in Unicode 3.2, nothing left.
  for (const refused of [
    '\u0007\u00aa',
    '\u0627a\u00aa',
    '\u06271\u00aa'.slice(0, 2),
    '\u{1f600}\u00aa',
    '\u00ad',
  ]) {
    assert.equal(saslprep(refused), refused);
  }
});

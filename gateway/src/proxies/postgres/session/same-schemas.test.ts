import assert from 'node:assert/strict';
import { test } from 'node:test';
import { findsSameSchemas } from './same-schemas.ts';

const schemas = (...names: string[]) => ({ schemas: names.map((name) => ({ name, usable: true })) });
const session = (path: string) => ({ path, sql: { role: 'alice' } });
const BEFORE = schemas('public', 'app');

for (const [what, path, after, same] of [
  ['a schema that nobody looks into comes', '"$user", public', schemas('public', 'app', 'other'), true],
  ['a schema of the path comes', 'later, public', schemas('public', 'app', 'later'), false],
  ['a schema of the path goes', 'app, public', schemas('public'), false],
  ['the schema of the user comes', '"$user", public', schemas('public', 'app', 'alice'), false],
  ['a quoted schema of the path comes', '"La""ter", public', schemas('public', 'app', 'La"ter'), false],
  ['a schema whose name is folded comes', 'LATER, public', schemas('public', 'app', 'later'), false],
] as const) {
  test(`${what}: ${same ? 'the same' : 'maybe others'} are found`, () => {
    assert.equal(findsSameSchemas(session(path), BEFORE, after), same);
  });
}

test('a schema of the path that is closed is passed over', () => {
  const closed = { schemas: BEFORE.schemas.map((schema) => ({ ...schema, usable: schema.name !== 'app' })) };
  assert.equal(findsSameSchemas(session('app, public'), BEFORE, closed), false);
});

import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { MODES, type Modes, openModes } from './wire/modes.ts';

/** A row that is written twice has its foreign keys asked again: what they refer to is locked, and who locks it may tell. */

const POLICY = `
version: 1
rules:
  - { id: who, owner: o@x.example, who: everyone, on: { columns: [visits.person] },
      then: { mask: { method: redact } }, because: Who came is personal. }
  - { id: all, owner: o@x.example, who: everyone, on: everything, doing: anything, then: allow, because: It is a test. }
`;
const SCHEMA = `
  CREATE TABLE people (id int PRIMARY KEY, name text);
  CREATE TABLE visits (id int PRIMARY KEY, person int REFERENCES people, note text);
  CREATE TABLE rooms (id int PRIMARY KEY);
  INSERT INTO people VALUES (1, 'ana'), (2, 'bo');
  INSERT INTO visits VALUES (1, 2, 'a');
  INSERT INTO rooms VALUES (1);
  CREATE VIEW names AS SELECT name FROM people;
  CREATE VIEW locking AS SELECT name FROM people FOR UPDATE SKIP LOCKED`;

let modes: Modes;
before(async () => {
  modes = await openModes(SCHEMA, POLICY);
});
after(() => modes?.close());

for (const mode of MODES) {
  test(`${mode}: rows that a masked key refers to are locked in ways that let keys refer to them`, async () => {
    const client = await modes.client(mode);
    for (const sql of [
      'SELECT id FROM people FOR UPDATE SKIP LOCKED',
      'SELECT id FROM people FOR SHARE FOR UPDATE NOWAIT',
      'SELECT name FROM names FOR UPDATE',
      'SELECT * FROM (SELECT id FROM people FOR UPDATE) p',
      'WITH p AS (SELECT id FROM people FOR UPDATE NOWAIT) SELECT * FROM p',
    ])
      await assert.rejects(client.query(sql), /FOR UPDATE could tell which rows of public.people/, sql);
    await assert.rejects(client.query('SELECT * FROM locking'), /public.visits.person|permission denied/);
    for (const sql of [
      'SELECT id FROM people FOR NO KEY UPDATE NOWAIT',
      'SELECT id FROM people FOR SHARE',
      'SELECT id FROM rooms FOR UPDATE',
    ])
      await client.query(sql);
    await client.end();
  });
}

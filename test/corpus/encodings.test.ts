import assert from 'node:assert/strict';
import { test } from 'node:test';
import { MODES, openModes } from './wire/modes.ts';

/** Masks in databases whose encoding isn't UTF8: what they give must be written there, whatever the values are. */

const POLICY = `
version: 1
rules:
  - { id: redacted, owner: o@x.example, who: everyone, on: { columns: [people.redacted] },
      then: { mask: { method: redact } }, because: It is a test. }
  - { id: domain, owner: o@x.example, who: everyone, on: { columns: [people.domain] },
      then: { mask: { method: partial, keep: domain } }, because: It is a test. }
  - { id: last4, owner: o@x.example, who: everyone, on: { columns: [people.last4] },
      then: { mask: { method: partial, keep: last4 } }, because: It is a test. }
  - { id: token, owner: o@x.example, who: everyone, on: { columns: [people.token] },
      then: { mask: { method: token } }, because: It is a test. }
  - { id: format, owner: o@x.example, who: everyone, on: { columns: [people.format] },
      then: { mask: { method: format } }, because: It is a test. }
  - { id: all, owner: o@x.example, who: everyone, on: everything, doing: anything, then: allow, because: It is a test. }
`;
const NAMES = ['redacted', 'domain', 'last4', 'token', 'format'];

/** Of each encoding a letter beyond ASCII; bytes that mean nothing in UTF8 as well where any will do. */
const LETTERS: Readonly<Record<string, string>> = {
  LATIN1: "convert_from('\\xe9', 'LATIN1')",
  WIN1252: "convert_from('\\x81', 'WIN1252')",
  SQL_ASCII: "convert_from('\\xe9', 'SQL_ASCII')",
  EUC_JP: "convert_from('\\xa4a2', 'EUC_JP')",
};

for (const [encoding, letter] of Object.entries(LETTERS)) {
  test(`each mask is written in ${encoding}`, async () => {
    const value = `'Ab ' || ${letter} || ' 4711@a.example'`;
    const modes = await openModes(
      `CREATE TABLE people (id int, ${NAMES.map((name) => `${name} text`).join(', ')});
        INSERT INTO people VALUES (1, ${NAMES.map(() => value).join(', ')})`,
      POLICY,
      `ENCODING '${encoding}' LOCALE 'C' TEMPLATE template0`,
    );
    try {
      for (const mode of MODES) {
        const client = await modes.client(mode);
        const { rows } = await client.query('SELECT * FROM people');
        const [{ redacted, domain, last4, token, format }] = rows;
        assert.deepEqual([redacted, domain, last4], ['*****', '*****@a.example', '****mple'], mode);
        assert.match(token, /^[0-9a-f]{16}$/);
        assert.match(format, /^[A-Z][a-z] x+ \d{4}@[a-z]\.[a-z]{7}$/);
        const given = await client.query(
          "INSERT INTO people (id, redacted) VALUES (2, 'x') RETURNING redacted",
        );
        assert.equal(given.rows[0]?.redacted, '*****');
        await client.query('DELETE FROM people WHERE id = 2');
        await client.end();
      }
    } finally {
      await modes.close();
    }
  });
}

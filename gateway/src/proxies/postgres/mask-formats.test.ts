import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Client } from 'pg';
import { answerTo } from './testing/answer-bytes.ts';
import { type Lab, openLab, POLICY } from './testing/lab.ts';

/** A masked cell is the same value whether a client asks for text or for binary. */

const VALUES: Readonly<Record<string, string>> = {
  text: 'ana.ruiz@shop.example',
  'varchar(12)': 'B-204-887766',
  'char(30)': '4000001234567890',
  int2: '1234',
  int4: '123456789',
  int8: '1234567890123',
  numeric: '12345678.90',
  'numeric(10,2)': '12345678.90',
  float4: '1.5',
  float8: '1e20',
  money: '12.34',
  bool: 'true',
  date: '2026-03-04',
  time: '12:34:56',
  timetz: '12:34:56+02',
  timestamp: '2026-03-04 10:00',
  timestamptz: '2026-03-04 10:00+02',
  interval: '1 mon 2 days',
  uuid: 'ffffffff-ffff-ffff-ffff-ffffffffffff',
  inet: '10.1.2.3/8',
  cidr: '10.0.0.0/8',
  macaddr: '08:00:2b:01:02:03',
  json: '{"a":1}',
  jsonb: '{"a":1}',
  bytea: '\\x00ff',
  'bit(8)': '10101010',
  'varbit(70)': '101',
  'text[]': '{a,b}',
  int4range: '[1,5)',
  point: '(1,2)',
  tsvector: 'fat',
  xml: '<a/>',
  mask_mood: 'happy',
  mask_code: 'A1',
};
const METHODS = [
  '{ method: redact }',
  '{ method: redact, fixed: true }',
  '{ method: partial, keep: last4 }',
  '{ method: format }',
  '{ method: token }',
  '{ method: null }',
];

let lab: Lab;
let owner: Client;

before(async () => {
  lab = await openLab();
  owner = new Client({ connectionString: lab.sample.superuserUrl() });
  await owner.connect();
  const types = Object.entries(VALUES);
  await owner.query(`
    CREATE TYPE mask_mood AS ENUM ('sad', 'happy');
    CREATE DOMAIN mask_code AS varchar(2) NOT NULL CHECK (VALUE = 'A1');
    CREATE TABLE kinds (${types.map(([type], at) => `c${at} ${type}`).join(', ')});
    INSERT INTO kinds VALUES (${types.map(([, value]) => `'${value}'`).join(', ')});
    GRANT SELECT ON kinds TO sluice_gateway`);
});
after(async () => {
  await owner.end();
  await lab.close();
});

async function cells(format: 'text' | 'binary'): Promise<Array<Buffer | null>> {
  const answer = await answerTo(
    lab.url('ana'),
    { type: 'parse', statement: '', query: 'SELECT * FROM kinds', parameterTypes: [] },
    {
      type: 'bind',
      portal: '',
      statement: '',
      parameterFormats: [],
      parameters: [],
      resultFormats: [format === 'binary' ? 1 : 0],
    },
    { type: 'execute', portal: '', maxRows: 0 },
    { type: 'sync' },
  );
  for (let at = 0; at < answer.length; at += 1 + answer.readInt32BE(at + 1)) {
    if (answer[at] === 0x44) return fieldsOf(answer.subarray(at + 5, at + 1 + answer.readInt32BE(at + 1)));
  }
  throw new Error(answer.toString());
}

/** The body of a DataRow: a count, and for each field its length and that many bytes. */
function fieldsOf(body: Buffer): Array<Buffer | null> {
  const fields: Array<Buffer | null> = [];
  for (let at = 2; at < body.length; ) {
    const length = body.readInt32BE(at);
    fields.push(length < 0 ? null : Buffer.from(body.subarray(at + 4, at + 4 + length)));
    at += 4 + Math.max(length, 0);
  }
  return fields;
}

for (const method of METHODS) {
  test(`${method}: text and binary are the same values, and the types are the column's own`, async () => {
    lab.policy.activate(`${POLICY}
  - id: kinds-masked
    owner: data-protection@shop.example
    who: everyone
    on: { tables: [kinds] }
    then: { mask: ${method} }
    because: It is a test.
`);
    const text = await cells('text');
    const binary = await cells('binary');
    for (const [at, [type, value]] of Object.entries(VALUES).entries()) {
      const bytes = binary[at] ?? null;
      // The server itself reads the bytes back.
      const decoded =
        bytes === null
          ? null
          : (
              await owner.query({
                text: `SELECT $1::${type.replace('mask_code', 'varchar').replace(/^bit.*/, 'bit(8)')}`,
                values: [bytes],
                rowMode: 'array',
                types: { getTypeParser: () => String },
              })
            ).rows[0]?.[0];
      const shown = text[at]?.toString() ?? null;
      assert.equal(decoded, shown, `${type} ${method}`);
      assert.notEqual(shown, value, `${type} ${method}`);
    }
  });
}

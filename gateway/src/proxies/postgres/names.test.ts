import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Client } from 'pg';
import { createPostgresEngine } from '../../sql/postgres/engine.ts';
import type { FrontendMessage } from '../../wire/postgres/index.ts';
import { answersTo } from './testing/answer-bytes.ts';
import { type Lab, openLab, POLICY } from './testing/lab.ts';

/** PREPARE and Parse, DECLARE and Bind name in one space: what a name stands for is never told by an older one. */

const DETECTED = `${POLICY}
  - id: no-cards-in-notes
    owner: security@shop.example
    who: { groups: [developers] }
    on: { columns: [notes.note] }
    then: { detect: [cards] }
    because: Notes hold what they should not.
`;
const OPEN = POLICY.replace(/ {2}- id: pii-email[\s\S]*?because: Addresses are personal.\n/, '');
const EMAILS = "SELECT email || '' AS x FROM customers";
const HARMLESS = "SELECT 'x'::text AS x";
const NOTES = "SELECT note || '' AS x FROM notes";
const CARD = '4111 1111 1111 1111';

let lab: Lab;
let owner: Client;
let analyses = 0;

before(async () => {
  const engine = createPostgresEngine();
  lab = await openLab(
    {},
    {
      ...engine,
      analyse: (request) => {
        analyses += 1;
        return engine.analyse(request);
      },
    },
  );
  lab.policy.activate(DETECTED);
  owner = new Client({ connectionString: lab.sample.superuserUrl() });
  await owner.connect();
  await owner.query(`CREATE TABLE notes (note text); INSERT INTO notes VALUES ('card ${CARD}');
    GRANT SELECT ON notes TO sluice_gateway`);
});
after(async () => {
  await owner.end();
  await lab.close();
});

const query = (text: string): FrontendMessage => ({ type: 'query', query: text });
const parse = (statement: string, text: string): FrontendMessage => ({
  type: 'parse',
  statement,
  query: text,
  parameterTypes: [],
});
const bind = (portal: string, statement: string): FrontendMessage => ({
  type: 'bind',
  portal,
  statement,
  parameterFormats: [],
  parameters: [],
  resultFormats: [],
});
const execute = (portal: string): FrontendMessage => ({ type: 'execute', portal, maxRows: 0 });
const close = (object: 'portal' | 'statement', name: string): FrontendMessage => ({
  type: 'close',
  object,
  name,
});
const sync: FrontendMessage = { type: 'sync' };

const SWAPS: Record<string, FrontendMessage[]> = {
  'a cursor for a portal': [
    query('BEGIN'),
    query(`DECLARE c CURSOR FOR ${HARMLESS}`),
    query('FETCH 0 FROM c'),
    parse('notes', NOTES),
    close('portal', 'c'),
    bind('c', 'notes'),
    sync,
    query('FETCH ALL FROM c'),
  ],
  'a cursor that was not asked for yet for a portal': [
    query('BEGIN'),
    parse('notes', NOTES),
    sync,
    query(`DECLARE c CURSOR FOR ${HARMLESS}`),
    close('portal', 'c'),
    bind('c', 'notes'),
    sync,
    query('FETCH ALL FROM c'),
  ],
  'a portal for a cursor': [
    query('BEGIN'),
    parse('harmless', HARMLESS),
    bind('c', 'harmless'),
    sync,
    query('CLOSE c'),
    query(`DECLARE c CURSOR FOR ${NOTES}`),
    execute('c'),
    sync,
  ],
  'a cursor that a rollback undid for a portal': [
    query('BEGIN'),
    parse('notes', NOTES),
    bind('c', 'notes'),
    sync,
    query('SAVEPOINT s'),
    query(`DECLARE c CURSOR FOR ${HARMLESS}`),
    query('ROLLBACK TO s'),
    query('FETCH ALL FROM c'),
  ],
  'a prepared statement for one of the protocol': [
    query(`PREPARE s AS ${HARMLESS}`),
    query('EXECUTE s'),
    close('statement', 's'),
    parse('s', NOTES),
    sync,
    query('EXECUTE s'),
  ],
  'a statement of the protocol for a prepared one': [
    parse('s', HARMLESS),
    sync,
    query('DEALLOCATE s'),
    query(`PREPARE s AS ${NOTES}`),
    bind('', 's'),
    execute(''),
    sync,
  ],
  'a statement for another whose name the server cuts in the same place': [
    parse(`${'n'.repeat(63)}1`, HARMLESS),
    close('statement', `${'n'.repeat(63)}2`),
    parse(`${'n'.repeat(63)}2`, NOTES),
    bind('', `${'n'.repeat(63)}1`),
    execute(''),
    sync,
  ],
};

for (const [what, messages] of Object.entries(SWAPS)) {
  test(`does not take ${what}`, async () => {
    assert.doesNotMatch((await answersTo(lab.url('ana'), ...messages)).toString('latin1'), /4111/);
  });
}

for (const [made, used] of [
  ['PREPARE s AS', 'EXECUTE s'],
  ['DECLARE s CURSOR WITH HOLD FOR', 'FETCH ALL FROM s'],
]) {
  test(`what was forgotten keeps its name: ${made}`, async () => {
    const client = await lab.client();
    lab.policy.activate(OPEN);
    await client.query(`${made} ${EMAILS}`);
    await client.query('SELECT 1');
    lab.policy.activate(DETECTED);
    await assert.rejects(client.query(`${used}`));
    await assert.rejects(client.query(`${made} ${HARMLESS}`), /already exists/);
    await assert.rejects(client.query(`${used}`), /no (prepared statement|cursor) s is known/);
    await client.query(`${made?.replace(' s ', ' other ')} ${HARMLESS}`);
    assert.equal((await client.query(`${used?.replace(/s$/, 'other')}`)).rows[0]?.x, 'x');
    await client.end();
  });
}

test('names are known as they come and go', async () => {
  const client = await lab.client();
  const one = async (text: string) => {
    const result = await client.query(text);
    const results = Array.isArray(result) ? result : [result];
    return results.at(-1).rows[0]?.n;
  };
  for (const n of [1, 2]) {
    await client.query(`PREPARE "S ${'é'.repeat(40)}" AS SELECT ${n} AS n`);
    assert.equal(await one(`EXECUTE "S ${'é'.repeat(40)}"`), n);
    await client.query(`DEALLOCATE "S ${'é'.repeat(40)}"`);
    await client.query('BEGIN');
    await client.query(`DECLARE Cur CURSOR WITH HOLD FOR SELECT ${n} AS n`);
    await client.query('COMMIT');
    assert.equal(await one('FETCH cur'), n);
    await client.query('CLOSE cur');
    await client.query('BEGIN');
    await client.query(`DECLARE c CURSOR FOR SELECT ${n} AS n`);
    assert.equal(await one('FETCH c'), n);
    await client.query('ROLLBACK');
    assert.equal(await one(`PREPARE p AS SELECT ${n} AS n; EXECUTE p`), n);
    assert.equal(await one(`DEALLOCATE p; PREPARE p AS SELECT ${n + 1} AS n; EXECUTE p`), n + 1);
    await client.query('DEALLOCATE ALL');
  }
  await client.end();
});

test('a name more is looked at by itself, whatever there is besides', async () => {
  const client = await lab.client();
  const costs: number[] = [];
  for (let n = 0; n < 40; n += 1) {
    const before = analyses;
    await client.query(`PREPARE s${n} AS SELECT email AS e${n} FROM customers`);
    await client.query(`EXECUTE s${n}`);
    costs.push(analyses - before);
  }
  assert.ok(Math.max(...costs) < 10, costs.join());
  await client.end();
});

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { Client } from 'pg';
import { RecordedQuestion } from '../../../contract/record.ts';
import { type Lab, openLab, POLICY } from './testing/lab.ts';
import { Requests } from './testing/requests.ts';

/** Rules about columns that stop hold for what shows a column, or looks at it, without naming it. */

const RULES = `${POLICY}
  - id: no-phones
    owner: data-protection@shop.example
    who: { groups: [developers] }
    on: { columns: [customers.phone] }
    doing: [select]
    then: block
    because: Nobody calls customers.
  - id: labels-ask
    owner: data-protection@shop.example
    who: { groups: [developers] }
    on: { columns: [kept.label] }
    doing: [select]
    then: { approve: { by: [dba] } }
    because: Labels are private.
  - id: no-part
    owner: data-protection@shop.example
    who: { groups: [developers] }
    on: { columns: [kept_a.part_note, kin.own, grown.base] }
    doing: [select]
    then: block
    because: Notes are private.
  - id: no-second-export
    owner: data-protection@shop.example
    who: { groups: [developers] }
    on: { columns: [customers.region] }
    doing: [copyTo]
    then: block
    because: Regions are not carried away.
  - id: intake
    owner: dba@shop.example
    who: { groups: [developers] }
    on: { tables: [open_kept, filled] }
    doing: [insert, update, delete, merge, copyFrom]
    then: allow
    because: Developers mend what is kept.
`;

const OBJECTS = `
  CREATE VIEW people AS SELECT id, name, phone AS tel, upper(phone) AS loud FROM customers;
  CREATE VIEW deep AS SELECT p.id, p.name, p.loud AS line FROM people p;
  CREATE VIEW asked WITH (security_invoker) AS SELECT id, phone AS tel FROM customers;
  CREATE VIEW callable AS SELECT id, name FROM customers WHERE phone LIKE '+%';
  CREATE VIEW over_callable AS SELECT id FROM callable;
  CREATE VIEW sorted AS SELECT id, name FROM customers ORDER BY phone LIMIT 5;
  CREATE VIEW grouped AS SELECT min(id) AS id, count(*) AS n FROM customers GROUP BY phone;
  CREATE VIEW counted AS SELECT region, count(phone) AS phones, max(id) AS id FROM customers GROUP BY region;
  CREATE VIEW either AS SELECT id, name AS v FROM customers UNION ALL SELECT id, phone FROM customers;
  CREATE VIEW both_sides AS SELECT name FROM customers INTERSECT SELECT phone FROM customers;
  CREATE VIEW common AS WITH c AS (SELECT id, name, phone FROM customers) SELECT c.id, c.phone AS tel, c.name FROM c;
  CREATE VIEW picked AS SELECT o.id, (SELECT phone FROM customers c WHERE c.id = o.customer_id) AS tel FROM orders o;
  CREATE VIEW known AS SELECT o.id FROM orders o WHERE o.customer_id IN (SELECT c.id FROM customers c WHERE c.phone IS NULL);
  CREATE VIEW rowed AS SELECT c AS whole, c.id FROM customers c;
  CREATE VIEW ranked AS SELECT id, row_number() OVER (ORDER BY phone) AS place FROM customers;
  CREATE MATERIALIZED VIEW copied AS SELECT id, name, phone AS tel FROM customers;
  CREATE VIEW over_copied AS SELECT id, name, tel FROM copied;
  CREATE VIEW named_people AS SELECT id, name, region FROM customers;

  CREATE TABLE kept (id int, label text, part_note text) PARTITION BY RANGE (id);
  CREATE TABLE kept_a PARTITION OF kept FOR VALUES FROM (0) TO (100);
  CREATE TABLE kept_b PARTITION OF kept FOR VALUES FROM (100) TO (200);
  INSERT INTO kept VALUES (1, 'a', 'n'), (101, 'b', 'n');
  CREATE TABLE kin (id int, own text);
  CREATE TABLE kin_child (more text) INHERITS (kin);
  INSERT INTO kin_child VALUES (1, 'x', 'y');
  CREATE VIEW over_child AS SELECT id, own AS o, more FROM kin_child;
  CREATE TABLE grown (id int, base text, twice text GENERATED ALWAYS AS (base || base) STORED);
  INSERT INTO grown VALUES (1, 'q');
  CREATE TABLE owners (id int PRIMARY KEY);
  CREATE TABLE owned (id int PRIMARY KEY, owner int REFERENCES owners ON DELETE CASCADE);
  CREATE TABLE owned_more (of int REFERENCES owned ON DELETE CASCADE, remark text);
  CREATE TABLE filled (id int, state text);
  CREATE VIEW open_kept AS SELECT id, label, part_note FROM kept_b WHERE label <> 'closed';
  GRANT SELECT ON ALL TABLES IN SCHEMA public TO PUBLIC;
  GRANT INSERT, UPDATE, DELETE ON filled, open_kept, kept_b TO PUBLIC;
`;

let lab: Lab;
let client: Client;

before(async () => {
  lab = await openLab();
  const owner = new Client({ connectionString: lab.sample.superuserUrl() });
  await owner.connect();
  await owner.query(OBJECTS);
  await owner.end();
  lab.policy.activate(RULES);
  client = await lab.client();
});
after(async () => {
  await client.end();
  await lab.close();
});

/** What the gateway says; null where the statement runs. */
async function refusalOf(sql: string): Promise<string | null> {
  return client.query(sql).then(
    () => null,
    (error) => error.message,
  );
}

describe('a rule that blocks a column', () => {
  const stopped: ReadonlyArray<readonly [string, string]> = [
    ['SELECT tel FROM people', 'public.people.tel comes from public.customers.phone'],
    ['SELECT * FROM people', 'public.people.tel comes from public.customers.phone'],
    ['SELECT name FROM people WHERE tel IS NULL', 'public.people.tel comes from public.customers.phone'],
    ['SELECT id FROM people ORDER BY loud', 'public.people.loud comes from public.customers.phone'],
    ['SELECT people FROM people', 'public.people.tel comes from public.customers.phone'],
    [
      'WITH x AS (SELECT line FROM deep) SELECT 1 FROM x',
      'public.deep.line comes from public.customers.phone, through public.people',
    ],
    [
      'SELECT d.id FROM orders o JOIN deep d ON d.line = o.status::text',
      'public.deep.line comes from public.customers.phone, through public.people',
    ],
    ['SELECT tel FROM asked', 'public.asked.tel comes from public.customers.phone'],
    ['SELECT count(*) FROM callable', 'public.callable looks at public.customers.phone'],
    [
      'SELECT id FROM over_callable',
      'public.callable looks at public.customers.phone, through public.over_callable',
    ],
    ['SELECT name FROM sorted', 'public.sorted looks at public.customers.phone'],
    ['SELECT n FROM grouped', 'public.grouped looks at public.customers.phone'],
    ['SELECT phones FROM counted', 'public.counted.phones comes from public.customers.phone'],
    ['SELECT v FROM either', 'public.either.v comes from public.customers.phone'],
    ['SELECT 1 FROM both_sides', 'public.both_sides looks at public.customers.phone'],
    ['SELECT tel FROM common', 'public.common.tel comes from public.customers.phone'],
    ['SELECT tel FROM picked', 'public.picked.tel comes from public.customers.phone'],
    ['SELECT 1 FROM known', 'public.known looks at public.customers.phone'],
    ['SELECT whole FROM rowed', 'public.rowed.whole comes from public.customers.phone'],
    ['SELECT place FROM ranked', 'public.ranked.place comes from public.customers.phone'],
    ['SELECT tel FROM copied', 'public.copied.tel comes from public.customers.phone'],
    [
      'SELECT tel FROM over_copied',
      'public.over_copied.tel comes from public.customers.phone, through public.copied',
    ],
    [
      'SELECT c.id, p.tel FROM customers c JOIN people p USING (id)',
      'public.people.tel comes from public.customers.phone',
    ],
    ['COPY (SELECT tel FROM people) TO STDOUT', 'public.people.tel comes from public.customers.phone'],
    ['COPY copied (id, tel) TO STDOUT', 'public.copied.tel comes from public.customers.phone'],
    ['EXPLAIN SELECT tel FROM people', 'public.people.tel comes from public.customers.phone'],
    ['PREPARE p AS SELECT tel FROM people', 'public.people.tel comes from public.customers.phone'],
    ['DECLARE c CURSOR FOR SELECT tel FROM people', 'public.people.tel comes from public.customers.phone'],
    ['INSERT INTO filled SELECT id, tel FROM people', 'public.people.tel comes from public.customers.phone'],
    [
      'UPDATE filled SET state = p.tel FROM people p WHERE p.id = filled.id',
      'public.people.tel comes from public.customers.phone',
    ],
    ['SELECT part_note FROM kept', 'public.kept.part_note comes from public.kept_a.part_note'],
    ['SELECT own FROM kin_child', 'public.kin_child.own comes from public.kin.own'],
    ['SELECT o FROM over_child', 'public.over_child.o comes from public.kin.own, through public.kin_child'],
    ['SELECT twice FROM grown', 'public.grown.twice comes from public.grown.base'],
  ];
  for (const [sql, way] of stopped) {
    test(`stops ${sql}`, async () => {
      const said = await refusalOf(sql);
      assert.match(said ?? 'it ran', /^Blocked by rule no-(phones|part) of data-protection@shop\.example: /);
      assert.ok(said?.includes(` It is not named, but ${way}.`), said ?? '');
    });
  }

  for (const sql of [
    'SELECT id, name FROM people',
    'SELECT count(*) FROM people',
    'SELECT name FROM deep WHERE id = 1',
    'SELECT region, id FROM counted',
    'SELECT id FROM either',
    'SELECT id, name FROM common',
    'SELECT id FROM picked',
    'SELECT id FROM rowed LIMIT 1',
    'SELECT id FROM ranked',
    'SELECT name FROM copied',
    'COPY (SELECT name FROM people) TO STDOUT',
    'COPY copied (id) TO STDOUT',
    'INSERT INTO filled SELECT id, name FROM people',
    'SELECT id FROM kept',
    'SELECT part_note FROM kept_b',
    'SELECT id, more FROM kin_child',
    'SELECT id FROM grown',
  ]) {
    test(`lets ${sql} run`, async () => assert.equal(await refusalOf(sql), null));
  }
});

test('a rule about what is carried away holds behind views, for the columns that are', async () => {
  assert.match(
    (await refusalOf('COPY (SELECT region FROM named_people) TO STDOUT')) ?? '',
    /^Blocked by rule no-second-export .* public\.named_people\.region comes from public\.customers\.region\.$/,
  );
  assert.equal(await refusalOf('COPY (SELECT name FROM named_people) TO STDOUT'), null);
  assert.equal(await refusalOf('SELECT region FROM named_people'), null);
});

test('a rule that asks about a column asks where a view that is written looks at it', async () => {
  const requests = new Requests(lab);
  for (const sql of [
    "UPDATE open_kept SET part_note = 'm'",
    'DELETE FROM open_kept',
    'MERGE INTO open_kept o USING (SELECT 1 AS i) s ON o.id = s.i WHEN MATCHED THEN DELETE',
    'EXPLAIN DELETE FROM open_kept',
    'SELECT id FROM open_kept',
  ]) {
    const asked = requests.next();
    const answer = client.query(sql).catch((error) => error);
    const request = await asked;
    assert.match(
      request.decision.sentence,
      /^Needs approval by dba, as rule labels-ask .* public\.open_kept looks at public\.kept\.label, through public\.kept_b\.$/,
      sql,
    );
    await requests.withdraw(request);
    assert.match(String(await answer), /withdrawn/);
  }
  // A new row is none of those that the view picks from.
  assert.equal(await refusalOf("INSERT INTO open_kept (id, part_note) VALUES (150, 'n')"), null);
});

test('a rule about a written column holds behind a view, whichever columns are written', async () => {
  lab.policy.activate(`${RULES}
  - id: labels-stay
    owner: dba@shop.example
    who: everyone
    on: { columns: [kept_b.label] }
    doing: [insert, update, delete]
    then: block
    because: Labels stay.
`);
  for (const [sql, does] of [
    ['INSERT INTO open_kept (id) VALUES (151)', 'insert into'],
    ["UPDATE open_kept SET part_note = 'm' WHERE id = 1", 'update'],
    ['DELETE FROM open_kept WHERE id = 1', 'delete from'],
  ] as const) {
    const said = await refusalOf(sql);
    assert.ok(
      said?.includes(`what it does with public.open_kept would ${does} public.kept_b.`),
      `${sql}: ${said}`,
    );
  }
  lab.policy.activate(RULES);
});

test('a rule about a column holds for rows that a foreign key takes along', async () => {
  lab.policy.activate(`${RULES}
  - id: keys
    owner: dba@shop.example
    who: everyone
    on: { tables: [owners, owned, owned_more] }
    doing: [delete, truncate, select]
    then: allow
    because: Developers tidy up.
  - id: remarks-stay
    owner: dba@shop.example
    who: everyone
    on: { columns: [owned_more.remark] }
    doing: [delete, truncate]
    then: block
    because: Remarks stay.
`);
  for (const [sql, does] of [
    ['DELETE FROM owners WHERE id = 1', 'delete from'],
    ['TRUNCATE owners CASCADE', 'truncate'],
  ]) {
    const said = await refusalOf(sql ?? '');
    assert.ok(
      said?.includes(`what it does with public.owners would ${does} public.owned_more.`),
      `${sql}: ${said}`,
    );
  }
  lab.policy.activate(RULES);
});

test('the editor is told before the run, and what to leave out', async () => {
  const principal = lab.people.ana.current();
  assert.ok(principal !== null);
  const [verdict] = await lab.target.verdicts(principal, 'select id, tel, name from people');
  assert.equal(verdict?.decision.outcome, 'block');
  assert.match(verdict.decision.sentence, /public\.people\.tel comes from public\.customers\.phone/);
  assert.equal(verdict.fixes?.[0]?.title, 'Leave out tel');
});

test('what was recorded of it is read again', async () => {
  await refusalOf('SELECT line FROM deep');
  const { question } = lab.recorder.last() ?? {};
  const kept: unknown = JSON.parse(JSON.stringify(question));
  assert.deepEqual(RecordedQuestion.parse(kept).through, question?.through);
  const older = RecordedQuestion.parse({
    ...(kept as object),
    through: question?.through.map(({ columns: _, ...reached }) => reached),
  });
  assert.deepEqual(new Set(older.through.map(({ columns }) => columns)), new Set([null]));
});

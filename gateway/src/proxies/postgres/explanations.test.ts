import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { after, before, test } from 'node:test';
import { promisify } from 'node:util';
import { Client } from 'pg';
import { type Lab, openLab, PASSWORD, POLICY } from './testing/lab.ts';

const run = promisify(execFile);
const HIDING = `${POLICY}
  - id: no-phones
    owner: data-protection@shop.example
    who: { groups: [developers] }
    on: { columns: [customers.phone] }
    doing: [select]
    then: block
    because: Nobody calls customers.
`;

let lab: Lab;
before(async () => {
  lab = await openLab();
  const owner = new Client({ connectionString: lab.sample.superuserUrl() });
  await owner.connect();
  await owner.query(`CREATE VIEW rich_people AS SELECT id, name, email AS who, phone FROM customers;
    GRANT SELECT ON rich_people TO PUBLIC`);
  await owner.end();
  lab.policy.activate(HIDING);
});
after(() => lab.close());

async function refusalOf(
  sql: string,
): Promise<{ message: string; detail: string; hint: string; position: string }> {
  const client = await lab.client();
  try {
    return await client.query(sql).then(
      () => assert.fail(`${sql} ran`),
      (error) => error,
    );
  } finally {
    await client.end();
  }
}

test('a refusal names the column to leave out, where it stands, and the statement that would run', async () => {
  const { detail, hint, position } = await refusalOf(
    'select id, name, phone as tel, region from customers where id < 3',
  );
  assert.match(detail, /rule no-phones \(owner data-protection@shop.example\): Nobody calls customers\./);
  assert.match(detail, /tel comes from public\.customers\.phone/);
  assert.match(hint, /^Leave out tel: select id, name, region from customers where id < 3\n/);
  assert.equal(position, '18');
  const client = await lab.client();
  await client.query(hint.split('\n')[0]?.replace('Leave out tel: ', '') ?? '');
  await client.end();
});

test('in place of * the columns are named', async () => {
  const { hint } = await refusalOf('select * from customers c where c.id = 1');
  assert.match(hint, /^Leave out phone: select id, /);
  const { hint: qualified } = await refusalOf('select c.*, 1 as one from customers c');
  assert.match(qualified, /^Leave out phone: select c\.id, .*, 1 as one from customers c\n/);
});

test('several are left out at once, also in a prepared statement', async () => {
  const client = await lab.client();
  await assert.rejects(
    client.query({ text: 'select phone, name, upper(phone) from customers where id = $1', values: [1] }),
    { hint: /^Leave out phone, upper: select name from customers where id = \$1\n/ },
  );
  await client.end();
});

test('nothing is offered that would not run, or that would mean something else', async () => {
  for (const sql of [
    'select phone from customers',
    'select id, name from customers where phone is null',
    'select id, phone from customers order by 2',
    'select distinct id, phone from customers',
    'select id, phone from customers union select id, name from customers',
    'delete from products where id = 1',
  ]) {
    assert.doesNotMatch((await refusalOf(sql)).hint, /Leave out/, sql);
  }
});

test('psql shows it as DETAIL and HINT', async () => {
  const who = `host=127.0.0.1 port=${lab.port} user=ana dbname=shop password='${PASSWORD}' sslmode=disable`;
  const sql = 'with calls as (select id, phone from customers) select id, phone from calls';
  const { stderr } = await run('psql', ['-X', who, '-c', sql]).catch((error) => error);
  assert.doesNotMatch(stderr, /Leave out/);
  const { stderr: through } = await run('psql', ['-X', who, '-c', 'select id, phone from customers']).catch(
    (error) => error,
  );
  assert.match(through, /^ERROR: {2}Blocked by rule no-phones/);
  assert.match(through, /^DETAIL: .*rule no-phones \(owner/m);
  assert.match(through, /^HINT: {2}Leave out phone: select id from customers$/m);
  assert.match(through, /^ {13,}\^$/m);
});

test('verdicts tell through what a masked column comes, and offer the edit', async () => {
  const principal = lab.people.ana.current();
  assert.ok(principal !== null);
  const text = `-- who they are
with p as (select who from rich_people) select q.who, 1 as one from (select who from p) q;
select id, phone, name from customers;
select email from customers`;
  const [first, second, third] = await lab.target.verdicts(principal, text);
  const reason = first?.columns?.[0]?.masked;
  assert.equal(reason?.rule, 'pii-email');
  assert.equal(
    reason?.path,
    'public.customers.email, through view public.rich_people and WITH p and subquery q',
  );
  const fix = second?.fixes?.[0];
  assert.equal(fix?.title, 'Leave out phone');
  const edited = text.slice(0, fix?.start) + fix?.replacement + text.slice(fix?.end);
  assert.match(edited, /^select id, name from customers;$/m);
  assert.equal((await lab.target.verdicts(principal, edited))[1]?.decision.outcome, 'mask');
  assert.equal(third?.columns?.[0]?.masked?.path, undefined);
});

test('a rule on a table is about what its views show, for detectors too', async () => {
  lab.policy.activate(`${HIDING}
  - id: no-mails-in-names
    owner: security@shop.example
    who: { groups: [developers] }
    on: { columns: [customers.name] }
    then: { detect: [emails] }
    because: Names are no addresses.
`);
  const owner = new Client({ connectionString: lab.sample.superuserUrl() });
  await owner.connect();
  await owner.query(`UPDATE customers SET name = 'x@shop.example' WHERE id = 1`);
  await owner.end();
  const client = await lab.client();
  assert.deepEqual((await client.query('SELECT name FROM rich_people WHERE id = 1')).rows, [
    { name: '[e-mail]' },
  ]);
  await client.end();
  const principal = lab.people.ana.current();
  assert.ok(principal !== null);
  const [verdict] = await lab.target.verdicts(principal, 'select name, id from rich_people');
  assert.deepEqual(
    verdict?.columns?.map(({ detectors }) =>
      detectors?.map(({ rule, detect, marks }) => [rule, detect, marks]),
    ),
    [[['no-mails-in-names', ['emails'], ['[e-mail]']]], undefined],
  );
});

test('an error that is withheld says what to do, and a column that was left empty is named', async () => {
  lab.policy.activate(`${POLICY}
  - id: developers-write
    owner: dba@shop.example
    who: { groups: [developers] }
    on: { tables: [public.customers] }
    doing: [insert]
    then: allow
    because: They try things out.
`);
  const { message, detail, ...rest } = await refusalOf("insert into customers (id, name) values (-1, 'Max')");
  assert.match(
    message,
    /^null value in column "email" of relation "customers" violates not-null constraint$/,
  );
  assert.equal(detail, undefined);
  assert.partialDeepStrictEqual(rest, { code: '23502', table: 'customers', column: 'email' });
  const withheld = await refusalOf('select email::int from customers');
  assert.match(withheld.message, /message is withheld/);
  assert.match(withheld.hint, /ask somebody to whom all of it is shown/);
});

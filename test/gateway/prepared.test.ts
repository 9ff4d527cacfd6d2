import assert from 'node:assert/strict';
import { cpSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import pg from 'pg';
import { run } from '../../gateway/src/cli/run.ts';
import { parseConfig } from '../../gateway/src/config-load.ts';
import { type Gateway, startGateway } from '../../gateway/src/main.ts';
import { bootSample, type RunningSample } from '../../sample/boot-sample.ts';

const KEY = 'swordfish-swordfish';
const PASSWORD = 'least-of-all-1';
const EXAMPLES = new URL('../../examples/policy', import.meta.url).pathname;

const ROWS = `
version: 1
rules:
  - id: some-employees
    owner: people@shop.example
    who: { groups: [developers] }
    on: { targets: [shop], tables: [employees] }
    then: { rows: "id < 4" }
    because: The first three are enough to try it.
`;

/** Everything of an answer that a client can see, or the error that it got. */
type Seen = { rows: unknown[][]; fields: unknown[] } | string;

describe('a prepared target', () => {
  let sample: RunningSample;
  let admin: pg.Client;
  const folder = mkdtempSync(join(tmpdir(), 'sluice-prepared-'));
  const policy = join(folder, 'policy');
  const least = 'mode: prepared, url: {env: LEAST}';
  const both = `${least}, exemptUrl: {env: WEAK}`;

  before(async () => {
    sample = await bootSample({ customers: 1000, port: 0 });
    admin = new pg.Client({ connectionString: sample.superuserUrl() });
    await admin.connect();
    cpSync(EXAMPLES, policy, { recursive: true });
    writeFileSync(join(policy, 'rows.yaml'), ROWS);
    assert.deepEqual((await sluice('prepare', least, '--apply')).exit, 0);
  });

  after(async () => {
    await admin?.end();
    await sample?.stop();
  });

  const environment = () => ({
    KEY,
    WEAK: sample.gatewayUrl(),
    LEAST: sample.postgres.url('shop', 'sluice_shop', PASSWORD),
    SLUICE_ADMIN_URL: sample.superuserUrl(),
    SLUICE_ROLE_PASSWORD: PASSWORD,
  });

  const configuration = (target: string) => `
listen: {http: 127.0.0.1:0, postgres: 127.0.0.1:0}
dataDir: ${folder}
policy: ${policy}
limits: {catalogueCheckMs: 0}
identity:
  serviceAccounts:
    - {name: ci, groups: [developers], key: {env: KEY}}
    - {name: boss, groups: [dba], key: {env: KEY}}
targets: [{name: shop, labels: {environment: production}, ${target}}]`;

  /** `sluice target …` */
  async function sluice(action: 'prepare' | 'check', target: string, ...options: string[]) {
    const file = join(folder, 'gateway.yaml');
    writeFileSync(file, configuration(target));
    const out: string[] = [];
    const said: string[] = [];
    const exit = await run(['target', action, 'shop', '--config', file, ...options], {
      environment: environment(),
      stopped: new Promise(() => undefined),
      out: (text) => out.push(text),
      say: (text) => said.push(text),
    });
    return { exit, out: out.join('\n'), said: said.join('\n') };
  }

  async function withGateway<T>(
    target: string,
    work: (gateway: Gateway, told: string[]) => Promise<T>,
  ): Promise<T> {
    const config = parseConfig(configuration(target), { name: 'test', folder }, environment());
    const told: string[] = [];
    const gateway = await startGateway(config, { tell: (line) => told.push(line) });
    try {
      return await work(gateway, told);
    } finally {
      await gateway.close();
    }
  }

  async function login(gateway: Gateway, user: string): Promise<pg.Client> {
    const client = new pg.Client({
      connectionString: `postgres://${user}:${KEY}@${gateway.listening.postgres}/shop`,
    });
    client.on('error', () => undefined);
    await client.connect();
    return client;
  }

  async function answer(client: pg.Client, text: string): Promise<Seen> {
    try {
      const { rows, fields } = await client.query({ text, rowMode: 'array' });
      return { rows, fields };
    } catch (error) {
      const { message, hint = '' } = error as pg.DatabaseError;
      return `${message} ${hint}`;
    }
  }

  async function answers(gateway: Gateway, user: string, statements: readonly string[]): Promise<Seen[]> {
    const client = await login(gateway, user);
    const seen: Seen[] = [];
    for (const text of statements) seen.push(await answer(client, text));
    await client.end();
    return seen;
  }

  const rowsOf = (seen: Seen | undefined) => (typeof seen === 'object' ? seen.rows : seen);

  const STATEMENTS = [
    'select * from customers order by id limit 50',
    'select c from customers c order by id limit 3',
    'select ctid, xmin is null, tableoid::regclass, id, email from public.customers order by id limit 3',
    'select id, name, email, phone from customer_directory order by id limit 5',
    'select * from only customers order by id limit 5',
    'select region, count(*), min(email), count(distinct phone) from customers group by region order by 1',
    'select * from payments order by id limit 5',
    'select p.*, c.card_number from payments p join orders o on o.id = p.order_id join customers c on c.id = o.customer_id order by p.id limit 5',
    'select * from rich_orders order by id limit 5',
    'select * from monthly_sales order by month, category limit 5',
    'select id, order_total(id) from orders order by id limit 3',
    "begin; update customers set region = 'x' where id = 7 returning id, region; rollback",
    'begin; select id, email from customers where id = 3 for update; rollback',
    'copy (select * from customers order by id limit 3) to stdout',
    "select count(*) from customers where email like '%shop%'",
    'select salary from employees order by id limit 3',
    'select * from employees order by id',
    'select name, price from products order by id limit 3 for share',
    "select table_name, column_name, data_type from information_schema.columns where table_schema = 'public' order by 1, ordinal_position",
    'with c as (select * from customers) select id, card_number from c order by id limit 3',
  ];

  test('shows the same as with masks in the statements, to the last byte of the description', async () => {
    const inlined = await withGateway('url: {env: WEAK}', (gateway) => answers(gateway, 'ci', STATEMENTS));
    const prepared = await withGateway(least, (gateway) => answers(gateway, 'ci', STATEMENTS));
    for (const [index, statement] of STATEMENTS.entries()) {
      assert.deepEqual(prepared[index], inlined[index], statement);
    }
    assert.ok(
      prepared.every((seen) => typeof seen !== 'string'),
      JSON.stringify(prepared.filter((seen) => typeof seen === 'string')),
    );
  });

  test('lets nobody past the role: the database itself has nothing open', async () => {
    const checked = await sluice('check', least);
    assert.equal(checked.exit, 0, checked.out);
    const client = new pg.Client({ connectionString: environment().LEAST });
    await client.connect();
    await assert.rejects(client.query('select email from customers'), { code: '42501' });
    await assert.rejects(client.query('select * from customer_directory'), { code: '42501' });
    await assert.rejects(client.query('update customers set name = name returning card_number'), {
      code: '42501',
    });
    assert.equal((await client.query('select id, name from customers limit 1')).rowCount, 1);
    await client.end();
  });

  test('check names what is open of a role that may read everything, in words and as JSON', async () => {
    const checked = await sluice('check', 'url: {env: WEAK}');
    assert.equal(checked.exit, 1);
    assert.match(
      checked.out,
      /^open +column +public\.customers\.email +it is masked, and can be read directly$/m,
    );
    assert.match(checked.said, /enforced by the gateway alone/);
    const json = JSON.parse((await sluice('check', 'url: {env: WEAK}', '--json')).out);
    assert.equal(json.mode, 'zeroFootprint');
    assert.ok(
      json.findings.some((one: { name: string }) => one.name === 'public.payments_2025_07.card_number'),
    );
    assert.equal(json.open, json.findings.filter((one: { state: string }) => one.state === 'open').length);
  });

  test('prepare says the same each time, and nothing of views that fit', async () => {
    const once = await sluice('prepare', least);
    assert.equal(once.exit, 0);
    assert.doesNotMatch(once.out, /CREATE VIEW/);
    assert.doesNotMatch(once.out, new RegExp(PASSWORD));
    assert.equal((await sluice('prepare', least)).out, once.out);
  });

  test('refuses raw columns to those who are exempt, unless there is a login for them', async () => {
    const statements = [
      'select email, card_number from customers where id = 1',
      'select count(*) from products',
    ];
    const refused = await withGateway(least, (gateway) => answers(gateway, 'boss', statements));
    assert.match(String(refused[0]), /public\.customers\.\w+ is not masked for you.*exemptUrl/);
    assert.equal(typeof refused[1], 'object');
    await withGateway(both, async (gateway) => {
      const [seen, , role] = await answers(gateway, 'boss', [...statements, 'select current_user']);
      const { rows } = await admin.query('select email from customers where id = 1');
      assert.deepEqual(rowsOf(seen)?.[0]?.[0], rows[0].email);
      assert.match(String(rowsOf(seen)?.[0]?.[1]), /^••••/);
      assert.deepEqual(rowsOf(role), [['sluice_gateway']]);
      const [masked, others] = await answers(gateway, 'ci', [
        'select email from customers where id = 1',
        'select current_user',
      ]);
      assert.match(String(rowsOf(masked)?.[0]?.[0]), /^•••••@/);
      assert.deepEqual(rowsOf(others), [['sluice_shop']]);
    });
  });

  test('a policy that changes ends the sessions of those who now see more or less', async () => {
    await withGateway(both, async (gateway, told) => {
      const client = await login(gateway, 'boss');
      assert.equal(typeof (await answer(client, 'select email from customers limit 1')), 'object');
      const file = join(policy, 'personal-data.yaml');
      const text = readFileSync(file, 'utf8');
      const inForce = () => told.filter((line) => /is in force/.test(line)).length;
      const before = inForce();
      writeFileSync(file, text.replaceAll('except: { groups: [dba] }', ''));
      await until(() => inForce() > before);
      assert.match(
        String(await answer(client, 'select email from customers limit 1')),
        /What you may see unmasked has changed/,
      );
      const [role] = await answers(gateway, 'boss', ['select current_user']);
      assert.deepEqual(rowsOf(role), [['sluice_shop']]);
      writeFileSync(file, text);
      await until(() => inForce() > before + 1);
    });
  });

  test('what no longer fits its masking view is refused until it is prepared again', async () => {
    const query = 'select * from employees order by id limit 1';
    await withGateway(least, async (gateway) => {
      const client = await login(gateway, 'ci');
      const drifts = [
        'alter table employees add column nickname text',
        'alter table employees rename column salary to wage; alter table employees rename column title to salary',
        'alter table employees rename to former; create table employees (like former)',
      ];
      for (const drift of drifts) {
        await admin.query(drift);
        assert.match(String(await answer(client, query)), /public\.employees .*sluice target prepare/, drift);
        assert.equal((await sluice('check', least)).exit, 1, drift);
        assert.equal((await sluice('prepare', least, '--apply')).exit, 0);
        const seen = await until(async () => {
          const found = await answer(client, query);
          return typeof found === 'object' ? found : false;
        });
        assert.ok(seen, drift);
      }
      await client.end();
    });
  });

  test('a relation with row-level security stays closed, and its other columns are read as they are', async () => {
    await admin.query(
      `create table regional (id int, region text, email text); insert into regional values (1, 'n', 'a@b'), (2, 's', 'c@d');
       alter table regional enable row level security; create policy north on regional using (region = 'n')`,
    );
    const prepared = await sluice('prepare', least, '--apply');
    assert.match(prepared.said, /public\.regional stays closed: it has row-level security/);
    const seen = await withGateway(least, (gateway) =>
      answers(gateway, 'ci', ['select email from regional', 'select id from regional']),
    );
    assert.match(String(seen[0]), /no masking view/);
    assert.match(String(seen[1]), /no masking view/);
  });

  test('a role with too much power is named at the start and by check', async () => {
    await admin.query('alter role sluice_shop bypassrls; grant pg_read_all_data to sluice_shop');
    await withGateway(least, async (_, told) => {
      await until(() => told.some((line) => /BYPASSRLS/.test(line)));
      assert.ok(
        told.some((line) => /pg_read_all_data/.test(line)),
        told.join('\n'),
      );
    });
    assert.match(
      (await sluice('check', least)).out,
      /open +role +sluice_shop +it is a member of pg_read_all_data/,
    );
    assert.equal((await sluice('prepare', least, '--apply')).exit, 0);
    assert.equal((await sluice('check', least)).exit, 0);
  });
});

/** Asks until it holds. */
async function until<T>(holds: () => T | Promise<T>): Promise<T> {
  const late = performance.now() + 20_000;
  while (performance.now() < late) {
    const found = await holds();
    if (found) return found;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  throw new Error('it did not come');
}

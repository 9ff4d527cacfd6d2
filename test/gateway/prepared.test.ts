import assert from 'node:assert/strict';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import pg from 'pg';
import { parseConfig } from '../../gateway/src/config-load.ts';
import { checkPolicy } from '../../gateway/src/core/policy/files/load.ts';
import { type Gateway, startGateway } from '../../gateway/src/main.ts';
import { prepareDatabase } from '../../gateway/src/sql/postgres/prepare/preparation.ts';
import { bootSample, type RunningSample } from '../../sample/boot-sample.ts';

const KEY = 'swordfish-swordfish';
const PASSWORD = 'least-of-all-1';
const POLICY = new URL('../../examples/policy', import.meta.url).pathname;
const SHOP = { name: 'shop', kind: 'postgres', labels: { environment: 'production' } } as const;

/** Everything of an answer that a client can see. */
type Seen = { rows: unknown[][]; fields: unknown[] } | string;

describe('a prepared target', () => {
  let sample: RunningSample;
  let admin: pg.Client;
  const dataDir = mkdtempSync(join(tmpdir(), 'sluice-prepared-'));

  before(async () => {
    sample = await bootSample({ customers: 1000, port: 0 });
    admin = new pg.Client({ connectionString: sample.superuserUrl() });
    await admin.connect();
    const checked = await checkPolicy(POLICY);
    assert.ok(checked.kind === 'compiled');
    const { policy } = checked;
    const { TargetName } = await import('../../gateway/contract/ids.ts');
    const target = { ...SHOP, name: TargetName.parse('shop') };
    await prepareDatabase(async (sql) => (await admin.query(sql)).rows, {
      target: 'shop',
      password: PASSWORD,
      reach: {
        reviewedFunctions: policy.reviewedFunctions(target),
        of: (relation, columns) => policy.reachOf(target, relation, columns),
      },
    });
  });

  after(async () => {
    await admin?.end();
    await sample?.stop();
  });

  async function withGateway<T>(target: string, work: (gateway: Gateway) => Promise<T>): Promise<T> {
    const text = `
listen: {http: 127.0.0.1:0, postgres: 127.0.0.1:0}
dataDir: ${dataDir}
policy: ${POLICY}
identity:
  serviceAccounts:
    - {name: ci, groups: [developers], key: {env: KEY}}
    - {name: boss, groups: [dba], key: {env: KEY}}
targets: [{name: shop, labels: {environment: production}, ${target}}]`;
    const least = sample.postgres.url('shop', 'sluice_shop', PASSWORD);
    const environment = { KEY, WEAK: sample.gatewayUrl(), LEAST: least };
    const config = parseConfig(text, { name: 'test', folder: dataDir }, environment);
    const gateway = await startGateway(config, { tell: (line) => process.env.TELL && console.log(line) });
    try {
      return await work(gateway);
    } finally {
      await gateway.close();
    }
  }

  async function answers(gateway: Gateway, user: string, statements: readonly string[]): Promise<Seen[]> {
    const client = new pg.Client({
      connectionString: `postgres://${user}:${KEY}@${gateway.listening.postgres}/shop`,
    });
    client.on('error', () => undefined);
    await client.connect();
    const seen: Seen[] = [];
    for (const text of statements) {
      try {
        const { rows, fields } = await client.query({ text, rowMode: 'array' });
        seen.push({ rows, fields });
      } catch (error) {
        const { message, detail, hint, code } = error as pg.DatabaseError;
        seen.push([code, message, detail, hint].join(' | '));
      }
    }
    await client.end();
    return seen;
  }

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
    'select name, price from products order by id limit 3 for share',
    'with c as (select * from customers) select id, card_number from c order by id limit 3',
  ];

  test('shows the same as with masks in the statements, to the last byte of the description', async () => {
    const inlined = await withGateway('url: {env: WEAK}', (gateway) => answers(gateway, 'ci', STATEMENTS));
    const prepared = await withGateway('mode: prepared, url: {env: LEAST}', (gateway) =>
      answers(gateway, 'ci', STATEMENTS),
    );
    for (const [index, statement] of STATEMENTS.entries()) {
      assert.deepEqual(prepared[index], inlined[index], statement);
    }
    assert.ok(
      prepared.every((seen) => typeof seen !== 'string'),
      JSON.stringify(prepared.filter((seen) => typeof seen === 'string')),
    );
  });
});

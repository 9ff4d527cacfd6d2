import assert from 'node:assert/strict';
import { once } from 'node:events';
import { after, before, describe, it } from 'node:test';
import { Client, Pool } from 'pg';
import postgres from 'postgres';
import { Backends } from './lab/backends.ts';
import { bootLab, type Lab, type Route, urlOf } from './lab/lab.ts';

const ROWS = `select id, name, tags, notes, birth_date, created_at from customers order by id limit 50`;

describe('node-postgres', () => {
  let lab: Lab;
  before(async () => {
    lab = await bootLab();
  });
  after(() => lab?.stop());

  async function withClient<Result>(route: Route, use: (client: Client) => Promise<Result>): Promise<Result> {
    const client = new Client({ connectionString: urlOf(route) });
    await client.connect();
    try {
      return await use(client);
    } finally {
      await client.end();
    }
  }

  it('gets the same rows, fields and counts', async () => {
    const program = (client: Client) =>
      Promise.all([
        client.query(ROWS),
        client.query({ text: ROWS, rowMode: 'array' }),
        client.query('select $1::int + $2::int as sum, $3::text[] as list', [1, 2, ['a', 'ä']]),
        client.query({ name: 'by-id', text: 'select * from orders where id = $1', values: [3] }),
        client.query({ name: 'by-id', text: 'select * from orders where id = $1', values: [4] }),
      ]).then((results) =>
        results.map(({ rows, fields, rowCount, command }) => ({ rows, fields, rowCount, command })),
      );
    const direct = await withClient(lab.direct('shop'), program);
    assert.deepEqual(await withClient(lab.through('shop'), program), direct);
  });

  it('gets the same errors, and goes on after them', async () => {
    const program = async (client: Client) => {
      const seen: unknown[] = [];
      for (const text of [
        'select 1/0',
        'selec 1',
        'select 1 from (values (1)) v (a) where a = 1/(a-1)',
        'select 1 as one',
      ]) {
        const outcome = await client.query(text).then(
          ({ rows }) => rows,
          (error: { code: string; message: string; position?: string }) => [
            error.code,
            error.message,
            error.position,
          ],
        );
        seen.push(outcome);
      }
      return seen;
    };
    const direct = await withClient(lab.direct('shop'), program);
    const through = await withClient(lab.through('shop'), program);
    // What does not parse is refused by the gateway in its own words, with the server's code.
    assert.deepEqual([through[0], through[2], through[3]], [direct[0], direct[2], direct[3]]);
    assert.equal(Array.isArray(through[1]) && through[1][0], '42601');
  });

  it('listens and notifies', async () => {
    await withClient(lab.through('scratch'), async (client) => {
      await client.query('listen news');
      const told = once(client, 'notification');
      await client.query("notify news, 'hello'");
      const [message] = await told;
      assert.deepEqual([message.channel, message.payload], ['news', 'hello']);
    });
  });

  it('keeps a pool busy', async () => {
    const pool = new Pool({ connectionString: urlOf(lab.through('scratch')), max: 8 });
    const numbers = Array.from({ length: 200 }, (_, index) => index);
    const sums = await Promise.all(numbers.map((n) => pool.query<{ n: number }>('select $1::int as n', [n])));
    assert.deepEqual(
      sums.map(({ rows }) => rows[0]?.n),
      numbers,
    );
    await pool.end();
  });
});

describe('postgres.js', () => {
  let lab: Lab;
  before(async () => {
    lab = await bootLab();
  });
  after(() => lab?.stop());

  async function withSql<Result>(route: Route, use: (sql: postgres.Sql) => Promise<Result>): Promise<Result> {
    const sql = postgres(urlOf(route), { max: 3, onnotice: () => undefined });
    try {
      return await use(sql);
    } finally {
      await sql.end();
    }
  }

  it('gets the same rows, pipelined and prepared', async () => {
    const program = async (sql: postgres.Sql) => {
      const all = await Promise.all(
        [1, 2, 3, 4, 5].map((id) => sql`select id, name, notes, created_at from customers where id = ${id}`),
      );
      const one = await sql.unsafe(ROWS);
      return JSON.parse(JSON.stringify([all, one]));
    };
    const direct = await withSql(lab.direct('shop'), program);
    assert.deepEqual(await withSql(lab.through('shop'), program), direct);
  });

  it('runs transactions, cursors and COPY', async () => {
    await withSql(lab.through('scratch'), async (sql) => {
      const count = await sql.begin(async (transaction) => {
        await transaction`create table driven (id int, name text)`;
        const rows = [
          { id: 1, name: 'a' },
          { id: 2, name: 'b' },
        ];
        await transaction`insert into driven ${transaction(rows)}`;
        const sink = await transaction`copy driven from stdin`.writable();
        sink.end('3\tc\n4\td\n');
        await once(sink, 'finish');
        const found = await transaction<{ count: number }[]>`select count(*)::int as count from driven`;
        return found[0]?.count;
      });
      assert.equal(count, 4);
      const seen: number[] = [];
      for await (const rows of sql<{ id: number }[]>`select id from driven order by id`.cursor(2)) {
        seen.push(...rows.map(({ id }) => id));
      }
      assert.deepEqual(seen, [1, 2, 3, 4]);
      await sql`drop table driven`;
    });
  });

  it('cancels a query', async () => {
    const backends = await Backends.watch(lab);
    await withSql(lab.through('scratch'), async (sql) => {
      const sleeping = sql`select pg_sleep(600)`;
      const ended = assert.rejects(sleeping.execute(), { code: '57014' });
      // A server forgets a cancel that comes before what it is meant for.
      while (!(await backends.of('postgres.js')).some(({ waitEvent }) => waitEvent === 'PgSleep'));
      sleeping.cancel();
      await ended;
    });
    await backends.close();
  });
});

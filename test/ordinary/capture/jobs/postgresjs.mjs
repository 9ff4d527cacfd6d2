import { createRequire } from 'node:module';

const require = createRequire(`${process.env.CAPTURE_TOOLS}/package.json`);
const sql = require('postgres')(process.env.DATABASE_URL, { max: 1, onnotice: () => undefined });

await sql`select id, name, email from customers where id = ${7}`;
await sql`select * from customers where region in ${sql(['north', 'east'])} order by id limit ${3}`;
await sql`select id, ${sql(['name', 'region'])} from customers order by id limit 2`;
await sql`create table todos (id serial primary key, label text not null, email text unique, data jsonb, done boolean default false, at timestamptz default now())`;
await sql`insert into todos ${sql({ label: 'a', email: 'p@example.com', data: { a: 1 } })} returning *`;
await sql`insert into todos ${sql([
  { label: 'b', done: true },
  { label: 'c', done: false },
])} returning id`;
await sql`insert into todos (label, email) values ('d', 'p@example.com') on conflict (email) do update set label = excluded.label returning id`;
await sql`update todos set ${sql({ label: 'z', done: true })} where id = ${1} returning *`;
await sql`select * from todos where data @> ${{ a: 1 }} order by id`;
await sql`select * from todos where id = any(${[1, 2]}) order by id`;
await sql`select count(*) from todos where at < ${new Date('2099-01-01')}`;
await sql.begin(async (inner) => {
  await inner`select * from todos where id = 1 for update`;
  await inner
    .savepoint(async (deep) => {
      await deep`delete from todos`;
      throw new Error('back');
    })
    .catch(() => undefined);
});
await sql.begin('read only', (inner) => inner`select 1 as x`);
await sql`select id from orders order by id limit 40`.cursor(15, () => undefined);
await sql.unsafe('select 1 as a; select 2 as b');
await sql`select name from customers where id = 3`.describe();
await sql`select ${'text'}::text as t, ${3}::int as i, ${true}::bool as b, ${null}::date as d`;
await sql`drop table todos`;
await sql.end();

import type { FrontendMessage } from '../../../gateway/src/wire/postgres/index.ts';
import { encode } from '../../../gateway/src/wire/postgres/index.ts';

/** What a client sends in one go, and how many ReadyForQuery it then waits for. */
export type Turn = { send: Buffer; ready: number };
export type Conversation = { name: string; turns: readonly Turn[] };

const turn = (...messages: FrontendMessage[]): Turn => ({
  send: Buffer.concat(messages.map(encode)),
  ready: messages.filter(({ type }) => type === 'query' || type === 'sync').length,
});
const query = (text: string): FrontendMessage => ({ type: 'query', query: text });
const sync: FrontendMessage = { type: 'sync' };
const parse = (statement: string, text: string, parameterTypes: number[] = []): FrontendMessage => ({
  type: 'parse',
  statement,
  query: text,
  parameterTypes,
});
const bind = (
  statement: string,
  values: (string | null)[] = [],
  { portal = '', binary = false }: { portal?: string; binary?: boolean } = {},
): FrontendMessage => ({
  type: 'bind',
  portal,
  statement,
  parameterFormats: [],
  parameters: values.map((value) => (value === null ? null : Buffer.from(value))),
  resultFormats: binary ? [1] : [],
});
const describe = (object: 'statement' | 'portal', name = ''): FrontendMessage => ({
  type: 'describe',
  object,
  name,
});
const execute = (portal = '', maxRows = 0): FrontendMessage => ({ type: 'execute', portal, maxRows });
const close = (object: 'statement' | 'portal', name: string): FrontendMessage => ({
  type: 'close',
  object,
  name,
});
const copyData = (text: string): FrontendMessage => ({ type: 'copyData', data: Buffer.from(text) });

/** What must stand in `scratch` before: its OID must be the same for both ways. */
export const SCRATCH_TABLES = 'create table wire_rows (id int primary key, name text, born date)';

/** On the database `scratch`. */
export const SCRATCH: readonly Conversation[] = [
  {
    name: 'simple queries of every shape',
    turns: [
      turn(query("select 1 as one, null::text, 'ä'::text, array[1,2], 1.50::numeric")),
      turn(query('')),
      turn(query(' ; ; -- nothing\n')),
      turn(query('select 1; select 2; select 3')),
      turn(query('select; select 1 where false')),
      turn(query("select generate_series(1, 1000), repeat('x', 100)")),
      turn(query('show standard_conforming_strings')),
    ],
  },
  {
    name: 'definitions',
    turns: [
      turn(query('drop table if exists wire_made')),
      turn(query('create table wire_made (id int primary key, name text)')),
      turn(query("create index wire_made_name on wire_made (name); comment on table wire_made is 'rows'")),
      turn(query('alter table wire_made add column born date, alter name set not null')),
      turn(query('create view wire_view as select id from wire_made; drop view wire_view')),
      turn(query('create table wire_made (id int)')),
      turn(query('truncate wire_made')),
      turn(query('drop table wire_made')),
    ],
  },
  {
    name: 'writes and command tags',
    turns: [
      turn(query('begin')),
      turn(query("insert into wire_rows values (1, 'Ana', '1990-01-02'), (2, null, null)")),
      turn(query("insert into wire_rows values (3, 'x', null) returning *")),
      turn(query("update wire_rows set name = 'Bo' where id = 2 returning id, upper(name)")),
      turn(query('delete from wire_rows where id > 100')),
      turn(query('merge into wire_rows w using (values (1)) v (id) on w.id = v.id when matched then delete')),
      turn(query('select * from wire_rows order by id')),
      turn(query('with gone as (delete from wire_rows returning id) select count(*) from gone')),
      turn(
        parse('', 'insert into wire_rows (id, name) values ($1, $2)'),
        ...['7', '8', '9'].flatMap((id) => [bind('', [id, 'many']), execute()]),
        sync,
      ),
      turn(query("insert into wire_rows values (7, 'again', null)")),
      turn(query('rollback')),
    ],
  },
  {
    name: 'errors',
    turns: [
      turn(query('select 1/0')),
      turn(query('select 1; select 1/0; select 3')),
      turn(query('select * from generate_series(1,3) as g where g/(g-2) = 1')),
      turn(query("select 'a'::int")),
    ],
  },
  {
    name: 'transactions',
    turns: [
      turn(query('begin')),
      turn(query('select 1')),
      turn(query('savepoint a')),
      turn(query('select 1/0')),
      turn(query('select 1')),
      turn(query('rollback to a')),
      turn(query('commit')),
      turn(query('begin isolation level serializable read only; select 1; commit')),
      turn(query('begin; select 1/0; commit')),
      turn(query('rollback')),
      turn(query('commit')),
    ],
  },
  {
    name: 'the extended protocol',
    turns: [
      turn(parse('', 'select $1::int + 1 as next'), bind('', ['41']), describe('portal'), execute(), sync),
      turn(parse('named', 'select $1::text, $2::int4'), describe('statement', 'named'), sync),
      turn(bind('named', ['x', null]), execute(), sync),
      turn(bind('named', ['y', '7'], { binary: true }), describe('portal'), execute(), sync),
      turn(close('statement', 'named'), sync),
      turn(bind('named', ['x', null]), execute(), sync),
      turn(close('statement', 'never there'), close('portal', 'never there'), sync),
      turn(parse('', ''), bind(''), describe('portal'), execute(), sync),
      turn(parse('', 'select'), bind(''), describe('portal'), execute(), sync),
      turn(sync),
      turn({ type: 'flush' }, sync, sync),
    ],
  },
  {
    name: 'partial fetches and portals',
    turns: [
      turn(query('begin')),
      turn(
        parse('', 'select generate_series(1, 10)'),
        bind('', [], { portal: 'p' }),
        describe('portal', 'p'),
      ),
      turn(execute('p', 3), execute('p', 3), sync),
      turn(execute('p', 0), execute('p', 0), sync),
      turn(close('portal', 'p'), sync),
      turn(execute('p'), sync),
      turn(query('rollback')),
    ],
  },
  {
    name: 'pipelines, with an error in the middle',
    turns: [
      turn(
        ...[1, 2, 3].flatMap((value) => [
          parse('', 'select $1::int'),
          bind('', [String(value)]),
          describe('portal'),
          execute(),
        ]),
        sync,
      ),
      turn(
        parse('', 'select 1'),
        bind(''),
        execute(),
        parse('', 'select 1/0'),
        bind(''),
        execute(),
        parse('', 'select 3'),
        bind(''),
        execute(),
        sync,
        parse('', 'select 4'),
        bind(''),
        execute(),
        sync,
      ),
      turn(
        query('select 1'),
        query('select 2'),
        parse('', 'select 3'),
        bind(''),
        execute(),
        sync,
        query('select 4'),
      ),
      turn(parse('a', 'select 1'), parse('a', 'select 2'), sync),
      turn(close('statement', 'a'), sync),
    ],
  },
  {
    name: 'COPY both ways',
    turns: [
      turn(query('drop table if exists wire_copied; create table wire_copied (id int, name text)')),
      { send: encode(query('copy wire_copied from stdin')), ready: 0 },
      {
        send: Buffer.concat(
          [copyData('1\tAna\n2\t'), copyData('Bo\n'), { type: 'copyDone' as const }].map(encode),
        ),
        ready: 1,
      },
      { send: encode(query('copy wire_copied from stdin (format csv)')), ready: 0 },
      {
        send: Buffer.concat([encode(copyData('3,Cy\n')), encode({ type: 'copyFail', reason: 'no more' })]),
        ready: 1,
      },
      { send: encode(query('copy wire_copied from stdin')), ready: 0 },
      {
        send: Buffer.concat([encode(copyData('not a number\tx\n')), encode({ type: 'copyDone' })]),
        ready: 1,
      },
      turn(query('copy wire_copied to stdout')),
      turn(query("copy (select generate_series(1, 500), repeat('y', 50)) to stdout (format csv, header)")),
      turn(query('copy wire_copied to stdout (format binary)')),
      turn(query('copy wire_copied to stdout; select 1')),
      turn(query('drop table wire_copied')),
    ],
  },
  {
    name: 'cursors',
    turns: [
      turn(query('begin; declare c cursor for select generate_series(1, 10)')),
      turn(query('fetch 3 from c')),
      turn(query('move 2 in c')),
      turn(query('fetch all from c')),
      turn(query('close c')),
      turn(query('commit')),
    ],
  },
  {
    name: 'settings and parameter status',
    turns: [
      turn(query("set application_name = 'wire'")),
      turn(query('show application_name')),
      turn(query("set time zone 'Europe/Madrid'")),
      turn(query("set datestyle = 'ISO, DMY'")),
      turn(query("begin; set local time zone 'UTC'; commit")),
      turn(query('reset time zone')),
      turn(query('set search_path = public')),
      turn(query('select current_schema, current_user')),
    ],
  },
  {
    name: 'SQL-level PREPARE',
    turns: [
      turn(query('prepare q(int) as select $1 + 1')),
      turn(query('execute q(1)')),
      turn(query('deallocate q')),
      turn(query('deallocate all')),
    ],
  },
  {
    name: 'notices',
    turns: [
      turn(query('drop table if exists never_there')),
      turn(query('rollback')),
      turn(query('begin; begin; rollback')),
    ],
  },
  {
    name: 'EXPLAIN and types',
    turns: [
      turn(query('explain (costs off) select 1')),
      turn(
        query(
          "select 'infinity'::timestamp, '\\xdead'::bytea, '{\"a\":[1]}'::jsonb, 'NaN'::float8, '1 day'::interval",
        ),
      ),
      turn(
        parse('', "select '\\xdead'::bytea, 1.5::float8, 12.25::numeric"),
        bind('', [], { binary: true }),
        execute(),
        sync,
      ),
    ],
  },
];

/** On the shop, reading only. */
export const SHOP: readonly Conversation[] = [
  {
    name: 'rows of the shop',
    turns: [
      turn(query('select * from customers order by id')),
      turn(query('select * from products order by id')),
      turn(query('select * from orders order by id')),
      turn(query('select * from rich_orders order by id limit 100')),
      turn(query('select * from monthly_sales order by 1, 2')),
      turn(query('select region, count(*) from customers group by 1 order by 1')),
      turn(query('copy (select * from order_items order by 1, 2) to stdout')),
      turn(
        parse('', 'select * from customers where id = $1'),
        bind('', ['7'], { binary: true }),
        describe('portal'),
        execute(),
        sync,
      ),
    ],
  },
];

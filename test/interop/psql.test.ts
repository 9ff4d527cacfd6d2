import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { Backends } from './lab/backends.ts';
import { eventually } from './lab/eventually.ts';
import { bootLab, type Lab } from './lab/lab.ts';
import { psql, runClient } from './lab/run-client.ts';

/** psql's describing commands; `+` and `S` variants where they ask the server something else. */
const DESCRIBE = [
  '\\d',
  '\\d+',
  '\\d customers',
  '\\d+ customers',
  '\\d payments',
  '\\d+ payments',
  '\\d rich_orders',
  '\\d+ rich_orders',
  '\\d monthly_sales',
  '\\d customers_email',
  '\\d customers_id_seq',
  '\\dA',
  '\\dAc',
  '\\dAf',
  '\\dAo btree',
  '\\dAp btree',
  '\\da',
  '\\db',
  '\\dc',
  '\\dC',
  '\\dconfig work_mem',
  '\\dd',
  '\\dD',
  '\\ddp',
  '\\dE',
  '\\des',
  '\\det',
  '\\deu',
  '\\dew',
  '\\df',
  '\\df+',
  '\\dF',
  '\\dFd',
  '\\dFp',
  '\\dFt',
  '\\dg',
  '\\di',
  '\\di+',
  '\\dl',
  '\\dL',
  '\\dm',
  '\\dn',
  '\\dn+',
  '\\dO',
  '\\dp',
  '\\dP',
  '\\drds',
  '\\dRp',
  '\\dRs',
  '\\ds',
  '\\dt',
  '\\dt+',
  '\\dtS pg_class',
  '\\dT',
  '\\dT+',
  '\\du',
  '\\dv',
  '\\dv+',
  '\\dx',
  '\\dX',
  '\\dy',
  '\\l',
  '\\sf order_total',
  '\\sv rich_orders',
  '\\z',
];

describe('psql', () => {
  let lab: Lab;
  let folder: string;
  before(async () => {
    // Debian's psql is version 15: newer servers no longer have all that its describing commands ask for.
    lab = await bootLab({ version: 15 });
    folder = mkdtempSync(join(tmpdir(), 'sluice-psql-'));
  });
  after(async () => {
    await lab?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  it('describes everything as it does without the gateway', async () => {
    const script = DESCRIBE.map((command) => `\\echo ${command}\n${command}\n`).join('');
    const direct = await psql(lab.direct('shop'), script);
    const through = await psql(lab.through('shop'), script);
    assert.doesNotMatch(direct.stderr, /ERROR/);
    assert.equal(through.stderr, direct.stderr);
    assert.equal(through.stdout, direct.stdout);
    assert.ok(direct.stdout.length > 10_000);
  });

  it('copies from and to files', async () => {
    const [input, output] = [join(folder, 'in.csv'), join(folder, 'out.csv')];
    const rows = Array.from({ length: 20_000 }, (_, index) => `${index},name ${index}\n`).join('');
    writeFileSync(input, rows);
    const script = `
      create table copied (id int, name text);
      \\copy copied from '${input}' (format csv)
      \\copy (select * from copied order by id) to '${output}' (format csv)
      drop table copied;
    `;
    const end = await psql(lab.through('scratch'), script);
    assert.deepEqual(end, {
      code: 0,
      stdout: 'CREATE TABLE\nCOPY 20000\nCOPY 20000\nDROP TABLE\n',
      stderr: '',
    });
    assert.equal(readFileSync(output, 'utf8'), rows);
  });

  it('watches until it is interrupted', async () => {
    const argv: [string, ...string[]] = ['psql', '-X', '-At', '-f', '-'];
    const end = await runClient(lab.through('scratch'), argv, {
      stdin: "select 'tick' \\watch 0.05\n",
      interruptAfter: /(tick[\s\S]*){3}/,
    });
    assert.match(end.stdout, /(tick[\s\S]*){3}/);
    // psql says so when it was interrupted while a statement ran, and not between two.
    assert.ok(['', 'Cancel request sent\n'].includes(end.stderr), end.stderr);
  });

  it('cancels with ctrl-C what would sleep for ten minutes', async () => {
    const backends = await Backends.watch(lab);
    const sleeps = async () => (await backends.of('ctrl-c')).some(({ waitEvent }) => waitEvent === 'PgSleep');
    const end = await runClient(lab.through('scratch'), ['psql', '-X', '-Atc', 'select pg_sleep(600)'], {
      env: { PGAPPNAME: 'ctrl-c' },
      interruptWhen: () => eventually('it sleeps', sleeps),
    });
    await backends.close();
    assert.match(end.stderr, /Cancel request sent/);
  });

  it('sends several statements, variables and \\gexec, \\gset, \\bind-less parameters', async () => {
    const script = `
      select 1 as one \\gset
      select :one + 1;
      select format('select %s', n) from generate_series(1, 3) as n \\gexec
      begin; select 2; commit;
      \\conninfo
    `;
    const end = await psql(lab.through('scratch'), script);
    assert.equal(end.stderr, '');
    assert.match(end.stdout, /connected to database "scratch" as user "interop"/);
  });

  it('speaks TLS, with the certificate verified and bound', async () => {
    assert.ok(existsSync(lab.gateway.caFile), 'the authority is written down for clients');
    const end = await runClient(
      lab.through('scratch'),
      ['psql', '-X', '-Atc', 'select 1', '-c', '\\conninfo'],
      {
        sslMode: 'verify-full',
        env: { PGSSLROOTCERT: lab.gateway.caFile, PGCHANNELBINDING: 'require' },
      },
    );
    assert.equal(end.stderr, '');
    assert.match(end.stdout, /^1\n[\s\S]*SSL connection/);
  });

  it('shows masked values, and never the raw ones', async () => {
    const email = 'select email from customers order by id limit 5';
    const raw = (await psql(lab.direct('shop'), `\\t on\n${email};`)).stdout.trim().split(/\s+/).slice(3);
    const masked = await psql(lab.through('masked'), `\\t on\n${email};\nselect * from customers;`);
    assert.equal(masked.stderr, '');
    for (const value of raw) assert.ok(!masked.stdout.includes(value), value);
  });

  it('is told in words why it may not come in', async () => {
    const route = lab.through('scratch');
    const wrongPassword = await psql({ ...route, password: 'wrong' }, 'select 1');
    const unknownUser = await psql({ ...route, user: 'nobody' }, 'select 1');
    const unknownTarget = await psql({ ...route, database: 'nowhere' }, 'select 1');
    assert.equal(wrongPassword.code, 2);
    assert.match(wrongPassword.stderr, /FATAL/);
    assert.equal(
      unknownUser.stderr.replaceAll('nobody', 'interop'),
      wrongPassword.stderr,
      'who exists is not told',
    );
    assert.match(unknownTarget.stderr, /FATAL.*nowhere/);
    const replication = await runClient(route, ['psql', '-X', 'replication=true', '-c', 'IDENTIFY_SYSTEM']);
    assert.notEqual(replication.code, 0);
    assert.match(replication.stderr, /FATAL.*replication/i);
  });
});

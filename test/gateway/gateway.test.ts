import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, before, test } from 'node:test';
import { Client } from 'pg';
import { ConnectCredential, endpoints } from '../../gateway/contract/endpoints.ts';
import { Channel, type GovernedShop, governedShop, Person, SERVICE_KEY } from './gateway.fixture.ts';

let shop: GovernedShop;
before(async () => {
  shop = await governedShop();
});
after(() => shop.close());

const ana = () => new Person('ana@shop.example', shop.gateway);

async function ask(path: string, token: string, body?: unknown): Promise<unknown> {
  const response = await fetch(shop.gateway.url + path, {
    method: body === undefined ? 'GET' : 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  assert.equal(response.status, 200);
  return response.json();
}

async function postgres(user: string, password: string, ca: string): Promise<Client> {
  const [host = '', port = ''] = shop.gateway.listening.postgres.split(':');
  const client = new Client({ host, port: Number(port), user, password, database: 'shop', ssl: { ca } });
  await client.connect();
  return client;
}

test('a developer sees what the policy will do, runs it, and sees masked cells that say why', async () => {
  const token = await ana().token();
  const preview = endpoints.verdicts.reply.parse(
    await ask('/v1/targets/shop/verdicts', token, { text: 'select id, email from customers' }),
  );
  assert.equal(preview.verdicts[0]?.decision.outcome, 'mask');
  const channel = new Channel(shop.gateway, token);
  const { events, rows } = await channel.run('select id, email from customers order by id limit 2');
  const columns = events.find((event) => event.type === 'columns');
  assert.deepEqual(
    columns?.columns.map(({ name, masked }) => [name, masked !== null]),
    [
      ['id', false],
      ['email', true],
    ],
  );
  assert.match(rows[0]?.[1] ?? '', /•.*@/);
  channel.socket.close();
});

test('the explorer shows the target with its masks', async () => {
  const token = await ana().token();
  const { targets } = endpoints.targets.reply.parse(await ask('/v1/targets', token));
  assert.deepEqual(
    targets.map(({ name }) => name),
    ['shop'],
  );
  const catalogue = endpoints.catalogue.reply.parse(await ask('/v1/targets/shop/catalogue', token));
  const customers = catalogue.schemas
    .flatMap(({ relations }) => relations)
    .find(({ name }) => name === 'customers');
  assert.ok(customers?.columns.find(({ name }) => name === 'email')?.masked);
  assert.equal(customers?.columns.find(({ name }) => name === 'id')?.masked, null);
});

test('a service account logs in over the wire with its name and key, and another key does not', async () => {
  const ca = readFileSync(`${shop.dataDir}/certificates/authority.crt`, 'utf8');
  const client = await postgres('ci', SERVICE_KEY, ca);
  const { rows } = await client.query('select email from customers limit 1');
  assert.match(rows[0].email, /•/);
  await client.end();
  await assert.rejects(postgres('ci', 'another-key', ca), { code: '28P01' });
});

test('sluice connect signs in, keeps the sign-in, and prints a connection string that works', async () => {
  const person = ana();
  const first = await person.sluice(['connect', 'shop', '--json']);
  assert.equal(first.exit, 0, person.said.join('\n'));
  const credential = ConnectCredential.parse(JSON.parse(first.out));
  const client = await postgres(credential.user, credential.password, credential.caCertificate);
  assert.deepEqual((await client.query('select 1 as one')).rows, [{ one: 1 }]);
  await client.end();
  const askedBefore = person.said.filter((line) => line.startsWith('To sign in')).length;
  assert.equal((await person.sluice(['targets'])).out, 'shop\tpostgres\tenvironment=production');
  const second = await person.sluice(['connect', 'shop']);
  assert.match(second.out, /^postgres:\/\/ana-[0-9a-f]+:.+@127\.0\.0\.1:\d+\/shop\?sslmode=verify-full/);
  assert.equal(person.said.filter((line) => line.startsWith('To sign in')).length, askedBefore);
});

test('sluice connect --listen opens a port that asks for its password and leads to the target', async () => {
  const person = ana();
  const stop = Promise.withResolvers<void>();
  const opened = Promise.withResolvers<string>();
  const command = person.sluice(['connect', 'shop', '--listen', '0'], opened.resolve, stop.promise);
  const connectionString = await Promise.race([opened.promise, command.then(() => person.said.join('\n'))]);
  const client = new Client({ connectionString });
  await client.connect();
  const { rows } = await client.query('select email from customers limit 1');
  assert.match(rows[0].email, /•/);
  await client.end();
  const stranger = new Client({ connectionString: connectionString.replace(/:[^:@]+@/, ':guess@') });
  await assert.rejects(stranger.connect(), { code: '28P01' });
  stop.resolve();
  assert.equal((await command).exit, 0);
});

test('signing out ends the sessions over the wire, and their credential', async () => {
  const person = ana();
  const credential = ConnectCredential.parse(
    JSON.parse((await person.sluice(['connect', 'shop', '--json'])).out),
  );
  const client = await postgres(credential.user, credential.password, credential.caCertificate);
  const told = new Promise<Error>((resolve) => client.on('error', resolve));
  assert.equal((await person.sluice(['logout'])).exit, 0);
  assert.match((await told).message, /Your access to this target has ended/);
  await assert.rejects(postgres(credential.user, credential.password, credential.caCertificate), {
    code: '28P01',
  });
});

test("records: a developer reads their own, an auditor everybody's", async () => {
  const anaToken = await ana().token();
  const channel = new Channel(shop.gateway, anaToken);
  await channel.run("select 'a mark of ana'");
  channel.socket.close();
  const audreyToken = await new Person('audrey@shop.example', shop.gateway).token();
  const statements = async (token: string) => {
    const reply = endpoints.records.reply.parse(await ask('/v1/records?limit=500', token));
    return reply.records.map(({ statement }) => statement);
  };
  assert.ok((await statements(anaToken)).includes("select 'a mark of ana'"));
  assert.ok((await statements(audreyToken)).includes("select 'a mark of ana'"));
  const danaToken = await new Person('dana@shop.example', shop.gateway).token();
  assert.equal((await statements(danaToken)).includes("select 'a mark of ana'"), false);
});

test('cancel cancels on the server, and the channel goes on', async () => {
  const channel = new Channel(shop.gateway, await ana().token());
  const { events } = await channel.run('select a.id from customers a, customers b, customers c', (query) =>
    channel.send({ type: 'cancel', query }),
  );
  assert.equal(events.find((event) => event.type === 'ended')?.status, 'cancelled');
  const { rows } = await channel.run('select 1');
  assert.deepEqual(rows, [['1']]);
  channel.socket.close();
});

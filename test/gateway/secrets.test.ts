import assert from 'node:assert/strict';
import { cpSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { test } from 'node:test';
import { Client } from 'pg';
import { ConnectCredential } from '../../gateway/contract/endpoints.ts';
import { Channel, type GovernedShop, governedShop, Person, SERVICE_KEY } from './gateway.fixture.ts';

/**
 * Nothing that the gateway writes holds a secret: neither what it signs in with, nor what people sign in with, nor what
 * it masked, nor the constants of statements where the policy leaves them out.
 */

const EXAMPLE_POLICY = new URL('../../examples/policy', import.meta.url).pathname;
const WRITTEN = 'written-into-a-statement-4242';

const CARD = '4111111111111111';

/** The example policy, without constants in records, and with a detector. */
function policyFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'sluice-policy-'));
  cpSync(EXAMPLE_POLICY, folder, { recursive: true });
  writeFileSync(
    join(folder, 'records.yaml'),
    `version: 1
record: { constants: hide }
rules:
  - id: no-cards-anywhere
    owner: data-protection@shop.example
    who: everyone
    on: { targets: [shop] }
    then: { detect: [cards] }
    because: Cards stand where nobody expects them.
`,
  );
  return folder;
}

/** Values of masked columns as they are in the database, by what they are; makes a table that a detector looks into. */
async function maskedValues(shop: GovernedShop): Promise<Map<string, string>> {
  const direct = new Client({ connectionString: shop.sample.superuserUrl() });
  await direct.connect();
  const { rows } = await direct.query<Record<string, string>>(
    `select id, email, card_number, national_id, phone from customers
     where email <> '' and card_number <> '' and national_id <> '' and phone <> '' order by id limit 20`,
  );
  await direct.query(
    `create table remarks as select 'paid with ${CARD}' as body; grant select on remarks to public`,
  );
  await direct.end();
  const columns = ['email', 'card_number', 'national_id', 'phone'];
  return new Map(
    rows.flatMap((row) => columns.map((column) => [`${column} of customer ${row.id}`, row[column] ?? ''])),
  );
}

/** Statements that touch what is masked in every way that gives an answer, a notice or an error. */
const STATEMENTS = [
  'select id, email, card_number, national_id, phone, notes from customers order by id limit 50',
  `select count(*) from customers where name = '${WRITTEN}'`,
  'select cast(email as int) from customers limit 1',
  `select cast('${WRITTEN}' as int)`,
  `selec '${WRITTEN}'`,
  `select id from customers '${WRITTEN}'`,
  `set application_name = '${WRITTEN}'`,
  'explain analyze select email from customers where id < 20',
  'select body from remarks',
  `prepare one(text) as select id from customers where name = $1`,
  `execute one('${WRITTEN}')`,
];

async function useIt(shop: GovernedShop): Promise<Map<string, string>> {
  const ana = await new Person('ana@shop.example', shop.gateway).token();
  const headers = { authorization: `Bearer ${ana}`, 'content-type': 'application/json' };
  const channel = new Channel(shop.gateway, ana);
  for (const statement of STATEMENTS) await channel.run(statement);
  const minted = await fetch(`${shop.gateway.url}/v1/targets/shop/credentials`, {
    method: 'POST',
    headers,
    body: '{}',
  });
  const credential = ConnectCredential.parse(await minted.json());
  const [host = '', port = ''] = shop.gateway.listening.postgres.split(':');
  const address = { host, port: Number(port), database: 'shop' };
  const client = new Client({ ...address, user: credential.user, password: credential.password });
  await client.connect();
  for (const statement of STATEMENTS) await client.query(statement).catch(() => undefined);
  await client.query('select id from customers where name = $1', [WRITTEN]);
  await client.end();
  const guessing = new Client({ ...address, user: 'ci', password: 'a-guessed-password-77' });
  await guessing.connect().catch(() => undefined);
  channel.socket.close();
  return new Map([
    ['an access token', ana],
    ["a credential's password", credential.password],
    ['a guessed password', 'a-guessed-password-77'],
  ]);
}

/** How bytes may stand in a file: as text, in the forms that programs write them in, within base64 at each place. */
function formsOf(secret: string): Buffer[] {
  const bytes = Buffer.from(secret);
  const within = [0, 1, 2].map((pad) => {
    const text = Buffer.concat([Buffer.alloc(pad), bytes]).toString('base64');
    return Buffer.from(text.slice(pad === 0 ? 0 : 4, -4));
  });
  return [bytes, Buffer.from(secret, 'utf16le'), Buffer.from(bytes.toString('hex')), ...within];
}

test('nothing that a gateway wrote holds a secret', async (context) => {
  const shop = await governedShop('', policyFolder());
  let isOpen = true;
  const close = async () => {
    if (isOpen) await shop.close();
    isOpen = false;
  };
  context.after(close);
  const secrets = new Map([
    ...(await maskedValues(shop)),
    ['the key of a service account', SERVICE_KEY],
    ["the target's password", shop.sample.gatewayPassword],
    ['a constant of a statement', WRITTEN],
    ['a card that a detector found', CARD],
    ...(await useIt(shop)),
  ]);
  await close();
  const files = readdirSync(shop.dataDir, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name));
  const found: string[] = [];
  for (const file of files) {
    const bytes = readFileSync(file);
    for (const [what, secret] of secrets) {
      if (formsOf(secret).some((form) => bytes.includes(form))) {
        found.push(`${what} in ${relative(shop.dataDir, file)}`);
      }
    }
  }
  assert.deepEqual(found, []);
  // What was looked into is what was written: answers stand in it, with their masks.
  const log = readFileSync(join(shop.dataDir, 'sluice.db'));
  assert.ok(files.length > 5, files.join());
  for (const written of ['"isCut":', 'select count(*) from customers', 'paid with [card]']) {
    assert.ok(log.includes(Buffer.from(written)), written);
  }
});

import assert from 'node:assert/strict';
import { appendFileSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { test } from 'node:test';
import { Client } from 'pg';
import { z } from 'zod';
import type { RunningSample } from '../../sample/boot-sample.ts';
import { LEDGER, writtenFolder } from '../../scripts/test/written.ts';
import { Channel, governedShop, Person } from '../gateway/gateway.fixture.ts';
import { filesBelow } from './contents.ts';
import type { Secret } from './finder.ts';
import { sweep } from './sweep.ts';

/**
 * After everything else: nothing that the gateways and editors of this run wrote holds a secret. Alone, it looks into
 * what its own gateway wrote.
 */

const MASKED = ['email', 'card_number', 'national_id', 'phone'];
const CUSTOMERS = 1000;

/** What the shop masks, as it stands in the database. A shop of any size begins with the same customers. */
async function maskedValues(sample: RunningSample): Promise<Secret[]> {
  const direct = new Client({ connectionString: sample.superuserUrl() });
  await direct.connect();
  const { rows } = await direct.query<Record<string, string | null>>(
    `select id, ${MASKED} from customers order by id limit ${CUSTOMERS}`,
  );
  await direct.end();
  return rows.flatMap((row) =>
    MASKED.flatMap((column) => {
      const value = row[column] ?? '';
      return value === '' ? [] : [{ what: `${column} of customer ${row.id}`, value }];
    }),
  );
}

const Seeded = z.object({ what: z.string(), value: z.string() });

/** What labs of this run let loose. */
function noted(folder: string): Secret[] {
  const ledger = join(folder, LEDGER);
  if (!existsSync(ledger)) return [];
  const lines = readFileSync(ledger, 'utf8').trim().split('\n');
  return lines.map((line) => Seeded.parse(JSON.parse(line)));
}

test('nothing that gateways and editors of this run wrote holds a secret', async () => {
  const shop = await governedShop();
  const secrets = await maskedValues(shop.sample);
  const token = await new Person('ana@shop.example', shop.gateway).token();
  const channel = new Channel(shop.gateway, token);
  const seen = await channel.run('select * from customers order by id limit 100');
  assert.equal(seen.rows.length, 100);
  channel.socket.close();
  await shop.close();
  const folder = writtenFolder() ?? shop.dataDir;
  const all = [...secrets, ...noted(folder), { what: 'an access token', value: token }];
  const { files, bytes, secrets: count, found } = sweep(folder, all);
  console.log(`${count} secrets in none of ${files} files, ${Math.round(bytes / 1e6)} MB`);
  assert.deepEqual(found, []);
  assert.ok(secrets.length > 3 * CUSTOMERS);
  // What was looked into is what was written: the statement, and its answer with masks.
  const log = readFileSync(join(shop.dataDir, 'sluice.db'));
  for (const written of ['order by id limit 100', '"isCut":']) assert.ok(log.includes(written), written);
});

test('a secret that stands anywhere would be told, and so would a key that strayed', async () => {
  const shop = await governedShop();
  await shop.close();
  const folder = shop.dataDir;
  const secret = { what: 'a planted secret', value: 'jonas.kim7@example.org' };
  assert.deepEqual(sweep(folder, [secret]).found, []);
  for (const file of filesBelow(folder)) {
    if (basename(file) !== 'told.log' && !file.includes('journal')) continue;
    const before = readFileSync(file);
    appendFileSync(file, `… ${secret.value} …`);
    assert.deepEqual(
      sweep(folder, [secret]).found.map((found) => found.split(' in ')[0]),
      [secret.what],
    );
    writeFileSync(file, before);
  }
  const strayed = join(folder, 'crash.txt');
  for (const holder of ['certificates/server.key', 'masking-key', 'audit/key']) {
    writeFileSync(strayed, JSON.stringify({ heap: readFileSync(join(folder, holder), 'utf8') }));
    assert.match(
      sweep(folder, []).found.join('\n'),
      new RegExp(`a secret as it is held in ${holder} in crash.txt`),
    );
  }
  writeFileSync(strayed, '');
});

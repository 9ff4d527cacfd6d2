import assert from 'node:assert/strict';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { test } from 'node:test';
import { Client } from 'pg';
import { ShownRequest } from '../../gateway/contract/approval-request.ts';
import { AuditEvent } from '../../gateway/contract/audit-event.ts';
import { Channel, governedShop, Person } from './gateway.fixture.ts';

/** Everything that happens besides statements stands in the log of a gateway that was used: who, what, in which order. */

const POLICY = `version: 1
record: { constants: hide }
rules:
  - { id: read, owner: o, who: everyone, on: { targets: [shop] }, doing: [select], then: allow, because: b }
  - id: deletes-ask
    owner: dba@shop.example
    who: { groups: [developers] }
    on: { targets: [shop] }
    doing: [delete]
    then: { approve: { by: [dba] } }
    because: What is deleted does not come back.
`;

function eventsIn(dataDir: string): AuditEvent[] {
  const database = new DatabaseSync(join(dataDir, 'sluice.db'), { readOnly: true });
  const rows = database.prepare("select body from log where kind = 'event' order by seq").all();
  database.close();
  return rows.map(({ body }) => AuditEvent.parse(JSON.parse(String(body))));
}

test('sign-ins, sessions, approvals, credentials, the policy, start and stop stand in the log', async (context) => {
  const policy = join(mkdtempSync(join(tmpdir(), 'sluice-policy-')), 'policy.yaml');
  writeFileSync(policy, POLICY);
  const shop = await governedShop('', policy);
  let isOpen = true;
  const close = async () => {
    if (isOpen) await shop.close();
    isOpen = false;
  };
  context.after(close);
  const [ana, dana] = await Promise.all(
    ['ana', 'dana'].map((name) => new Person(`${name}@shop.example`, shop.gateway).token()),
  );
  const asked = async (token: string | undefined, path: string, body?: unknown) => {
    const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
    const init = body === undefined ? { headers } : { method: 'POST', headers, body: JSON.stringify(body) };
    return (await fetch(`${shop.gateway.url}/v1${path}`, init)).json();
  };
  const channel = new Channel(shop.gateway, ana ?? '');
  await channel.run('select 1');
  const statement = "delete from order_items where order_id = 7 and 'secret' <> ''";
  const drafted = ShownRequest.parse(
    await asked(ana, '/requests', { kind: 'statement', target: 'shop', statement, reason: 'r' }),
  );
  const { id, effect } = drafted.request;
  await asked(dana, `/requests/${id}/approve`, { effect, bounds: { maxRows: null, windowSeconds: null } });
  await asked(ana, '/targets/shop/credentials', {});
  const [host = '', port = ''] = shop.gateway.listening.postgres.split(':');
  const stranger = new Client({
    host,
    port: Number(port),
    user: 'ana',
    password: 'guessed',
    database: 'shop',
  });
  await assert.rejects(stranger.connect());
  channel.socket.close();
  await close();

  const events = eventsIn(shop.dataDir);
  const told = events.map(({ by, fact }) => `${(by?.name ?? 'gateway').replace(/ \(.*/, '')} ${fact.kind}`);
  assert.deepEqual(told.slice(0, 3), ['gateway auditKey', 'gateway gatewayStarted', 'gateway policy']);
  assert.equal(told.at(-1), 'gateway gatewayStopped');
  for (const wanted of [
    'Ana Ruiz signIn',
    'Dana Berg signIn',
    'Ana Ruiz sessionOpened',
    'Ana Ruiz request',
    'Dana Berg request',
    'Ana Ruiz credential',
    'gateway signIn',
    'Ana Ruiz sessionClosed',
  ]) {
    assert.ok(told.includes(wanted), `${wanted} is not in ${told.join(', ')}`);
  }
  const states = events.flatMap(({ fact }) => (fact.kind === 'request' ? [fact.request.status] : []));
  assert.deepEqual(states.slice(0, 2), ['pending', 'approved']);
  assert.doesNotMatch(JSON.stringify(events), /secret/);
});

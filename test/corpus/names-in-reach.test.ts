import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { textOfAttack } from './attack.ts';
import { namesInReach } from './attacks/names-in-reach.ts';
import { CORPUS_POLICY } from './policy.ts';
import { type Gateway, openGateway } from './wire/gateway.ts';
import { Attacker } from './wire/lane.ts';
import { TwinServers } from './wire/servers.ts';
import { WireSession } from './wire/session.ts';

const NOTES = `${CORPUS_POLICY}
  - id: notes-are-closed
    owner: dba@corpus.example
    who: everyone
    on: { columns: [orders.note] }
    doing: [select]
    then: block
    because: Notes are nobody's business.
`;

describe('names in reach', () => {
  let twins: TwinServers;
  let gateway: Gateway;

  before(async () => {
    twins = await TwinServers.boot(18);
    await twins.renew('reach');
    const target = (side: 'left' | 'right') => [side, twins.upstream(side, 'reach')] as const;
    gateway = await openGateway(new Map([target('left'), target('right')]), CORPUS_POLICY);
  });

  after(async () => {
    await gateway?.close();
    await twins?.stop();
  });

  test('what a name stands for is what the server takes it for', async () => {
    const attacker = new Attacker(
      twins.lane('reach', { left: gateway.route('left'), right: gateway.route('right') }),
    );
    const leaks: string[] = [];
    for (const attack of namesInReach) {
      const { leak } = await attacker.attack(attack, 'simple', true);
      if (leak !== null) leaks.push(`${textOfAttack(attack)}: ${leak}`);
    }
    await attacker.close();
    assert.deepEqual(leaks, []);
  });

  test('a rule about a column holds however the column is named', async () => {
    gateway.policy.activate(NOTES);
    const session = await WireSession.open(gateway.route('left'));
    const shown: string[] = [];
    for (const sql of [
      'SELECT note FROM orders',
      'SELECT (SELECT note FROM (SELECT 1) note) FROM orders',
      'SELECT (SELECT note FROM unnest(ARRAY[1]) u) FROM orders',
    ]) {
      session.taken();
      await session.query(sql);
      if (session.taken().some(({ type }) => type === 'D')) shown.push(sql);
    }
    await session.close();
    assert.deepEqual(shown, []);
  });
});

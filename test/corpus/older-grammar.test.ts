import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Client } from 'pg';
import { textOfAttack } from './attack.ts';
import { OLDER_DATABASE, olderGrammar } from './attacks/called-by-itself.ts';
import { CORPUS_POLICY } from './policy.ts';
import { type Gateway, openGateway } from './wire/gateway.ts';
import { Attacker, SIDES } from './wire/lane.ts';
import { TwinServers } from './wire/servers.ts';

let twins: TwinServers;
let gateway: Gateway;

before(async () => {
  twins = await TwinServers.boot(15);
  await twins.renew('older');
  for (const side of SIDES) {
    const owner = new Client(twins.upstream(side, 'older'));
    await owner.connect();
    await owner.query(OLDER_DATABASE);
    await owner.end();
  }
  gateway = await openGateway(
    new Map(SIDES.map((side) => [side, twins.upstream(side, 'older')])),
    CORPUS_POLICY,
  );
});

after(async () => {
  await gateway?.close();
  await twins?.stop();
});

const through = () => ({ left: gateway.route('left'), right: gateway.route('right') });

test('on PostgreSQL 15 what newer grammars take for syntax is a call, and runs reviewed or not at all', async () => {
  const attacker = new Attacker(twins.lane('older', through()));
  const leaks: string[] = [];
  for (const attack of olderGrammar) {
    const { kind, leak } = await attacker.attack(attack, 'simple', true);
    if (kind !== 'refused' || leak !== null) leaks.push(`${textOfAttack(attack)}: ${leak ?? kind}`);
  }
  await attacker.close();
  assert.deepEqual(leaks, []);
});

test('each of these is a call there, and leaks when nobody stands between', async () => {
  const attacker = new Attacker(twins.lane('older'));
  const tame: string[] = [];
  for (const attack of olderGrammar) {
    const { leak } = await attacker.attack(attack, 'simple', true);
    if (leak === null) tame.push(textOfAttack(attack));
  }
  await attacker.close();
  assert.deepEqual(tame, []);
});

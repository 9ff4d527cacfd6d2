import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { textOfAttack } from './attack.ts';
import { calledByItself, olderGrammar } from './attacks/called-by-itself.ts';
import { CORPUS_POLICY } from './policy.ts';
import { type Gateway, openGateway } from './wire/gateway.ts';
import { Attacker, SIDES } from './wire/lane.ts';
import { TwinServers } from './wire/servers.ts';

let twins: TwinServers;
let gateway: Gateway;

before(async () => {
  twins = await TwinServers.boot(15);
  await twins.renew('older');
  gateway = await openGateway(
    new Map(SIDES.map((side) => [side, twins.upstream(side, 'older')])),
    CORPUS_POLICY,
  );
});

after(async () => {
  await gateway?.close();
  await twins?.stop();
});

test('on PostgreSQL 15 nothing runs unreviewed that newer grammars take for syntax, or that nobody names', async () => {
  const client = { left: gateway.route('left'), right: gateway.route('right') };
  const attacker = new Attacker(twins.lane('older', client));
  const leaks: string[] = [];
  for (const attack of [...olderGrammar, ...calledByItself]) {
    const { leak, problem } = await attacker.attack(attack, 'simple', true);
    if (leak !== null || problem !== null) leaks.push(`${textOfAttack(attack)}: ${leak ?? problem}`);
  }
  await attacker.close();
  assert.deepEqual(leaks, []);
});

/**
 * Runs the corpus against any gateway. It boots two servers, says where they are, and waits until Enter is pressed:
 * meanwhile the gateway is told to stand before both, to let everything pass and to mask what `policy.ts` lists. Then
 * every attack is asked through `LEFT_URL` and `RIGHT_URL` in all five ways.
 *
 *     LEFT_URL=postgres://… RIGHT_URL=postgres://… node test/corpus/against.ts [18|17|16|15]
 */
import { once } from 'node:events';
import { z } from 'zod';
import { textOfAttack } from './attack.ts';
import { ATTACKS } from './attacks/index.ts';
import { MASKED } from './policy.ts';
import { Attacker } from './wire/lane.ts';
import { TwinServers } from './wire/servers.ts';
import { applies, WAYS } from './wire/ways.ts';

const DATABASE = 'corpus';
const { LEFT_URL, RIGHT_URL } = z.object({ LEFT_URL: z.string(), RIGHT_URL: z.string() }).parse(process.env);
const version = z.union([z.literal(15), z.literal(16), z.literal(17), z.literal(18)]);

const twins = await TwinServers.boot(version.parse(Number(process.argv[2] ?? 18)));
await twins.renew(DATABASE);
for (const side of ['left', 'right'] as const) {
  const { host, port, user, password } = twins.upstream(side, DATABASE);
  console.log(`${side}: host=${host} port=${port} user=${user} password=${password} dbname=${DATABASE}`);
}
console.log(`to be masked:\n  ${MASKED.join('\n  ')}\nPress Enter when the gateway stands before both.`);
await once(process.stdin, 'data');
process.stdin.unref();

const client = { left: { connectionString: LEFT_URL }, right: { connectionString: RIGHT_URL } };
const attacker = new Attacker(twins.lane(DATABASE, client));
for (const way of WAYS) {
  const attacks = ATTACKS.filter((attack) => applies(way, attack));
  let leaks = 0;
  for (const attack of attacks) {
    const { leak, problem } = await attacker.attack(attack, way).catch((error: unknown) => ({
      leak: null,
      problem: String(error),
    }));
    if (leak !== null) leaks += 1;
    const told = leak === null ? problem : `LEAK ${leak}`;
    if (told !== null) console.log(`[${attack.family}, ${way}] ${textOfAttack(attack)}: ${told}`);
  }
  console.log(
    `${way}: ${leaks} of ${attacks.length} attacks leak; the canary was seen ${attacker.canaries} times`,
  );
}
await attacker.close();
await twins.stop();

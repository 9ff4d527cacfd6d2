import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { PostgresVersion } from '../../sample/postgres/boot-postgres.ts';
import { type Attack, textOfAttack } from './attack.ts';
import { ATTACKS } from './attacks/index.ts';
import { CORPUS_POLICY } from './policy.ts';
import { type Gateway, openGateway } from './wire/gateway.ts';
import { inLanes, type Job } from './wire/in-lanes.ts';
import { Attacker } from './wire/lane.ts';
import { ALL_VERSIONS, askedVersions, DAY, isWhole, sampled } from './wire/sampled.ts';
import { TwinServers } from './wire/servers.ts';
import { WAYS, type Way } from './wire/ways.ts';

const LANES = 3;
/** What stands for the code of whichever row fails first, where that tells of something masked. */
const SOME_ROW = '22000';
/** One of how many attacks is asked in a way, unless all are. */
const stepOf = (version: PostgresVersion, way: Way) => (version !== 18 ? 32 : way === 'simple' ? 4 : 6);

const told: string[] = [];
after(() =>
  console.log(['PostgreSQL  mode            way       attacks  refused  leaks', ...told].join('\n')),
);

for (const version of askedVersions(ALL_VERSIONS)) {
  describe(`PostgreSQL ${version}`, () => {
    let twins: TwinServers;
    let gateway: Gateway;

    before(async () => {
      twins = await TwinServers.boot(version);
      const lanes = Array.from({ length: LANES }, (_, lane) => lane);
      for (const lane of lanes) await twins.renew(`through_${lane}`);
      for (const lane of lanes) await twins.renew(`direct_${lane}`);
      const targets = lanes.flatMap((lane) => [
        [`left_${lane}`, twins.upstream('left', `through_${lane}`)] as const,
        [`right_${lane}`, twins.upstream('right', `through_${lane}`)] as const,
      ]);
      gateway = await openGateway(new Map(targets), CORPUS_POLICY);
    });

    after(async () => {
      await gateway.close();
      await twins.stop();
    });

    const through = (lane: number) =>
      new Attacker(
        twins.lane(`through_${lane}`, {
          left: gateway.route(`left_${lane}`),
          right: gateway.route(`right_${lane}`),
        }),
      );
    const direct = (lane: number) => new Attacker(twins.lane(`direct_${lane}`));

    for (const way of WAYS) {
      test(`no attack shows or tells a masked value: ${way}`, async () => {
        const attacks = sampled(way, stepOf(version, way));
        let refused = 0;
        const leaks: string[] = [];
        const problems: string[] = [];
        await inLanes(LANES, attacks, async (lane, jobs: Job<Attack>) => {
          const attacker = through(lane);
          const control = direct(lane);
          for (const attack of jobs) {
            const what = `[${attack.family}] ${textOfAttack(attack)}`;
            const { kind, leak, problem, codes } = await attacker.attack(attack, way, undoing(way, attack));
            if (kind === 'refused') refused += 1;
            if (leak !== null) leaks.push(`${what}: ${leak}`);
            if (problem !== null) problems.push(`${what}: ${problem}`);
            if (kind !== 'failed') continue;
            // What leaks without the gateway must not be stopped by chance.
            const plain = await control.attack(attack, way, true);
            const unrelated = codes.filter(
              (code) => !plain.codes.includes(code) && !(code === SOME_ROW && plain.codes.length > 0),
            );
            if (plain.leak !== null && unrelated.length > 0)
              problems.push(`${what}: fails with ${unrelated}`);
          }
          await attacker.close();
          await control.close();
          assert.ok(attacker.canaries > 0, 'no canary was seen alive');
        });
        const figures = [
          String(attacks.length).padStart(7),
          String(refused).padStart(7),
          String(leaks.length).padStart(5),
        ];
        told.push(`${String(version).padEnd(10)}  zero-footprint  ${way.padEnd(8)}  ${figures.join('  ')}`);
        assert.deepEqual({ leaks, problems }, { leaks: [], problems: [] });
      });
    }

    test('the attacks leak when nobody stands between: the corpus is alive', async () => {
      // Of the fewer that other versions are asked, a third would say nothing of the whole.
      const isPart = !isWhole && version === 18;
      const attacks = sampled('simple', stepOf(version, 'simple')).filter(
        (_, index) => !isPart || index % 3 === DAY % 3,
      );
      const tame: string[] = [];
      await inLanes(LANES, attacks, async (lane, jobs: Job<Attack>) => {
        const attacker = direct(lane);
        for (const attack of jobs) {
          const { leak } = await attacker.attack(attack, 'simple', !isWhole);
          if (leak === null) tame.push(textOfAttack(attack));
        }
        await attacker.close();
      });
      const leaking = attacks.length - tame.length;
      told.push(
        `${String(version).padEnd(10)}  no gateway      simple    ${String(attacks.length).padStart(7)}        –  ${String(leaking).padStart(5)}`,
      );
      if (process.env.CORPUS_TAME !== undefined) console.log(tame.join('\n'));
      assert.ok(leaking / attacks.length > 0.75, `${leaking} of ${attacks.length} leak when sent directly`);
    });
  });
}

/** Whether an attack is rolled back: asked simply it's sent as it is, but for two of three in a sample. */
function undoing(way: Way, attack: Attack): boolean {
  return way !== 'simple' || (!isWhole && ATTACKS.indexOf(attack) % 3 !== DAY % 3);
}

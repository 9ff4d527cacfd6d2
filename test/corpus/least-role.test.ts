import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { Client } from 'pg';
import { TargetName } from '../../gateway/contract/ids.ts';
import { TestPolicy } from '../../gateway/src/proxies/postgres/testing/lab.ts';
import { checkTarget } from '../../gateway/src/sql/postgres/prepare/check/check-target.ts';
import { prepareDatabase } from '../../gateway/src/sql/postgres/prepare/preparation.ts';
import { targetReach } from '../../gateway/src/target-reach.ts';
import { type Attack, textOfAttack } from './attack.ts';
import { CORPUS_POLICY } from './policy.ts';
import { type Gateway, openGateway, type Upstream } from './wire/gateway.ts';
import { inLanes, type Job } from './wire/in-lanes.ts';
import { Attacker, SIDES, type Side } from './wire/lane.ts';
import { ALL_VERSIONS, askedVersions, isWhole, sampled } from './wire/sampled.ts';
import { TwinServers } from './wire/servers.ts';
import { WAYS, type Way } from './wire/ways.ts';

const LANES = 2;
const PASSWORD = 'least of all';
const VERSIONS = askedVersions(isWhole ? ALL_VERSIONS : [18, 15]);
/** Where one of how many attacks is asked, unless all are. */
const STEP: Readonly<Record<Way, number>> = { simple: 8, extended: 24, binary: 24, cursor: 24, copy: 24 };
/** What a write tells by what follows it is the gateway's to refuse, all of it: not of what the role alone gives away. */
const AFTER_WRITES: ReadonlySet<string> = new Set([
  'consequences',
  'unmet checks',
  'written apart',
  'asked again',
  'partition by partition',
  'numbered by default',
  'first to fail',
  'children with checks',
]);
/** What writes tell by succeeding or failing, and functions that run as their owner: the gateway's to refuse. */
const MAX_LEAKS_OF_100 = 4;

/** Prepares both twins for the corpus's policy; gives how the least role logs in. */
async function prepared(twins: TwinServers): Promise<(side: Side, database: string) => Upstream> {
  const target = { name: TargetName.parse('corpus'), kind: 'postgres', labels: {} } as const;
  const reach = targetReach(new TestPolicy(CORPUS_POLICY).current(), target);
  const roles = await Promise.all(
    SIDES.map(async (side) => {
      const client = new Client(twins.upstream(side, 'corpus_template'));
      await client.connect();
      const run = async (sql: string) => (await client.query(sql)).rows;
      const { roles } = await prepareDatabase(run, {
        target: 'corpus',
        reach,
        password: PASSWORD,
        revokePublic: true,
      });
      await client.end();
      return roles.least;
    }),
  );
  const [user = ''] = roles;
  return (side, database) => ({
    ...twins.upstream(side, database),
    user,
    password: PASSWORD,
    prepared: true,
  });
}

for (const version of VERSIONS) {
  describe(`prepared, PostgreSQL ${version}`, () => {
    let twins: TwinServers;
    let gateway: Gateway;
    let least: (side: Side, database: string) => Upstream;

    before(async () => {
      twins = await TwinServers.boot(version);
      least = await prepared(twins);
      const lanes = Array.from({ length: LANES }, (_, lane) => lane);
      for (const lane of lanes) await twins.renew(`lane_${lane}`);
      const targets = lanes.flatMap((lane) =>
        SIDES.flatMap((side) => [
          [`prepared-${side}_${lane}`, least(side, `lane_${lane}`)] as const,
          [`inlined-${side}_${lane}`, twins.upstream(side, `lane_${lane}`)] as const,
        ]),
      );
      gateway = await openGateway(new Map(targets), CORPUS_POLICY);
    });

    after(async () => {
      await gateway?.close();
      await twins?.stop();
    });

    const attackerOf = (mode: 'prepared' | 'inlined', lane: number) =>
      new Attacker(
        twins.lane(`lane_${lane}`, {
          left: gateway.route(`${mode}-left_${lane}`),
          right: gateway.route(`${mode}-right_${lane}`),
        }),
      );

    for (const way of WAYS) {
      test(`no attack gets further than with masks in the statements: ${way}`, async () => {
        const further: string[] = [];
        await inLanes(LANES, sampled(way, STEP[way]), async (lane, jobs: Job<Attack>) => {
          const attacker = attackerOf('prepared', lane);
          const control = attackerOf('inlined', lane);
          for (const attack of jobs) {
            const bad = await badOf(attacker, attack, way);
            // What an owner does meanwhile is seen by one twin sooner than by the other: what is told comes again.
            if (bad === null || (await badOf(attacker, attack, way)) === null) continue;
            if ((await badOf(control, attack, way)) !== null) continue;
            further.push(`[${attack.family}] ${textOfAttack(attack)}: ${bad}`);
          }
          assert.ok(attacker.canaries > 0, 'no canary was seen alive');
          await attacker.close();
          await control.close();
        });
        assert.deepEqual(further, []);
      });
    }

    test('without the gateway the role alone gives away almost nothing', async () => {
      const attacks = sampled('simple', STEP.simple).filter(({ family }) => !AFTER_WRITES.has(family));
      const leaks: string[] = [];
      await inLanes(LANES, attacks, async (lane, jobs: Job<Attack>) => {
        const database = `lane_${lane}`;
        const attacker = new Attacker(
          twins.lane(database, { left: least('left', database), right: least('right', database) }),
        );
        for (const attack of jobs) {
          const { leak } = await attacker.attack(attack, 'simple');
          if (leak !== null) leaks.push(`[${attack.family}] ${textOfAttack(attack)}: ${leak}`);
        }
        await attacker.close();
      });
      console.log(
        `PostgreSQL ${version}: ${leaks.length} of ${attacks.length} attacks leak past the least role alone`,
      );
      if (process.env.CORPUS_TAME !== undefined) console.log(leaks.join('\n'));
      assert.ok(leaks.length <= mostOf(attacks.length), leaks.join('\n'));
    });

    test('check finds nothing open to the role', async () => {
      const { host, port, user, password, database } = least('left', 'lane_0');
      const client = new Client({ host, port, user, password, database });
      await client.connect();
      const target = { name: TargetName.parse('corpus'), kind: 'postgres', labels: {} } as const;
      const reach = targetReach(new TestPolicy(CORPUS_POLICY).current(), target);
      const findings = await checkTarget(async (sql) => (await client.query(sql)).rows, reach, 'prepared');
      await client.end();
      assert.deepEqual(
        findings.filter(({ state }) => state === 'open'),
        [],
      );
    });
  });
}

/** How many of so many may leak. A day's part of all has more of them than its share now and then: by chance, to three deviations. */
function mostOf(attacks: number): number {
  const share = MAX_LEAKS_OF_100 / 100;
  const chance = isWhole ? 0 : 3 * Math.sqrt(attacks * share * (1 - share));
  return attacks * share + chance;
}

/** What speaks against a mode; a session that is ended because an owner changed what it reads speaks for it. */
async function badOf(attacker: Attacker, attack: Attack, way: Way): Promise<string | null> {
  const { leak, problem } = await attacker.attack(attack, way);
  const isDrift = attack.steps.some((step) => typeof step === 'object' && 'owner' in step);
  return leak ?? (isDrift ? null : problem);
}

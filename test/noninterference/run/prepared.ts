import { readFileSync } from 'node:fs';
import type pg from 'pg';
import { TargetName } from '../../../gateway/contract/ids.ts';
import { TestPolicy } from '../../../gateway/src/proxies/postgres/testing/lab.ts';
import { targetRoles } from '../../../gateway/src/sql/postgres/prepare/names.ts';
import { prepareDatabase } from '../../../gateway/src/sql/postgres/prepare/preparation.ts';
import { targetReach } from '../../../gateway/src/target-reach.ts';

const TARGET = 'twins';
/** Whom the gateway is at prepared twins. */
export const PREPARED_ROLE = targetRoles(TARGET).least;

/** Prepares the twins' definitions, and lets the least role write whatever there is: the gateway is to keep it in. */
export async function prepareTwins(client: pg.Client, password: string): Promise<void> {
  const target = { name: TargetName.parse(TARGET), kind: 'postgres', labels: {} } as const;
  const policy = readFileSync(new URL('../database/policy.yaml', import.meta.url), 'utf8');
  const reach = targetReach(new TestPolicy(policy).current(), target);
  const run = async (sql: string) => (await client.query(sql)).rows;
  await prepareDatabase(run, { target: TARGET, reach, password, revokePublic: true });
  await client.query(`GRANT INSERT, UPDATE, DELETE, TRUNCATE ON ALL TABLES IN SCHEMA public TO ${PREPARED_ROLE};
    GRANT USAGE, UPDATE ON ALL SEQUENCES IN SCHEMA public TO ${PREPARED_ROLE};
    GRANT CREATE ON SCHEMA public TO ${PREPARED_ROLE}; GRANT CREATE, TEMP ON DATABASE twin TO ${PREPARED_ROLE}`);
}

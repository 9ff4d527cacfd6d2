import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Client } from 'pg';
import { type Lab, openLab, POLICY } from './testing/lab.ts';

/** A table whose partitions are told apart by a masked column: neither rows nor plans follow from who is in which. */

const MASKED_KEY = `${POLICY}
  - id: kinds
    owner: sales@shop.example
    who: everyone
    except: { groups: [dba] }
    on: { columns: [public.parted.kind] }
    then: { mask: { method: redact } }
    because: Kinds are private.
`;

let lab: Lab;
let client: Client;
let owner: Client;

before(async () => {
  lab = await openLab();
  lab.policy.activate(MASKED_KEY);
  owner = new Client({ connectionString: lab.sample.superuserUrl() });
  await owner.connect();
  await owner.query(`
    CREATE TABLE parted (id int, label text, kind text) PARTITION BY LIST (kind);
    CREATE TABLE parted_a PARTITION OF parted FOR VALUES IN ('a');
    CREATE TABLE parted_b PARTITION OF parted FOR VALUES IN ('b');
    INSERT INTO parted SELECT i, 'label ' || i % 4, CASE WHEN i % 3 = 0 THEN 'a' ELSE 'b' END
      FROM generate_series(1, 12) AS i;
    GRANT SELECT ON parted TO sluice_gateway;
    ANALYZE parted`);
  client = await lab.client();
});
after(async () => {
  await client.end();
  await owner.end();
  await lab.close();
});

test('rows come in an order that is seen, and conditions are not pushed below the partitions', async () => {
  await owner.query('BEGIN; LOCK TABLE parted');
  const answer = client.query("SELECT id FROM parted WHERE label <> 'label 1'");
  const sent = await waitingQuery();
  await owner.query('ROLLBACK');
  const plan = await owner.query<{ 'QUERY PLAN': string }>(`EXPLAIN (COSTS off) ${sent}`);
  const lines = plan.rows.map((row) => row['QUERY PLAN']);
  const filter = lines.findIndex((line) => line.includes('Filter:'));
  const partition = lines.findIndex((line) => line.includes('parted_a'));
  assert.ok(filter >= 0 && filter < partition, lines.join('\n'));
  const ids = (await answer).rows.map(({ id }) => id);
  assert.deepEqual(ids, [2, 3, 4, 6, 7, 8, 10, 11, 12]);
});

/** What the gateway has sent, while it waits for the lock. */
async function waitingQuery(): Promise<string> {
  for (;;) {
    const { rows } = await owner.query<{ query: string }>(
      "SELECT query FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND query LIKE '%label 1%'",
    );
    await owner.query('SELECT pg_stat_clear_snapshot()');
    const [waiting] = rows;
    if (waiting !== undefined) return waiting.query;
  }
}

test('nothing of the server tells which partitions a statement has looked through', async () => {
  const { rows } = await client.query(`
    SELECT relname, seq_scan, idx_scan, last_seq_scan IS NULL AS never, n_live_tup
      FROM pg_stat_user_tables WHERE relname = 'parted_a'`);
  assert.deepEqual(rows, [
    { relname: 'parted_a', seq_scan: null, idx_scan: null, never: true, n_live_tup: null },
  ]);
  await assert.rejects(
    client.query("SELECT pg_stat_get_xact_numscans('parted_a'::regclass)"),
    /^error: .*(parted|tells|rows)/,
  );
});

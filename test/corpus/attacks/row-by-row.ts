import { family, type Step } from '../attack.ts';

/** Past the gateway, and noticed by the next statement. */
const given = (owner: string): Step[] => [{ owner }, 'SELECT 1'];

const NUMBERED =
  "ALTER TABLE buckets ADD n bigint, ADD r int; UPDATE buckets SET n = 0, r = 1; ALTER TABLE buckets ALTER n SET DEFAULT nextval('counter')";
const SHOWN = 'SELECT id, n FROM buckets ORDER BY id';
const OWNED = `${NUMBERED}; CREATE TABLE own (id int PRIMARY KEY); INSERT INTO own VALUES (1), (0); INSERT INTO own SELECT generate_series(20, 90);
  ALTER TABLE buckets ALTER n SET DEFAULT nextval('counter') + 20; UPDATE buckets SET n = 1`;
const TAKEN = (action: string) =>
  `${OWNED}; ALTER TABLE buckets ADD FOREIGN KEY (n) REFERENCES own ${action}`;

/** What a default, an identity or a key's SET DEFAULT computes for each row comes in the order of partitions. */
export const numberedByDefault = family('numbered by default', [
  [...given(NUMBERED), 'UPDATE buckets SET n = DEFAULT', SHOWN],
  [...given(NUMBERED), 'UPDATE buckets SET (r, n) = ROW (2, DEFAULT)', SHOWN],
  [...given(NUMBERED), 'UPDATE buckets SET (n, r) = (DEFAULT, 2) WHERE id < 9', SHOWN],
  [...given(NUMBERED), { as_is: 'WITH w AS (UPDATE buckets SET n = DEFAULT) SELECT 1' }, SHOWN],
  [
    ...given(NUMBERED),
    'MERGE INTO buckets b USING (SELECT 1) x ON true WHEN MATCHED THEN UPDATE SET n = DEFAULT',
    SHOWN,
  ],
  [
    ...given(
      `${NUMBERED}; CREATE VIEW shown AS SELECT id, n, grp FROM buckets; ALTER VIEW shown ALTER n SET DEFAULT nextval('counter')`,
    ),
    'UPDATE shown SET n = DEFAULT',
    SHOWN,
  ],
  [
    ...given(
      "CREATE DOMAIN counted AS int DEFAULT nextval('counter'); ALTER TABLE buckets ADD n int; ALTER TABLE buckets ALTER n TYPE counted",
    ),
    'UPDATE buckets SET n = DEFAULT',
    SHOWN,
  ],
  [
    ...given(
      'ALTER TABLE buckets ADD n double precision; ALTER TABLE buckets ALTER n SET DEFAULT extract(epoch FROM clock_timestamp())',
    ),
    'UPDATE buckets SET n = DEFAULT',
    'SELECT id, rank() OVER (ORDER BY n) FROM buckets ORDER BY id',
  ],
  ['ALTER TABLE buckets ADD COLUMN n serial', SHOWN],
  ['ALTER TABLE buckets ADD COLUMN r int, ADD COLUMN n bigserial', SHOWN],
  ["ALTER TABLE buckets ADD COLUMN n int DEFAULT nextval('counter')", SHOWN],
  ["ALTER TABLE buckets ADD COLUMN IF NOT EXISTS n text DEFAULT 'n' || nextval('counter')", SHOWN],
  ['ALTER TABLE buckets ADD COLUMN n int GENERATED ALWAYS AS IDENTITY', SHOWN],
  [
    'ALTER TABLE buckets ADD COLUMN n timestamptz DEFAULT clock_timestamp()',
    'SELECT id, rank() OVER (ORDER BY n) FROM buckets ORDER BY id',
  ],
  [
    ...given("CREATE DOMAIN counted AS int DEFAULT nextval('counter')"),
    'ALTER TABLE buckets ADD COLUMN n counted',
    SHOWN,
  ],
  [
    'SELECT setseed(0.5)',
    'ALTER TABLE buckets ADD COLUMN n float DEFAULT random()',
    'SELECT id, rank() OVER (ORDER BY n) FROM buckets ORDER BY id',
  ],
  [...given(TAKEN('ON DELETE SET DEFAULT')), 'DELETE FROM own WHERE id = 1', SHOWN],
  [...given(TAKEN('ON UPDATE SET DEFAULT')), 'UPDATE own SET id = 0 - id WHERE id = 1', SHOWN],
  [
    ...given(
      `${OWNED}; CREATE TABLE owners (id int PRIMARY KEY); INSERT INTO owners VALUES (1); ALTER TABLE own ADD owner int REFERENCES owners ON DELETE CASCADE; UPDATE own SET owner = 1 WHERE id = 1; ALTER TABLE buckets ADD FOREIGN KEY (n) REFERENCES own ON DELETE SET DEFAULT`,
    ),
    'DELETE FROM owners',
    SHOWN,
  ],
  [
    ...given(OWNED),
    'ALTER TABLE buckets ADD FOREIGN KEY (n) REFERENCES own ON DELETE SET DEFAULT',
    'DELETE FROM own WHERE id = 1',
    SHOWN,
  ],
]);

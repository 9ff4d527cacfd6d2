import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { Client } from 'pg';
import { loadCatalogue } from '../../gateway/src/sql/postgres/catalogue/load.ts';
import { fingerprintQuery } from '../../gateway/src/sql/postgres/catalogue/queries.ts';
import { decodeFingerprint } from '../../gateway/src/sql/postgres/catalogue/snapshot.ts';
import { bootPostgres, type RunningPostgres } from '../../sample/postgres/boot-postgres.ts';

/** What each of these changes gives the same statement another meaning, or another answer to whether it may run. */
const CHANGES = [
  'CREATE OPERATOR CLASS calm FOR TYPE text USING btree FAMILY of_texts AS OPERATOR 1 <, OPERATOR 3 =, FUNCTION 1 bttextcmp(text, text)',
  'ALTER OPERATOR FAMILY of_texts USING btree ADD FUNCTION 4 (text, text) btvarstrequalimage(oid)',
  'ALTER OPERATOR FAMILY of_texts USING btree ADD OPERATOR 5 > (text, text)',
  'ALTER OPERATOR CLASS calm USING btree RENAME TO calmer',
  'ALTER SEQUENCE counter OWNED BY plain.id',
  'ALTER EXTENSION pgcrypto ADD FUNCTION added()',
  'ALTER EXTENSION pgcrypto DROP FUNCTION added()',
  'GRANT pg_read_all_data TO reader',
  'REVOKE pg_read_all_data FROM reader',
  'ALTER DOMAIN short ADD CHECK (length(VALUE) < 5)',
  "ALTER DOMAIN short SET DEFAULT 'x'",
  'ALTER TABLE plain ALTER id SET DEFAULT 5',
  'ALTER TABLE plain ALTER id DROP DEFAULT',
  'CREATE STATISTICS counted ON (id + 1) FROM plain',
  'CREATE INDEX ON plain ((id + 1))',
  'CREATE CAST (short AS int) WITH INOUT',
  'ALTER TABLE plain RENAME id TO number',
  'GRANT SELECT (number) ON plain TO reader',
  'GRANT SELECT (ctid) ON plain TO reader',
  'ALTER TABLE plain RENAME number TO id',
  'CREATE DOMAIN shorter AS text; ALTER DOMAIN short RENAME TO old; ALTER DOMAIN shorter RENAME TO short',
  "UPDATE pg_index SET indisvalid = false WHERE indrelid = 'plain'::regclass",
] as const;

/** By a superuser's hand alone. */
const SYSTEM_CHANGES = [
  'ALTER FUNCTION pg_catalog.lower(text) VOLATILE',
  'CREATE OR REPLACE VIEW information_schema.enabled_roles AS SELECT rolname::information_schema.sql_identifier AS role_name FROM pg_roles',
  'ALTER VIEW information_schema.enabled_roles RENAME COLUMN role_name TO renamed',
  'ALTER EXTENSION pgcrypto ADD FUNCTION pg_catalog.upper(text)',
] as const;

/** What is frequent and means nothing to anybody else. */
const NO_CHANGES = [
  'CREATE TEMP TABLE own (id serial PRIMARY KEY, v text DEFAULT 5 CHECK (length(v) > 0))',
  'CREATE TEMP SEQUENCE steps; ALTER SEQUENCE steps RESTART',
  "SELECT nextval('counter')",
  'TRUNCATE own RESTART IDENTITY; INSERT INTO own DEFAULT VALUES; DELETE FROM own',
  'DISCARD TEMP',
] as const;

for (const version of [15, 18] as const) {
  describe(`PostgreSQL ${version}`, () => {
    let postgres: RunningPostgres;
    let client: Client;

    before(async () => {
      postgres = await bootPostgres({ version });
      client = new Client(postgres.url('postgres'));
      await client.connect();
      await client.query(`CREATE EXTENSION pgcrypto; CREATE TABLE plain (id int); CREATE SEQUENCE counter;
        CREATE DOMAIN short AS text; CREATE FUNCTION added() RETURNS int LANGUAGE sql AS 'SELECT 1';
        CREATE ROLE reader; CREATE OPERATOR FAMILY of_texts USING btree`);
    });

    after(async () => {
      await client?.end();
      await postgres?.stop();
    });

    const fingerprint = async () => decodeFingerprint((await client.query(fingerprintQuery)).rows);

    test('every change of a definition is noticed', async () => {
      const unnoticed: string[] = [];
      for (const sql of CHANGES) {
        const known = await fingerprint();
        await client.query(sql);
        if ((await fingerprint()) === known) unnoticed.push(sql);
      }
      assert.deepEqual(unnoticed, []);
    });

    test('what initdb made is read again once somebody has changed it', async () => {
      const run = async (sql: string) => (await client.query(sql)).rows;
      const first = await loadCatalogue(run);
      const second = await loadCatalogue(run, first.system);
      assert.equal(second.system, first.system);
      assert.deepEqual(second.snapshot, first.snapshot);
      assert.equal(second.version, first.version);
      for (const sql of SYSTEM_CHANGES) {
        const { system } = await loadCatalogue(run);
        await client.query(sql);
        assert.notEqual((await loadCatalogue(run, system)).system, system, sql);
      }
    });

    test('what comes and goes all day is none', async () => {
      const known = await fingerprint();
      for (const sql of NO_CHANGES) {
        await client.query(sql).catch((error: Error) => assert.fail(`${sql}: ${error.message}`));
        assert.equal(await fingerprint(), known, sql);
      }
    });
  });
}

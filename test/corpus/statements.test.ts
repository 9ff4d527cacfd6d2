import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, before, describe, test } from 'node:test';
import { z } from 'zod';
import { throughEffectsOf } from '../../gateway/src/core/policy/decide/effects.ts';
import type { SqlEngine } from '../../gateway/src/sql/engine.ts';
import { createPostgresEngine } from '../../gateway/src/sql/postgres/engine.ts';
import { bootPostgres, type RunningPostgres } from '../../sample/postgres/boot-postgres.ts';
import { FACTS } from './facts.ts';
import { type Connect, copyDatabase, direct, governed, judged, type Masking, makeDatabase } from './lab.ts';
import { ORDINARY } from './ordinary.ts';
import { REFUSED, REFUSED_TOKENS } from './refused.ts';

const REDACT: Masking = { method: { method: 'redact' }, reviewed: ['public.double'] };
const TOKEN: Masking = { method: { method: 'token' }, reviewed: ['public.double'] };
/** Statements of psql, pg_dump and pgbench as the server received them. */
const TOOLS = z
  .array(z.string())
  .parse(JSON.parse(readFileSync(new URL('./tools.json', import.meta.url), 'utf8')));

for (const version of [18, 15] as const) {
  describe(`PostgreSQL ${version}`, () => {
    let postgres: RunningPostgres;
    let server: Connect;
    let engine: SqlEngine;

    before(async () => {
      postgres = await bootPostgres({ version });
      const { host, port, superuser: user, superuserPassword: password } = postgres;
      server = { host, port, user, password };
      engine = createPostgresEngine();
      await makeDatabase(server, 'template_a', 7);
    });

    after(async () => {
      await engine.close();
      await postgres.stop();
    });

    const refresh = () => copyDatabase(server, 'template_a', 'corpus_a');

    test('what must be refused is refused before it runs', async () => {
      await refresh();
      const passed: string[] = [];
      for (const [masking, statements] of [
        [REDACT, REFUSED],
        [TOKEN, REFUSED_TOKENS],
      ] as const) {
        for (const sql of statements) {
          const { refused } = await judged(engine, server, 'corpus_a', sql, masking);
          if (refused === null) passed.push(sql);
        }
      }
      assert.deepEqual(passed, []);
    });

    test('names that a database in another encoding cuts or folds in its own way are refused', async () => {
      const database = 'corpus_latin';
      await direct(server, 'postgres', [
        `CREATE DATABASE ${database} ENCODING 'LATIN1' LOCALE 'C' TEMPLATE template0`,
      ]);
      await direct(server, database, ['CREATE TABLE letters (title text, "größe" int)']);
      const why = async (sql: string) => (await judged(engine, server, database, sql, REDACT)).refused;
      const name = 'a'.repeat(62);
      const cut = `DELETE FROM letters AS "${name}" WHERE EXISTS (SELECT FROM (SELECT 1 AS title) "${name}é" WHERE "${name}".title = '1')`;
      for (const sql of [
        cut,
        'DELETE FROM letters AS "é" WHERE (SELECT É.title FROM (SELECT 1 AS title) "É") = 1',
      ])
        assert.match((await why(sql)) ?? '', /the database is in LATIN1/, sql);
      assert.equal(await why(`SELECT title AS "Größe", "größe" FROM letters WHERE title = 'É'`), null);
    });

    test('facts tell what is done to which relation, and what is looked at', async () => {
      await refresh();
      for (const [sql, expected] of FACTS) {
        const { facts, through } = await judged(engine, server, 'corpus_a', sql, REDACT);
        assert.ok(facts, sql);
        const told = [
          ...facts.reads.map(({ relation }) => `select ${relation}`),
          ...facts.writes.map(({ by, relation, everyRow }) => `${by} ${relation}${everyRow ? ' all' : ''}`),
          ...through.map(({ by, relation, everyRow }) => `~${by} ${relation}${everyRow ? ' all' : ''}`),
          ...new Set(
            throughEffectsOf({ ...facts, kind: 'select' }, through).flatMap(({ relation, columns }) =>
              (columns ?? []).flatMap((way) =>
                way.columns.map(({ column }) => `~${relation.relation}.${column}`),
              ),
            ),
          ),
          ...[...facts.disclosed, ...facts.conditions].map(({ relation, column }) => `${relation}.${column}`),
        ];
        assert.deepEqual([facts.unknowns, told.sort()], [[], [...expected].sort()], sql);
      }
    });

    test('ordinary statements pass, with the same columns and types', async () => {
      await copyDatabase(server, 'template_a', 'corpus_a');
      await copyDatabase(server, 'template_a', 'corpus_b');
      for (const sql of ORDINARY) {
        const plain = await direct(server, 'corpus_a', [sql]);
        const [masked] = (await governed(engine, server, 'corpus_b', [sql], REDACT)).seen;
        const [expected] = plain.seen;
        assert.notEqual(masked?.kind, 'refused', `${sql}: ${masked?.kind === 'refused' ? masked.why : ''}`);
        assert.equal(masked?.kind, expected?.kind, sql);
        if (masked?.kind === 'rows' && expected?.kind === 'rows') {
          assert.deepEqual(masked.fields, expected.fields, sql);
        }
      }
    });

    test('what psql, pg_dump and pgbench send passes', async () => {
      await copyDatabase(server, 'template_a', 'corpus_a');
      const refused: string[] = [];
      for (const sql of TOOLS) {
        const [plain] = (await direct(server, 'corpus_a', [sql])).seen;
        if (plain?.kind !== 'rows') continue;
        const seen = (await governed(engine, server, 'corpus_a', [sql], REDACT)).seen;
        for (const one of seen) if (one.kind === 'refused') refused.push(`${one.why}: ${sql}`);
      }
      assert.deepEqual(refused, []);
    });
  });
}

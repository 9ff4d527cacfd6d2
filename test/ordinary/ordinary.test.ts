import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { Client } from 'pg';
import type { Captured } from './capture/frontend-messages.ts';
import { difference } from './compare.ts';
import { exceptionFor } from './exceptions.ts';
import { type Field, send } from './send.ts';
import { MASKED, serverVersionOf } from './shop.ts';
import { statementsByTool } from './statements.ts';
import { bootTwins, type Twins } from './twins.ts';

const ENOUGH = 0.99;
const all = statementsByTool();
const only = process.env.ORDINARY?.split(',');

type Score = { sent: number; failDirectly: number; excepted: string[]; wrong: string[] };
const scores = new Map<string, Score>();

for (const version of [18, 15] as const) {
  const tools = [...all.keys()].filter(
    (tool) => serverVersionOf(tool) === version && (only?.includes(tool) ?? true),
  );
  if (tools.length === 0) continue;
  describe(`PostgreSQL ${version}`, () => {
    let twins: Twins;
    before(async () => {
      twins = await bootTwins(version, tools);
    });
    after(() => twins.close());
    for (const tool of tools) {
      test(tool, async () => {
        const score = await replay(twins, tool, all.get(tool) ?? []);
        scores.set(tool, score);
        const passed = score.sent - score.wrong.length - score.excepted.length;
        console.log(
          `${tool}: ${passed} of ${score.sent} pass (${score.failDirectly} more fail directly too)`,
          ...[...score.wrong, ...score.excepted].map((line) => `\n  ${line}`),
        );
        assert.deepEqual(score.wrong, []);
      });
    }
  });
}

test('at least 99 of 100 ordinary statements pass', () => {
  const sum = (of: (score: Score) => number) =>
    [...scores.values()].reduce((all, score) => all + of(score), 0);
  const sent = sum((score) => score.sent);
  const passed = sent - sum((score) => score.wrong.length + score.excepted.length);
  console.log(`${passed} of ${sent} pass: ${((100 * passed) / sent).toFixed(2)} %`);
  if (only !== undefined) return;
  assert.ok(passed >= ENOUGH * sent);
  assert.ok(sent >= 300);
});

/** Sends each statement to both twins, in order and on the tool's own connections, and compares. */
async function replay(twins: Twins, tool: string, statements: readonly Captured[]): Promise<Score> {
  const score: Score = { sent: 0, failDirectly: 0, excepted: [], wrong: [] };
  const sessions = new Map<number, { direct: Client; governed: Client }>();
  const catalogue = await twins.direct(tool);
  for (const captured of statements) {
    const number = captured.connection ?? 1;
    const session = sessions.get(number) ?? {
      direct: await twins.direct(tool),
      governed: await twins.governed(tool),
    };
    sessions.set(number, session);
    const governed = await send(session.governed, captured);
    const exception = exceptionFor(tool, captured.sql);
    if (exception?.kind === 'refused' && governed.error !== null) {
      // The other twin doesn't run it either: what follows finds the same there.
      await send(session.direct, { sql: FAILS });
      score.sent += 1;
      score.excepted.push(`${lineOf(captured)}\n    ${governed.error.message}\n    ${exception.reason}`);
      continue;
    }
    const direct = await send(session.direct, captured);
    if (direct.error !== null && governed.error?.code === direct.error.code) {
      score.failDirectly += 1;
      continue;
    }
    score.sent += 1;
    if (difference(direct, governed, () => false) === '') continue;
    const found = difference(direct, governed, await maskedFields(catalogue));
    if (found === '' || (exception?.kind === 'expected' && governed.error === null)) continue;
    const line = `${lineOf(captured)}\n    ${found}`;
    if (exception === null) score.wrong.push(line);
    else score.excepted.push(`${line}\n    ${exception.reason}`);
  }
  await catalogue.end();
  for (const { direct, governed } of sessions.values()) await Promise.all([direct.end(), governed.end()]);
  return score;
}

/** Fails a transaction as a refusal does. */
const FAILS = 'SELECT 1 / 0';

const lineOf = ({ sql }: Captured) => sql.replaceAll(/\s+/g, ' ').slice(0, 300);

/** Which fields come of masked columns, by what the direct server says of them. */
async function maskedFields(catalogue: Client): Promise<(field: Field) => boolean> {
  const { rows } = await catalogue.query<{ table: string; number: number }>(
    `SELECT attrelid::text AS table, attnum AS number FROM pg_attribute JOIN pg_class ON pg_class.oid = attrelid
     WHERE regexp_replace(relname, '^payments.*', 'payments') || '.' || attname = ANY ($1)`,
    [MASKED],
  );
  const masked = new Set(rows.map(({ table, number }) => `${table}.${number}`));
  return ({ tableID, columnID }) => masked.has(`${tableID}.${columnID}`);
}

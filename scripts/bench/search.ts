import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { SqlFacts } from '../../gateway/contract/facts.ts';
import { PrincipalId, RecordId, RuleId, SessionId, TargetName } from '../../gateway/contract/ids.ts';
import type { ActionRecord } from '../../gateway/contract/record.ts';
import type { RecordSearch } from '../../gateway/contract/record-search.ts';
import { aRecord } from '../../gateway/src/adapters/store/a-record.fixture.ts';
import { openDatabase } from '../../gateway/src/adapters/store/database.ts';
import { findRecords } from '../../gateway/src/adapters/store/search/find.ts';
import { SearchIndex } from '../../gateway/src/adapters/store/search/search-index.ts';

/**
 * How long searches take: `node scripts/bench/search.ts [RECORDS]`. Fills a log by SQL, lets the index be made of it as
 * a gateway does that starts with a log of an older version, and asks it the usual questions.
 */
const count = Number(process.argv[2] ?? 1_000_000);
const QUESTIONS: Record<string, { principal?: string; search: RecordSearch }> = {
  'newest of everybody': { search: {} },
  'newest of one’s own (1 of 200 people)': { principal: 'person:p7@shop.example', search: {} },
  'one’s own, refused, of one table': {
    principal: 'person:p7@shop.example',
    search: { outcome: 'refused', table: 'table3' },
  },
  'refused (1 %)': { search: { outcome: 'refused' } },
  'of a target with half of all': { search: { target: TargetName.parse('t1') } },
  'one session': { search: { session: SessionId.parse('session-1234') } },
  'a column, in an hour long ago': {
    search: { column: 'customers.ssn', from: '2026-01-02T03:00:00Z', to: '2026-01-02T04:00:00Z' },
  },
  'two words that are everywhere': { search: { text: 'select from' } },
  'a number that is there once': { search: { text: '765432' } },
  'a phrase': { search: { text: '"from table3"' } },
  'a beginning': { search: { text: '7654*' } },
  'a rule that nothing matches': { search: { rule: 'no-such-rule', table: 'table1' } },
  'common things that never meet': {
    search: { surface: 'ssh', outcome: 'done', text: 'select', target: TargetName.parse('t1') },
  },
  'a common word, of one person, masked': {
    search: { text: 'select', principal: 'p9@shop.example', outcome: 'masked' },
  },
};

const dir = mkdtempSync(join(tmpdir(), 'sluice-bench-search-'));
try {
  const database = await openDatabase(dir);
  fill();
  const index = new SearchIndex(database.raw);
  const startedAtMs = performance.now();
  index.build();
  const tookMs = performance.now() - startedAtMs;
  database.raw.exec('pragma wal_checkpoint(truncate)');
  say(
    'index made of the log',
    `${(tookMs / 1000).toFixed(1)} s, ${((tookMs * 1000) / count).toFixed(1)} µs a record`,
  );
  const bytes = database.raw
    .prepare(`select sum(pgsize) as bytes from dbstat where name like 'searched%'`)
    .get()?.bytes;
  say(
    'its size',
    `${(Number(bytes) / count).toFixed(0)} bytes a record, of ${(statSync(join(dir, 'sluice.db')).size / count).toFixed(0)} in all`,
  );
  for (const [name, { principal = null, search }] of Object.entries(QUESTIONS)) {
    const { target = null, ...rest } = search;
    const query = { principal, target, search: rest, before: null, limit: 100 };
    const times: number[] = [];
    let found = 0;
    for (let n = 0; n < 7; n++) {
      const atMs = performance.now();
      found = (await findRecords(database.kysely, query)).records.length;
      times.push(performance.now() - atMs);
    }
    const [first = 0] = times;
    const median = times.toSorted((one, other) => one - other)[3] ?? 0;
    say(name, `${median.toFixed(1)} ms (first time ${first.toFixed(1)}), ${found} found`);
  }
  database.close();

  function fill(): void {
    const insert =
      database.raw.prepare(`insert into log (kind, record, principal, target, body, salt, commitment)
      values (?, ?, ?, ?, ?, zeroblob(16), zeroblob(32))`);
    database.raw.exec('begin');
    for (let n = 0; n < count; n++) {
      const record = recordOf(n);
      insert.run('kept', record.id, record.principal, record.target, JSON.stringify(record));
    }
    database.raw.exec('commit');
  }
} finally {
  rmSync(dir, { recursive: true });
}

function say(what: string, how: string): void {
  console.log(`${what.padEnd(40)} ${how}`);
}

function recordOf(n: number): ActionRecord {
  const ms = Date.parse('2026-01-01T00:00:00Z') + n * 500;
  const hex = ms.toString(16).padStart(12, '0');
  const ref = { schema: 'public', relation: n % 50 === 0 ? 'customers' : `table${n % 40}` };
  const facts: SqlFacts = {
    protocol: 'sql',
    kind: 'select',
    node: 'SelectStmt',
    readOnly: true,
    hasWhere: null,
    reads: [ref],
    writes: [],
    disclosed: [{ ...ref, column: n % 50 === 0 ? 'ssn' : 'name' }],
    conditions: [{ ...ref, column: 'id' }],
    functions: [],
    settings: [],
    unknowns: [],
  };
  const base = aRecord(n);
  return {
    ...base,
    id: RecordId.parse(`${hex.slice(0, 8)}-${hex.slice(8)}-7000-8000-000000000000`),
    at: new Date(ms).toISOString(),
    sessionId: SessionId.parse(`session-${Math.floor(n / 60)}`),
    surface: n % 10 === 0 ? 'ssh' : 'postgres',
    principal: PrincipalId.parse(`person:p${n % 200}@shop.example`),
    principalName: `Person ${n % 200}`,
    target: TargetName.parse(n % 2 === 0 ? 't0' : 't1'),
    statement: `select id, name from ${ref.relation} where id = ${n} and state = 'open' order by id limit 10`,
    facts,
    decision: {
      ...base.decision,
      rules: [{ id: RuleId.parse(`rule-${n % 30}`), outcome: 'allow', owner: 'dba', because: 'they may' }],
    },
    outcome: {
      status: n % 100 === 3 ? 'refused' : 'done',
      sqlState: null,
      rows: 1,
      bytes: 1,
      durationMs: 1,
      ...(n % 25 === 4 ? { detected: { email: 1 } } : {}),
    },
  };
}

import { execFile } from 'node:child_process';
import { createWriteStream, statSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { promisify } from 'node:util';
import { stringify } from 'yaml';
import { PrincipalId } from '../../gateway/contract/ids.ts';
import { ReplayReport } from '../../gateway/contract/policy-replay.ts';
import type { Principal } from '../../gateway/contract/principal.ts';
import {
  person,
  policyOf,
  question,
  type Statement,
  shop,
} from '../../gateway/src/core/policy/a-question.fixture.ts';
import { root } from '../setup/root.ts';

const RULES = 200;
const PEOPLE = 200;
const TABLES = 60;
const COLUMNS = 8;
/** Of a hundred records so many were kept without what they were asked with. */
const WITHOUT_QUESTION = 1;

export type ReplayBench = {
  records: number;
  megabytes: number;
  seconds: number;
  report: Pick<ReplayReport, 'read' | 'replayed' | 'changed' | 'changes'> & { groups: number };
};

/** How long `sluice policy replay` takes over so many recorded actions, as its own process, start and all. */
export async function benchPolicyReplay(records: number): Promise<ReplayBench> {
  const folder = await mkdtemp(join(tmpdir(), 'sluice-replay-'));
  try {
    const file = join(folder, 'records.jsonl');
    const candidate = join(folder, 'candidate.yaml');
    await writeFile(candidate, policyText('candidate'));
    await pipeline(recordedLines(records), createWriteStream(file));
    const startedMs = performance.now();
    const { stdout } = await promisify(execFile)(
      process.execPath,
      [join(root, 'gateway/src/cli/sluice.ts'), 'policy', 'replay', candidate, '--from', file, '--json'],
      { maxBuffer: 64 * 1024 * 1024 },
    );
    const seconds = (performance.now() - startedMs) / 1000;
    const { read, replayed, changed, changes, groups } = ReplayReport.parse(JSON.parse(stdout));
    const report = { read, replayed, changed, changes, groups: groups.length };
    return { records, megabytes: statSync(file).size / 1e6, seconds, report };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Records as the store keeps them: people who do the same things again and again with other constants. */
export function* recordedLines(count: number): Generator<string> {
  const policy = policyOf(policyText('old'));
  const repeated = new Map<number, string>();
  const people = Array.from({ length: PEOPLE }, (_, n) => somebody(n));
  let seed = 1;
  const below = (limit: number): number => {
    seed = (Math.imul(seed, 1_103_515_245) + 12_345) & 0x7fff_ffff;
    return Math.floor((seed / 0x8000_0000) * limit);
  };
  let chunk = '';
  for (let n = 0; n < count; n++) {
    // The square of a uniform number: a few people and statements make most of what there is.
    const who = Math.floor(below(PEOPLE) ** 2 / PEOPLE);
    const table = Math.floor(below(TABLES) ** 2 / TABLES);
    const kind = below(KINDS.length);
    const principal = people[who] ?? somebody(who);
    const key = (who * TABLES + table) * KINDS.length + kind;
    const asked = repeated.get(key) ?? askedText(principal, statementOn(table, kind), policy);
    repeated.set(key, asked);
    const at = new Date(Date.UTC(2026, 0, 1) + n * 1000).toISOString();
    const own = {
      id: `0198-${n}`,
      at,
      sessionId: `s-${who}`,
      surface: 'postgres',
      principal: principal.id,
      principalName: principal.name,
      target: shop.name,
      statement: `${KINDS[kind]} t${table} where id = ${n} and name = 'somebody ${n}'`,
    };
    const kept = below(100) < WITHOUT_QUESTION ? asked.slice(0, asked.indexOf(',"question":')) : asked;
    const outcome = `{"status":"done","sqlState":null,"rows":${n % 7},"bytes":${n % 999},"durationMs":0.${n % 97}}`;
    chunk += `${JSON.stringify(own).slice(0, -1)},${kept},"outcome":${outcome}}\n`;
    if (chunk.length < 1 << 20) continue;
    yield chunk;
    chunk = '';
  }
  yield chunk;
}

const KINDS = ['select', 'join', 'update', 'delete'] as const;

function statementOn(table: number, kind: number): Statement {
  const columns = Array.from({ length: COLUMNS }, (_, n) => `t${table}.c${n}`);
  const base = { reads: [`t${table}`], disclosed: columns, conditions: [`t${table}.id`] };
  const word = KINDS[kind];
  if (word === 'select') return base;
  const other = (table + 1) % TABLES;
  if (word === 'join')
    return { ...base, reads: [`t${table}`, `t${other}`], disclosed: [...columns, `t${other}.email`] };
  const by = word === 'delete' ? 'delete' : 'update';
  return { kind: by, reads: [`t${table}`], writes: { [`t${table}`]: by }, conditions: [`t${table}.id`] };
}

function somebody(n: number): Principal {
  return person(['developers', `g${n % 40}`], {
    id: PrincipalId.parse(`person:p${n}@shop.example`),
    name: `Person ${n}`,
    claims: { region: `r${n % 9}` },
  });
}

function askedText(principal: Principal, statement: Statement, policy: ReturnType<typeof policyOf>): string {
  const put = question(principal, statement);
  const { decision } = policy.decide(put);
  const { network, columns, through, facts } = put;
  const asked = { labels: shop.labels, network, principal, columns, through };
  return JSON.stringify({ facts, decision, question: asked }).slice(1, -1);
}

/** 200 rules, of which few are about one statement; the candidate masks, asks, blocks and looks at the clock otherwise. */
function policyText(which: 'old' | 'candidate'): string {
  const rules = Array.from({ length: RULES }, (_, n) => ({
    id: `r${n}`,
    owner: 'o',
    because: 'b',
    who: { groups: [n % 2 === 0 ? 'developers' : `g${n % 40}`] },
    ...ruleOf(n, which === 'candidate'),
  }));
  return stringify({ version: 1, rules });
}

function ruleOf(n: number, isCandidate: boolean): Record<string, unknown> {
  const table = `public.t${n % TABLES}`;
  if (n % 50 === 12 && isCandidate)
    return { on: { tables: [table] }, doing: ['delete'], ...follows('block') };
  if (n % 50 === 8 && isCandidate) {
    const when = 'now.getHours() < 8';
    return { on: { tables: [table] }, doing: ['update'], when, ...follows({ approve: { by: ['dba'] } }) };
  }
  if (n % 5 === 0)
    return { on: { tables: ['t*'] }, doing: ['select', 'update', 'delete'], ...follows('allow') };
  if (n % 5 === 1) {
    const method = isCandidate && n % 3 === 0 ? 'token' : 'redact';
    return { on: { columns: [`t${n % TABLES}.c${n % COLUMNS}`] }, ...follows({ mask: { method } }) };
  }
  if (n % 5 === 2) {
    return { on: { tables: [table] }, doing: ['delete'], ...follows({ approve: { by: ['dba'] } }) };
  }
  return { on: { targets: ['other*'], tables: [table] }, doing: 'anything', ...follows('block') };
}

/** The policy language's word is one that a literal should not have. */
function follows(then: unknown): Record<string, unknown> {
  return Object.fromEntries([['then', then]]);
}

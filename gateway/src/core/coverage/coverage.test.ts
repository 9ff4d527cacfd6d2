import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Facts } from '../../../contract/facts.ts';
import type { HostUse } from '../../../contract/host-facts.ts';
import { TargetName } from '../../../contract/ids.ts';
import type { ActionRecord } from '../../../contract/record.ts';
import { aRecord } from '../../adapters/store/a-record.fixture.ts';
import { facts } from '../policy/a-question.fixture.ts';
import { coverageGaps } from './gaps.ts';
import { CoverageLedger } from './ledger.ts';

const done = { status: 'done', sqlState: null, rows: 0, bytes: 0, durationMs: 1 } as const;
const run = (program: string): HostUse => ({
  kind: 'run',
  program: { program, arguments: [], moreArguments: false, environment: [], redirections: [], by: [] },
});
const host = (uses: HostUse[], letThrough?: string[]): Facts => ({
  protocol: 'ssh',
  account: 'deploy',
  uses,
  readOnly: false,
  unknowns: [],
  ...(letThrough === undefined ? {} : { letThrough }),
});
const record = (about: Facts | null, changes: Partial<ActionRecord> = {}) =>
  aRecord(1, { facts: about, outcome: done, ...changes });
const gapsOf = (about: Facts | null, changes: Partial<ActionRecord> = {}) =>
  coverageGaps(record(about, changes)).map(({ gap, why }) => [gap, why]);

test('what was told and decided in whole has no gap', () => {
  assert.deepEqual(gapsOf(facts({ reads: ['customers'] })), []);
  assert.deepEqual(gapsOf(host([run('ls'), { kind: 'readFile', path: '/etc/hosts' }])), []);
});

test('each way in which something is not looked into has a name, and says what', () => {
  const called = { schema: 'public', name: 'order_total', volatility: 'stable' } as const;
  const use = { ...run('python3'), kind: 'interpreter' } as HostUse;
  const cases: Array<[Facts | null, string, string]> = [
    [null, 'notParsed', 'Allowed by rule developers-read of dba.'],
    [facts({ unknowns: ['function f is not known'] }), 'notUnderstood', 'function f is not known'],
    [{ ...facts({}), functions: [called] }, 'reviewedFunction', 'public.order_total'],
    [host([], ['what "$x" stands for']), 'letThrough', 'what "$x" stands for'],
    [host([{ kind: 'terminal' }]), 'rawTerminal', ''],
    [host([{ kind: 'agent' }]), 'lentAgent', ''],
    [host([{ kind: 'forward', host: 'db', port: 5432 }]), 'forwarded', 'db:5432'],
    [host([run('/usr/bin/scp')]), 'carriedFiles', '/usr/bin/scp'],
    [host([run('python3'), use]), 'anyProgram', 'python3'],
  ];
  for (const [about, gap, why] of cases) assert.deepEqual(gapsOf(about), [[gap, why]]);
  assert.deepEqual(gapsOf(facts({}), { outcome: { ...done, status: 'lost' } }), [['lost', '']]);
});

test('a target has a figure and a list; what was blocked lowers no share', () => {
  const web = TargetName.parse('web-1');
  const ledger = new CoverageLedger();
  const blocked = { ...record(null).decision, outcome: 'block' } as const;
  ledger.take(record(facts({})));
  ledger.take(record(null, { decision: blocked, outcome: { ...done, status: 'refused' } }));
  ledger.take(record(host([{ kind: 'terminal' }, { kind: 'agent' }]), { target: web }));
  ledger.take(record(host([run('ls')]), { target: web }));
  const { targets, read } = ledger.report();
  assert.equal(read, 4);
  assert.deepEqual(
    targets.map(({ target, actions, ran, uninspected, inspectedShare, gaps }) => [
      target,
      actions,
      ran,
      uninspected,
      inspectedShare,
      gaps.map((one) => [one.gap, one.ran, one.blocked, one.examples.length]),
    ]),
    [
      [
        'web-1',
        2,
        2,
        1,
        0.5,
        [
          ['rawTerminal', 1, 0, 1],
          ['lentAgent', 1, 0, 1],
        ],
      ],
      ['shop', 2, 1, 0, 1, [['notParsed', 0, 1, 1]]],
    ],
  );
});

import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ProgramRun } from '../../../../contract/command-facts.ts';
import type { Decision } from '../../../../contract/decision.ts';
import type { HostUse } from '../../../../contract/host-facts.ts';
import { TargetName } from '../../../../contract/ids.ts';
import type { Target } from '../../../../contract/target.ts';
import { person, policyOf, tryPolicy } from '../a-question.fixture.ts';
import type { Policy } from '../policy.ts';

const web: Target = { name: TargetName.parse('web'), kind: 'ssh', labels: { env: 'production' } };
const ana = person(['developers']);

const rule = (id: string, lines: string) =>
  `\n  - { id: ${id}, owner: ops@shop.example, who: everyone, because: "the reason of ${id}", ${lines} }`;
const policyWith = (...rules: string[]) => policyOf(`version: 1\nrules:${rules.join('')}`);

/** `rm -rf /`, as it would be run; `by` are the programs that run it. */
function run(line: string, changes: Partial<ProgramRun> = {}): HostUse {
  const [program = '', ...args] = line.split(' ');
  const rest = { moreArguments: false, environment: [], redirections: [], by: [] };
  return { kind: 'run', program: { program, arguments: args, ...rest, ...changes } };
}

function decide(policy: Policy, uses: HostUse[], account = 'deploy', unknowns: string[] = []): Decision {
  const facts = { protocol: 'ssh', account, uses, readOnly: false, unknowns } as const;
  const at = new Date('2026-03-04T10:00:00Z');
  return policy.decide({ principal: ana, target: web, facts, at, network: '10.1.2.3' }).decision;
}
const outcome = (policy: Policy, ...uses: HostUse[]) => decide(policy, uses).outcome;

const LOOK = rule('look', 'on: { programs: [ls, cat] }, doing: [run], then: allow');

test('each program of a line needs a rule, and the sentence names what is missing', () => {
  const policy = policyWith(LOOK);
  assert.equal(outcome(policy, run('ls -l'), run('cat a')), 'allow');
  const decision = decide(policy, [run('ls'), run('rm -rf /')]);
  assert.equal(decision.outcome, 'block');
  assert.equal(decision.sentence, 'Blocked: no rule lets you run rm on web.');
  assert.match(decision.next, /allows doing \[run\], on programs \[rm\]; ask an admin/);
  assert.equal(outcome(policy, run('cd /tmp'), run('ls')), 'allow');
  const nobody = policyWith(rule('never', 'on: everything, doing: anything, then: block'));
  assert.equal(outcome(nobody, run('cd /tmp')), 'block');
});

test('what is not known for certain is not allowed', () => {
  const policy = policyWith(LOOK);
  // Another program of that name may stand anywhere.
  assert.equal(outcome(policy, run('/tmp/ls')), 'block');
  assert.equal(outcome(policy, run('cat /etc/shadow', { by: ['sudo'] })), 'block');
  assert.equal(outcome(policy, run('cat a', { by: ['env'] })), 'allow');
  assert.equal(decide(policy, [run('ls')], 'deploy', ['`$x` is expanded']).outcome, 'block');
});

test('a rule that blocks is about whatever may be meant', () => {
  const all = rule('all', 'on: everything, doing: anything, then: allow');
  const never = rule(
    'never',
    'on: { programs: [{ program: rm, with: [-r, -R, --recursive] }] }, doing: [run], then: block',
  );
  const policy = policyWith(all, never);
  for (const line of ['rm -rf /', '/bin/rm -fr /', 'rm --recur /', 'rm -f -- -r', 'rm -R x']) {
    assert.equal(outcome(policy, run(line)), 'block', line);
  }
  assert.equal(outcome(policy, run('rm -rf /', { by: ['sudo', 'env'] })), 'block');
  assert.equal(outcome(policy, run('rm -f', { by: ['xargs'], moreArguments: true })), 'block');
  assert.equal(outcome(policy, run('rm -f a')), 'allow');
  assert.equal(
    decide(policy, [run('rm -rf /')]).sentence,
    'Blocked by rule never of ops@shop.example: the reason of never.',
  );
});

test('options and arguments narrow what is allowed', () => {
  const policy = policyWith(
    rule(
      'narrow',
      'on: { programs: [{ program: systemctl, arguments: [status, "*"] }, { program: tar, options: [-t, -f, --list] }, { program: rm, without: [-r, -R, --recursive] }] }, doing: [run], then: allow',
    ),
  );
  for (const line of ['systemctl status nginx', 'tar -tf a.tar', 'tar --list -f a', 'rm a', 'rm -f a']) {
    assert.equal(outcome(policy, run(line)), 'allow', line);
  }
  for (const line of [
    'systemctl stop nginx',
    'systemctl status a b',
    'tar -xf a',
    'tar -tf a --to-command=x',
  ]) {
    assert.equal(outcome(policy, run(line)), 'block', line);
  }
  const found = run('rm -f', { by: ['xargs'], moreArguments: true });
  assert.equal(outcome(policy, found), 'block');
  for (const line of ['rm -fr a', 'rm --recurs a', 'rm -- a -r'])
    assert.equal(outcome(policy, run(line)), 'block');
});

test('who runs it as somebody else is named', () => {
  const policy = policyWith(
    rule(
      'restart',
      'on: { programs: [sudo, { program: systemctl, arguments: [restart, nginx], by: [sudo] }] }, doing: [run], then: allow',
    ),
  );
  const restart = run('systemctl restart nginx', { by: ['sudo'] });
  assert.equal(outcome(policy, run('sudo systemctl restart nginx'), restart), 'allow');
  assert.equal(outcome(policy, run('sudo rm a'), run('rm a', { by: ['sudo'] })), 'block');
});

test('what could run anything, files, connections and channels have words of their own', () => {
  const policy = policyWith(
    LOOK,
    rule('page', 'on: { programs: [less] }, doing: [run, pager], then: allow'),
    rule('vi', 'on: { programs: [vi] }, doing: [run], then: allow'),
    rule('logs', 'on: { paths: [/var/log/*.log] }, doing: [readFile], then: allow'),
    rule('tmp', 'on: { paths: ["/tmp/**"] }, doing: [readFile, writeFile], then: allow'),
    rule('db', 'on: { destinations: ["db.internal:5432", "[::1]:*"] }, doing: [forward], then: allow'),
    rule('raw', 'on: { accounts: [root] }, doing: [terminal], then: { approve: { by: [ops] } }'),
  );
  const freedom = (kind: 'pager' | 'editor', line: string): HostUse => {
    const use = run(line);
    return 'program' in use ? { ...use, kind } : use;
  };
  assert.equal(outcome(policy, run('less a'), freedom('pager', 'less a')), 'allow');
  assert.equal(outcome(policy, run('vi a'), freedom('editor', 'vi a')), 'block');
  assert.match(decide(policy, [freedom('editor', 'vi a')]).sentence, /run anything from vi on web/);
  assert.equal(outcome(policy, { kind: 'readFile', path: '/var/log/a.log' }), 'allow');
  assert.equal(outcome(policy, { kind: 'readFile', path: '/var/log/old/a.log' }), 'block');
  assert.equal(outcome(policy, { kind: 'writeFile', path: '/var/log/a.log' }), 'block');
  assert.equal(outcome(policy, { kind: 'writeFile', path: '/tmp/a/b' }), 'allow');
  assert.equal(outcome(policy, { kind: 'forward', host: 'DB.internal', port: 5432 }), 'allow');
  assert.equal(outcome(policy, { kind: 'forward', host: '::1', port: 80 }), 'allow');
  assert.equal(outcome(policy, { kind: 'forward', host: 'db.internal', port: 22 }), 'block');
  assert.equal(outcome(policy, { kind: 'remoteForward', host: 'db.internal', port: 5432 }), 'block');
  assert.equal(outcome(policy, { kind: 'agent' }), 'block');
  assert.equal(decide(policy, [{ kind: 'terminal' }], 'root').outcome, 'approve');
  assert.equal(decide(policy, [{ kind: 'terminal' }], 'deploy').outcome, 'block');
});

test('rules about tables are about no host, and rules about programs about no database', () => {
  const policy = policyWith(
    rule('tables', 'on: { tables: ["*"] }, doing: anything, then: allow'),
    rule('mask', 'on: { columns: ["*"] }, then: { mask: { method: redact } }'),
  );
  assert.match(decide(policy, [run('ls')]).sentence, /^Blocked: no rule of the policy lets Ana Ruiz use web/);
  const mixed = tryPolicy(
    `version: 1\nrules:${rule('mixed', 'on: { tables: [a], programs: [ls] }, doing: anything, then: allow')}`,
  );
  assert.ok(Array.isArray(mixed) && /stand together; write two rules/.test(mixed.join()), String(mixed));
});

test('detectors look at what a host shows', () => {
  const policy = policyWith(LOOK, rule('cards', 'on: { programs: [cat] }, then: { detect: [cards] }'));
  const decision = decide(policy, [run('cat a')]);
  assert.equal(decision.outcome, 'mask');
  assert.deepEqual(
    decision.detections?.map(({ detect, columns }) => [detect, columns]),
    [[['cards'], null]],
  );
  assert.equal(outcome(policy, run('ls')), 'allow');
});

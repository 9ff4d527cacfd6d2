import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { readingAll } from '../../../gateway/src/proxies/ssh/shell/read-line.ts';
import { loadBashGrammar } from '../../../gateway/src/shell/audit/grammar.ts';
import { root } from '../../../scripts/setup/root.ts';
import { openSshLab, type SshLab } from '../lab/lab.ts';
import { Typist } from '../lab/typist.ts';
import { ALLOWED, attempts } from './attempts.ts';
import { auditDocument, type Outcome } from './audit-table.ts';
import { Canary } from './canary.ts';

/** Audit mode, with the lines that strict mode lets none of through: what it lets through is documented. */

const POLICY = `
version: 1
rules:
  - { id: programs, owner: ops@shop.example, who: everyone, on: { programs: [${ALLOWED.map((name) => `"${name}"`).join(', ')}] }, doing: [run], then: allow, because: They look. }
`;
const DOCUMENT = join(root, 'docs/AUDIT-MODE.md');

let lab: SshLab;
let canary: Canary;
before(async () => {
  lab = await openSshLab(POLICY, {}, readingAll(await loadBashGrammar()));
  canary = new Canary(lab.folder);
});
after(() => lab?.close());

test('the document says what audit mode lets through', async () => {
  const outcomes: Outcome[] = [];
  let typist: Typist | null = null;
  for (const [family, all] of Object.entries(attempts)) {
    for (const attempt of all) {
      typist ??= await Typist.open(lab);
      const isThrough = await isDone(typist, attempt);
      outcomes.push({ family, attempt, isThrough });
      // What got through may have changed what the next line means.
      if (!isThrough && (await isAlive(typist))) continue;
      typist.kill();
      typist = null;
    }
  }
  typist?.kill();
  if (process.env.SLUICE_WRITE_DOCS !== undefined) writeFileSync(DOCUMENT, auditDocument(outcomes));
  assert.equal(readFileSync(DOCUMENT, 'utf8'), auditDocument(outcomes));
});

test('what is let through is in the record, and state of the shell lasts', async () => {
  const typist = await Typist.open(lab);
  assert.match(await typist.enter('for i in 1 2; do echo "n$i"; done'), /\nn1\r\nn2\r\n/);
  const facts = lab.recorder.records.at(-1)?.facts;
  assert.ok(facts?.protocol === 'ssh');
  assert.match(facts.letThrough?.join(' ') ?? '', /runs its commands as often as there are words/);
  await typist.enter('x=5; f() { echo "f$1"; }');
  assert.match(await typist.enter('f "$x"; false'), /Blocked|no rule/i);
  await typist.enter('[ -d /nowhere ]');
  assert.match(await typist.enter('echo "$x$?"'), /\n51\r\n/);
  typist.kill();
});

async function isDone(typist: Typist, attempt: string | readonly string[]): Promise<boolean> {
  // A shell that ended has done what it did.
  for (const line of canary.linesOf(attempt)) await typist.enter(line.replaceAll('\n', '\r')).catch(() => '');
  return canary.taken();
}

async function isAlive(typist: Typist): Promise<boolean> {
  const shown = await typist.enter('echo alive').catch(() => '');
  return /\nalive\r\n/.test(shown);
}

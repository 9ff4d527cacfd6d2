import assert from 'node:assert/strict';
import { test } from 'node:test';
import { namesPathIn } from '../match/paths.ts';
import { ruleName } from '../match/program.ts';
import { bypasses, type Verdict } from './bypasses.fixture.ts';
import { readStrict, type StrictLine } from './read-strict.ts';
import { StubFolder } from './real-shells.fixture.ts';

const allowedPrograms = new Set(
  `: [ cat cd command cut date df echo env false find git grep head id ip ls nice nohup printf pwd rsync sed setsid
  sort split stat tail tar tcpdump test timeout tr true type uniq wait wc xargs zip`.split(/\s+/),
);

/** A policy as small as can be: some programs, none of their freedoms, writing below /tmp alone. */
function isAllowed({ facts }: StrictLine): boolean {
  const opened = facts.programs.flatMap(({ redirections }) => redirections);
  return (
    facts.unknowns.length === 0 &&
    facts.freedoms.length === 0 &&
    facts.programs.every(({ program }) => allowedPrograms.has(ruleName(program))) &&
    opened.every(({ mode, path }) => mode === 'read' || isInTmp(path))
  );
}

function isInTmp(path: string): boolean {
  const run = {
    program: '',
    arguments: [path],
    moreArguments: false,
    environment: [],
    redirections: [],
    by: [],
  };
  return namesPathIn(run, '/tmp', '/srv') === 'yes';
}

function verdictOf(line: string): Verdict {
  const reading = readStrict(line);
  if (reading.outcome !== 'complete') return reading.outcome;
  return isAllowed(reading) ? 'allowed' : 'blocked';
}

for (const { family, lines } of bypasses) {
  test(`${family}: ${lines.length} attempts`, () => {
    assert.deepEqual(
      lines.map(([line]) => [line, verdictOf(line)]),
      lines.map(([line, verdict]) => [line, verdict]),
    );
  });
}

test('what is allowed does not run the forbidden program', () => {
  const allowed = bypasses
    .flatMap(({ lines }) => lines.map(([line]) => readStrict(line)))
    .filter((reading): reading is StrictLine => reading.outcome === 'complete' && isAllowed(reading));
  assert.ok(allowed.length > 30);
  using folder = new StubFolder(['pwn'], '/usr/bin:/bin');
  for (const shell of ['bash', 'bash, interactive', 'dash'] as const) {
    const ran = folder.run(
      shell,
      allowed.map(({ text }) => text),
    );
    for (const [index, { text }] of allowed.entries()) assert.deepEqual(ran[index], [], text);
  }
});

test('the forbidden program would be seen, were it run', () => {
  using folder = new StubFolder(['pwn'], '/usr/bin:/bin');
  assert.deepEqual(folder.run('bash', ['find . -maxdepth 0 -exec pwn {} \\;']), [[['pwn', '.']]]);
});

test('every refusal says what to do, and where', () => {
  for (const [line] of bypasses.flatMap(({ lines }) => lines)) {
    const reading = readStrict(line);
    if (reading.outcome !== 'refused') continue;
    assert.match(reading.message, /^[A-Z`].*\.$/s, line);
    assert.ok(reading.at <= line.length);
    assert.match(
      `${reading.message} ${reading.advice}`,
      /\. \S.*[.]$|: .*\.$/s,
      `${line}: ${reading.message}`,
    );
  }
});

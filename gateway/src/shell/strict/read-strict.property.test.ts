import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import fc from 'fast-check';
import { plausibleLine, spoiltLine, stubs } from './lines.fixture.ts';
import { readStrict, type StrictLine } from './read-strict.ts';
import { StubFolder } from './real-shells.fixture.ts';

const folder = new StubFolder(stubs);
after(() => folder[Symbol.dispose]());

function completeOnes(lines: readonly string[]): { line: string; reading: StrictLine }[] {
  return lines.flatMap((line) => {
    const reading = readStrict(line);
    return reading.outcome === 'complete' && reading.text !== '' ? [{ line, reading }] : [];
  });
}

const plausible = completeOnes(fc.sample(plausibleLine, { numRuns: 40, seed: 1 }));
const spoilt = completeOnes(fc.sample(spoiltLine, { numRuns: 1500, seed: 1 })).slice(0, 40);
const all = [...plausible, ...spoilt];
const texts = all.map(({ reading }) => reading.text);
const ranInBash = folder.run('bash', texts);

test('most of the lines are read', () => {
  assert.ok(plausible.length > 35, `${plausible.length} plausible lines`);
  assert.ok(spoilt.length > 35, `${spoilt.length} spoilt lines`);
});

for (const [shell, ran] of [
  ['bash', ranInBash],
  ['bash, interactive', folder.run('bash, interactive', texts)],
  ['dash', folder.run('dash', texts)],
] as const) {
  test(`${shell} runs nothing that the facts do not name`, () => {
    assert.ok(ran.flat().length > ranInBash.flat().length / 2, `${ran.flat().length} calls`);
    for (const [index, { line, reading }] of all.entries()) {
      const named = reading.facts.programs.map((run) => JSON.stringify([run.program, ...run.arguments]));
      for (const call of ran[index] ?? []) {
        const at = named.indexOf(JSON.stringify(call));
        assert.notEqual(
          at,
          -1,
          `${JSON.stringify(line)} ran ${JSON.stringify(call)}, not in ${named.join(' ')}`,
        );
        named.splice(at, 1);
      }
    }
  });
}

test('a line and what was made of it run the same programs', () => {
  const meant = folder.run(
    'bash',
    all.map(({ line }) => line),
  );
  for (const [index, { line, reading }] of all.entries()) {
    assert.deepEqual(
      ranInBash[index],
      meant[index],
      `${JSON.stringify(line)} became ${JSON.stringify(reading.text)}`,
    );
  }
});

test('nothing makes the reader throw', () => {
  const soup = fc.oneof(
    spoiltLine,
    plausibleLine,
    fc.string({ unit: 'binary' }),
    fc.uint8Array({ maxLength: 60 }).map((bytes) => new TextDecoder().decode(bytes)),
    fc.uint8Array({ maxLength: 60 }).map((bytes) => Buffer.from(bytes).toString('latin1')),
  );
  fc.assert(
    fc.property(soup, (line) => {
      const reading = readStrict(line);
      if (reading.outcome === 'complete') assert.deepEqual(reading.facts.unknowns, []);
    }),
    { numRuns: 1000 },
  );
});

test('no line takes long', () => {
  const long = [
    '('.repeat(65_000),
    '{ '.repeat(30_000),
    "'".repeat(65_000),
    'env '.repeat(16_000),
    '<<E '.repeat(16_000),
    'a;'.repeat(30_000),
    'if '.repeat(20_000),
    `echo ${'\\\n'.repeat(30_000)}`,
    `find ${'-exec ls \\; '.repeat(5000)}`,
    `sed '${'\\'.repeat(60_000)}'`,
    `sed '${'/a/,/b/'.repeat(9000)}'`,
    `sed s/${'a'.repeat(30_000)}`,
    `sed '${'p;'.repeat(30_000)}q!'`,
    `sed 'p${' '.repeat(60_000)}x'`,
    `sed '1${' '.repeat(60_000)}x'`,
    `test '${'['.repeat(60_000)}'`,
    `printf '${'%0'.repeat(30_000)}'`,
    `${'1'.repeat(60_000)}x`,
    `ld${'.so'.repeat(20_000)}x`,
    `cat <<E\n${'\\'.repeat(60_000)}x\nE`,
    `TZ=${'a/'.repeat(30_000)} ls`,
    `ls ${'-'.repeat(60_000)}`,
  ];
  const begin = performance.now();
  for (const line of long) readStrict(line);
  assert.ok(performance.now() - begin < 5000, `${performance.now() - begin} ms`);
});

import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import fc from 'fast-check';
import { readStrict, type StrictLine } from '../strict/read-strict.ts';
import { StubFolder } from '../strict/real-shells.fixture.ts';

const folder = new StubFolder(['a', 'b', '5', '-n'], '/usr/bin:/bin');
after(() => folder[Symbol.dispose]());

/** Words that some wrapper takes for an option, a value or a program. */
const words: Readonly<Record<string, readonly string[]>> = {
  env: [
    '-i',
    '-u',
    '-',
    '--',
    'A=1',
    '=',
    '-v',
    '-0',
    '-uA',
    '--unset',
    '--uns=A',
    '--ignore',
    '-iu',
    '--debug',
    '-S',
    '-C',
    '.',
  ],
  nice: ['-n', '5', '-5', '--5', '-n5', '--adjustment', '--adj=5', '--', '-', '+5', '-+5'],
  nohup: ['--', '-', '-p'],
  timeout: [
    '5',
    '-k',
    '1',
    '-s',
    'KILL',
    '--signal',
    '--sig=9',
    '-v',
    '--foreground',
    '--fore',
    '-k1',
    '-vk',
    '--',
  ],
  stdbuf: ['-o', 'L', '-oL', '-i0', '--output', '--out=L', '-e', '--'],
  setsid: ['-w', '-c', '-f', '--wait', '--w', '-wf', '--'],
  ionice: ['-c', '3', '-c3', '-n', '5', '-t', '--class', '--cl=2', '-tn', '--'],
  xargs: [
    '-n',
    '1',
    '-n1',
    '-I',
    '%',
    '-I%',
    '-0',
    '-r',
    '-t',
    '-P',
    '-L',
    '--max-args',
    '--max-args=1',
    '-d',
    '-E',
    '--',
    '-x',
    '--null',
    '--rep',
    '--replace',
    '{}',
    '-i',
    '-l',
    '-e',
  ],
  find: [
    '.',
    '-exec',
    '-execdir',
    '{}',
    ';',
    '+',
    '-name',
    '-type',
    'f',
    '-o',
    '-not',
    '-maxdepth',
    '1',
    '-newer',
    '(',
    ')',
    '-ok',
    '-print',
    '-D',
    '-H',
    '-path',
  ],
  command: ['-p', '-v', '-V', '--', '-pv', '-'],
  time: ['-p', '--', '-f', 'x', '-v', '-o'],
};

const wrapper = fc.constantFrom(...Object.keys(words));
const piece = wrapper.chain((name) =>
  fc
    .array(
      fc.oneof(
        { weight: 3, arbitrary: fc.constantFrom(...(words[name] ?? [])) },
        { weight: 2, arbitrary: fc.constantFrom('a', 'b') },
      ),
      {
        minLength: 1,
        maxLength: 5,
      },
    )
    .map((rest) => [name, ...rest]),
);
const line = fc.array(piece, { minLength: 1, maxLength: 2 }).map(
  (pieces) =>
    `printf 'a\\nb c\\n-n\\n' | ${pieces
      .flat()
      .map((word) => `'${word}'`)
      .join(' ')}`,
);

test('wrappers run what the facts say they run', () => {
  const read = fc
    .sample(line, {
      numRuns: Number(process.env.SLUICE_RUNS ?? 500),
      seed: Number(process.env.SLUICE_SEED ?? 1),
    })
    .map(readStrict)
    .filter((reading): reading is StrictLine => reading.outcome === 'complete');
  const ran = folder.run(
    'bash',
    read.map(({ text }) => text),
  );
  assert.ok(read.length > 30, `${read.length} lines`);
  assert.ok(ran.flat().length > 30, `${ran.flat().length} calls`);
  for (const [index, { text, facts }] of read.entries()) {
    for (const [program, ...args] of ran[index] ?? []) {
      const isNamed = facts.programs.some(
        (run) =>
          run.program === program &&
          (run.moreArguments || JSON.stringify(run.arguments) === JSON.stringify(args)),
      );
      const named = facts.programs.map((run) => [run.program, ...run.arguments].join(' ')).join(' | ');
      assert.ok(isNamed, `${text} ran ${program} ${JSON.stringify(args)}, not in ${named}`);
    }
  }
});

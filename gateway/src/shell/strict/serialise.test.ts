import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { List, SimpleCommand } from '../script.ts';
import { anyWord } from './lines.fixture.ts';
import { readStrict } from './read-strict.ts';
import { runScript, shells } from './real-shells.fixture.ts';
import { quote, serialise } from './serialise.ts';

function scriptOf(commands: readonly SimpleCommand[]): List {
  return commands.map((command) => ({
    background: false,
    pipelines: [{ after: null, pipeline: { timed: 'no' as const, negated: false, commands: [command] } }],
  }));
}

function calling(words: readonly [string, ...string[]], input: string | null = null): SimpleCommand {
  const redirects = input === null ? [] : [{ kind: 'text' as const, descriptor: 0, text: input }];
  return { kind: 'simple', assignments: [], words, redirects };
}

const someWords = fc.sample(fc.array(anyWord, { maxLength: 5 }), { numRuns: 250, seed: 1 });

for (const { name } of shells) {
  test(`${name} gives a program exactly the words that were serialised`, () => {
    const scripts = someWords.map((words) =>
      serialise(scriptOf([calling(['/usr/bin/printf', '%s\\0', ...words, 'end of words'])])),
    );
    const printed = runScript(name, scripts.join('\n')).toString('utf8').split('\0');
    assert.deepEqual(
      printed.slice(0, -1),
      someWords.flatMap((words) => [...words, 'end of words']),
    );
  });

  test(`${name} gives a program exactly the text of a here-document`, () => {
    const texts = someWords.map((words) => `${words.join('\n')}\n`).slice(0, 100);
    const scripts = texts.map((text) =>
      serialise(scriptOf([calling(['/bin/cat'], text), calling(['/usr/bin/printf', '\\0'])])),
    );
    assert.deepEqual(runScript(name, scripts.join('\n')).toString('utf8').split('\0').slice(0, -1), texts);
  });
}

test('sh gets the same words in an argument of -c, as sshd hands them over', () => {
  const words = someWords.slice(0, 60).flat();
  const line = serialise(scriptOf([calling(['/usr/bin/printf', '%s\\0', ...words])]));
  const printed = runScript('sh', `exec sh -c ${quote(line)}`)
    .toString('utf8')
    .split('\0');
  assert.deepEqual(printed.slice(0, -1), words);
});

test('what was serialised reads back as the same', () => {
  const visible = anyWord.filter((word) => readStrict(quote(word)).outcome !== 'refused');
  fc.assert(
    fc.property(fc.array(visible, { maxLength: 5 }), fc.option(visible), (words, input) => {
      const text = serialise(scriptOf([calling(['p', ...words], input === null ? null : `${input}\n`)]));
      const again = readStrict(text);
      assert.equal(again.outcome, 'complete');
      if (again.outcome === 'complete') assert.equal(again.text, text);
    }),
    { numRuns: 500 },
  );
});

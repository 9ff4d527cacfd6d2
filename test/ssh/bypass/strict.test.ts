import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { openSshLab, type SshLab } from '../lab/lab.ts';
import { PROMPT, Typist } from '../lab/typist.ts';
import { ALLOWED, attempts } from './attempts.ts';
import { Canary } from './canary.ts';

/** Strict mode lets none of them through: at the terminal, and as commands of the exec channel. */

const POLICY = `
version: 1
rules:
  - { id: programs, owner: ops@shop.example, who: everyone, on: { programs: [${ALLOWED.map((name) => `"${name}"`).join(', ')}] }, doing: [run], then: allow, because: They look. }
`;

/** Channels of one connection. */
const AT_ONCE = 12;

let lab: SshLab;
let canary: Canary;
before(async () => {
  lab = await openSshLab(POLICY);
  canary = new Canary(lab.folder);
});
after(() => lab?.close());

for (const [family, all] of Object.entries(attempts)) {
  test(`${family}: ${all.length} attempts, at the terminal and as commands beside it`, async () => {
    const socket = join(lab.folder, 'master');
    const typist = await Typist.open(lab, PROMPT, '-M', '-S', socket);
    const command = (line: string) => lab.ssh(line, '-S', socket);
    for (const [index, attempt] of all.entries()) {
      for (const line of canary.linesOf(attempt)) await typist.enter(line.replaceAll('\n', '\r'));
      // A shell that nothing comes through any more would let no attempt through.
      assert.match(
        await typist.enter(`echo alive ${index}`),
        new RegExp(`\\nalive ${index}\\r\\n`),
        `${attempt}`,
      );
      assert.equal(canary.taken(), false, `at the terminal: ${attempt}`);
    }
    const commands = all.flatMap((attempt) => canary.linesOf(attempt));
    for (let at = 0; at < commands.length; at += AT_ONCE) {
      await Promise.all([...commands.slice(at, at + AT_ONCE), 'echo alive'].map(command));
      assert.equal(canary.taken(), false, `as a command, from ${commands[at]} on`);
    }
    assert.equal((await command('echo alive')).stdout, 'alive\n');
    typist.kill();
  });
}

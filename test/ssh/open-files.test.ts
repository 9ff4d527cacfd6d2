import assert from 'node:assert/strict';
import { test } from 'node:test';
import { OpenFiles } from '../../gateway/src/proxies/ssh/editor/open-files.ts';
import { openSshLab } from './lab/lab.ts';

/** Connections of people who look at files of a real host from the editor. */

test('so many looks of one person go at once; others look on, and whose access ends looks no more', async (context) => {
  const lab = await openSshLab('version: 1\nrules: []');
  const open = new OpenFiles(lab.target);
  context.after(() => {
    open.close();
    lab.close();
  });
  const [account] = lab.target.accounts;
  const look = <Result>(who: 'ana' | 'dora', work: () => Promise<Result>) => {
    const principal = lab.people[who];
    return open.use(principal.current()?.id ?? assert.fail(), principal, account, work);
  };
  const seen = Promise.withResolvers<string>();
  const looks = Array.from({ length: 16 }, () => look('ana', () => seen.promise));
  await assert.rejects(
    look('ana', () => seen.promise),
    /as many as go at once/,
  );
  assert.equal(await look('dora', async () => 'looks'), 'looks');
  seen.resolve('seen');
  assert.deepEqual(await Promise.all(looks), Array(16).fill('seen'));
  assert.equal(await look('ana', async () => 'again'), 'again');
  const names = () => lab.sessions.list().map(({ who }) => who.name);
  assert.deepEqual(names().sort(), ['ana', 'dora']);
  const ended = Promise.withResolvers<void>();
  lab.sessions.onChange({ changed: () => undefined, closed: () => ended.resolve() });
  lab.people.ana.revoke();
  await ended.promise;
  assert.deepEqual(names(), ['dora']);
});

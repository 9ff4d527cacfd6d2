import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { bootLab, type Lab } from './lab/lab.ts';
import { runClient } from './lab/run-client.ts';

/** pg_dump refuses servers newer than itself, and Debian 12 has version 15. */
describe('pg_dump', () => {
  let lab: Lab;
  before(async () => {
    lab = await bootLab({ version: 15 });
  });
  after(() => lab?.stop());

  it('dumps the schema as it does without the gateway', async () => {
    const argv: [string, ...string[]] = ['pg_dump', '--schema-only', '--no-owner', '--schema', 'public'];
    const direct = await runClient(lab.direct('shop'), argv);
    const through = await runClient(lab.through('shop'), argv);
    assert.deepEqual(direct.stderr, '');
    assert.deepEqual(through.stderr, '');
    assert.equal(withoutNonce(through.stdout), withoutNonce(direct.stdout));
    assert.match(direct.stdout, /CREATE TABLE public.customers/);
  });

  it('dumps rows, by COPY and by INSERT', async () => {
    for (const kind of [[], ['--inserts']]) {
      const argv: [string, ...string[]] = ['pg_dump', '--data-only', '--table', 'products', ...kind];
      const direct = await runClient(lab.direct('shop'), argv);
      const through = await runClient(lab.through('shop'), argv);
      assert.equal(through.stderr, direct.stderr);
      assert.equal(withoutNonce(through.stdout), withoutNonce(direct.stdout));
    }
  });
});

/** Newer minor versions write a random word around the dump, against injection. */
function withoutNonce(dump: string): string {
  return dump.replace(/^\\(un)?restrict .*$/gm, '');
}

import assert from 'node:assert/strict';
import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { aRecord } from '../a-record.fixture.ts';
import { openStore } from '../store.ts';
import { DONE } from './log.fixture.ts';

/** A store that finds less than it had left says so, and begins no other log over what is left. */

const root = mkdtempSync(join(tmpdir(), 'sluice-lost-files-'));
after(() => rmSync(root, { recursive: true, force: true }));
/** As gateways that were killed left it: the last of several, so that the journal alone does not have it all. */
const killed = join(root, 'killed');

before(async () => {
  let dir = '';
  for (let start = 0; start < 4; start++) {
    const next = join(root, String(start));
    if (dir !== '') cpSync(dir, next, { recursive: true });
    dir = next;
    const store = await openStore({ dir });
    for (let n = 0; n < 20; n++) await store.recorder.keep(aRecord(start * 20 + n, { outcome: DONE }));
    await store.audit.checkpoint();
    // Kept for the journal alone: nothing has been taken over since.
    for (let n = 0; n < 5; n++) await store.recorder.keep(aRecord(1000 + start * 5 + n, { outcome: DONE }));
    cpSync(dir, `${dir}-killed`, { recursive: true });
    await store.close();
    dir = `${dir}-killed`;
  }
  cpSync(dir, killed, { recursive: true });
});

const LOSSES: Record<string, (dir: string) => void> = {
  'no database': (dir) => {
    for (const name of ['sluice.db', 'sluice.db-wal', 'sluice.db-shm']) rmSync(join(dir, name));
  },
  'an empty database': (dir) => {
    for (const name of ['sluice.db-wal', 'sluice.db-shm']) rmSync(join(dir, name));
    writeFileSync(join(dir, 'sluice.db'), '');
  },
  'a database without its write-ahead log': (dir) => {
    for (const name of ['sluice.db-wal', 'sluice.db-shm']) rmSync(join(dir, name));
  },
  'no journal, whose last entries nobody took over': (dir) => {
    for (const name of ['journal-0', 'journal-1']) rmSync(join(dir, name));
  },
};

for (const [name, lose] of Object.entries(LOSSES)) {
  test(`refuses to go on: ${name}`, async () => {
    const dir = join(root, name.replaceAll(/\W+/g, '-'));
    cpSync(killed, dir, { recursive: true });
    lose(dir);
    const opened = openStore({ dir });
    opened.then((store) => store.close()).catch(() => undefined);
    await assert.rejects(opened, { code: 'store.corrupt' });
  });
}

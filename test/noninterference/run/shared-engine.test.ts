import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { CatalogueVersion } from '../../../gateway/contract/ids.ts';
import type { AnalyseRequest } from '../../../gateway/src/sql/engine.ts';
import { Snapshot } from '../../../gateway/src/sql/postgres/catalogue/snapshot.ts';
import { createPostgresEngine } from '../../../gateway/src/sql/postgres/engine.ts';
import { SharedEngine } from './shared-engine.ts';

const engine = new SharedEngine(createPostgresEngine());
after(() => engine.close());

const empty = Object.fromEntries(Object.keys(Snapshot.shape).map((name) => [name, []]));

const request = (catalogue: CatalogueVersion): AnalyseRequest => ({
  text: 'select 1',
  catalogue,
  session: { searchPath: ['public'], role: 'r', temporary: [], prepared: new Map(), cursors: new Map() },
  reviewedFunctions: new Set(),
});

test('a catalogue that is no longer its target’s last is known to whoever still asks by it', async () => {
  const [first, twin] = [CatalogueVersion.parse('of a'), CatalogueVersion.parse('of b')];
  await engine.learn('a', first, empty);
  await engine.learn('b', twin, empty);
  // Of each place three are kept: so many others drive it out of its own.
  for (let other = 0; other < 100; other += 1) {
    const version = CatalogueVersion.parse(`other ${other}`);
    await engine.learn('a', version, { ...empty, defaultPath: [String(other)] });
  }
  await engine.learn('b in transaction', twin, empty);
  assert.equal((await engine.analyse(request(twin))).kind, 'analysed');
});

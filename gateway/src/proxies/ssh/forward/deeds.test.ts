import assert from 'node:assert/strict';
import { test } from 'node:test';
import { HostFacts } from '../../../../contract/host-facts.ts';
import { connectDeed, listenDeed } from './deeds.ts';

const LAST = 2 ** 32 - 1;

for (const deed of [connectDeed, listenDeed]) {
  test(`${deed.name}: beyond the last port there is none, and a record says what was asked`, () => {
    assert.deepEqual(deed({ host: 'db', port: 65_535 }).unknowns, []);
    for (const port of [65_558, LAST]) {
      const { uses, readOnly, unknowns = [] } = deed({ host: 'db', port });
      assert.deepEqual(unknowns, [`which port ${port} is`]);
      // What a gateway can't read again holds up every export, and everybody who looks for records.
      HostFacts.parse({ protocol: 'ssh', account: 'deploy', uses, readOnly, unknowns });
    }
  });
}

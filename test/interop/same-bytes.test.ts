import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { SCRATCH, SCRATCH_TABLES, SHOP } from './lab/conversations.ts';
import { converse } from './lab/converse.ts';
import { bootLab, type Lab } from './lab/lab.ts';
import { openRaw } from './lab/raw-session.ts';

describe('where nothing is masked, the bytes equal the direct ones', () => {
  let lab: Lab;
  before(async () => {
    lab = await bootLab();
    const session = await openRaw(lab.direct('scratch'));
    await session.query(SCRATCH_TABLES);
    await session.close();
  });
  after(() => lab?.stop());

  for (const conversation of SCRATCH) {
    it(`scratch: ${conversation.name}`, async () => {
      const direct = await converse(lab.direct('scratch'), conversation);
      assert.deepEqual(await converse(lab.through('scratch'), conversation), direct);
    });
  }

  for (const conversation of SHOP) {
    it(`shop: ${conversation.name}`, async () => {
      const direct = await converse(lab.direct('shop'), conversation);
      assert.deepEqual(await converse(lab.through('shop'), conversation), direct);
    });
  }
});

import assert from 'node:assert/strict';
import { once } from 'node:events';
import { after, before, test } from 'node:test';
import { Query } from 'pg';
import { type Lab, openLab } from './testing/lab.ts';
import { PlainEngine } from './testing/plain-engine.ts';

let lab: Lab;
const engine = new PlainEngine();
before(async () => {
  lab = await openLab({}, engine);
});
after(() => lab.close());

test('the second witness ends the session before a raw column is released', async () => {
  engine.blind = true;
  try {
    const client = await lab.client();
    const rows: unknown[] = [];
    const query = client.query(new Query('select name, email from customers where id = 77'));
    query.on('row', (row) => rows.push(row));
    const [error] = await once(query, 'error');
    assert.match(error.message, /would have come unmasked/);
    assert.deepEqual(rows, []);
    assert.equal(lab.recorder.last()?.outcome?.status, 'lost');
  } finally {
    engine.blind = false;
  }
});

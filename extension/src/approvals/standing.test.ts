import assert from 'node:assert/strict';
import { test } from 'node:test';
import { anAsk, aRequest, aVote } from '../../contract/request.fixture.ts';
import { requestFor, standingTitle } from './standing.ts';

const STATEMENT = "update customers set name = 'x' where id = 1";

test('a statement finds its newest request, whatever stands around it, and no other statement’s', () => {
  const requests = [aRequest({ id: 'a' }), aRequest({ id: 'b' })];
  assert.equal(requestFor(`  ${STATEMENT} ;`, requests)?.id, 'b');
  assert.equal(requestFor(STATEMENT.replace('1', '2'), requests), null);
  const columns = [{ schema: 'public', relation: 'customers', column: 'email' }];
  const unmask = aRequest({ wanted: { kind: 'unmask', columns, forSeconds: 60 } });
  assert.equal(requestFor(STATEMENT, [unmask]), null);
});

test('the lens says for whom it waits, and what came of it', () => {
  const title = (change: Record<string, unknown>) =>
    standingTitle(aRequest(change))?.replace(/^\$\([\w-]+\)\u00a0/, '') ?? null;
  const two = [anAsk({ groups: ['dba', 'leads'], quorum: 2 })];
  assert.equal(title({}), 'waiting for dba');
  assert.equal(title({ asks: two }), 'waiting for 2 people of dba or leads');
  assert.equal(
    title({ status: 'approved', votes: [aVote('Dana Berg', 'approve')] }),
    'approved by Dana: run it now',
  );
  assert.equal(
    title({ status: 'denied', votes: [aVote('Eve', 'approve'), aVote('Dana Berg', 'deny', 'Too\nwide.')] }),
    'denied by Dana: Too wide.',
  );
  assert.equal(title({ status: 'lapsed' }), 'nobody of dba decided in time');
  assert.equal(title({ status: 'used' }), null);
  assert.equal(title({ status: 'withdrawn' }), null);
});

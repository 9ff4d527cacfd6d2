import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { ApprovalRequest } from '../../../contract/approval-request.ts';
import { type Lab, openLab } from './testing/lab.ts';

const ASK = `
version: 1
rules:
  - { id: read, owner: o, who: everyone, on: everything, doing: [select], then: allow, because: b }
  - id: changes-are-asked
    owner: dba@shop.example
    who: { groups: [developers] }
    on: everything
    doing: [update, delete]
    then: { approve: { by: [dba] } }
    because: Somebody else looks at what changes.
`;

let lab: Lab;
before(async () => {
  lab = await openLab();
  lab.policy.activate(ASK);
});
after(() => lab.close());

/** The next request that is made. */
function nextRequest(): Promise<ApprovalRequest> {
  return new Promise((resolve) => {
    const stop = lab.approvals.watch((request) => {
      if (request.status !== 'pending') return;
      stop();
      resolve(request);
    });
  });
}

const ONCE = { maxRows: null, windowSeconds: null };

function approve({ id, effect }: ApprovalRequest) {
  const principal = lab.people.dora.current();
  assert.ok(principal);
  const dora = { principal, groups: ['dba'] };
  return lab.approvals.act(id, { act: 'approve', effect, reason: '', bounds: ONCE }, dora);
}

test('a held update goes on by itself when it is approved', async () => {
  const client = await lab.client();
  const notices: string[] = [];
  client.on('notice', ({ message }) => notices.push(message ?? ''));
  const asked = nextRequest();
  const answer = client.query("update public.customers set phone = '1' where id = 7");
  const request = await asked;
  assert.equal((await approve(request))?.kind, 'changed');
  assert.equal((await answer).rowCount, 1);
  assert.match(notices[0] ?? '', /Needs approval by dba/);
  assert.equal(lab.approvals.get(request.id)?.status, 'used');
  await client.end();
});

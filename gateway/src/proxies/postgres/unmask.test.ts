import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { ApprovalRequest } from '../../../contract/approval-request.ts';
import { draftUnmask } from '../../core/approvals/unmask.ts';
import { type Lab, openLab } from './testing/lab.ts';

const policy = (unmask: string, more = '') => `
version: 1
rules:
  - { id: read, owner: o, who: everyone, on: everything, doing: [select, declareCursor, fetch], then: allow, because: b }
  - id: emails
    owner: data-protection@shop.example
    who: { groups: [developers] }
    on: { columns: [customers.email] }
    then: { mask: { method: redact }${unmask} }
    because: Addresses are personal.
  - id: phones
    owner: data-protection@shop.example
    who: { groups: [developers] }
    on: { columns: [customers.phone] }
    then: { mask: { method: redact } }
    because: Numbers are personal.
${more}`;
const OPEN = policy(', unmask: { by: [dba], for: 1 hour }');

let lab: Lab;
before(async () => {
  lab = await openLab();
});
after(() => lab.close());

function wanted(column: string, forSeconds = 600) {
  const principal = lab.people.ana.current();
  assert.ok(principal);
  const columns = [{ schema: 'public', relation: 'customers', column }];
  return draftUnmask(lab.policy.current(), principal, lab.target.target, { columns, forSeconds }, new Date());
}

async function ask(): Promise<ApprovalRequest> {
  const drafted = wanted('email');
  assert.equal(drafted.kind, 'draft');
  assert.ok(drafted.kind === 'draft');
  return lab.approvals.ask({ ...drafted.draft, reason: 'A customer can not sign in.', ticket: '' });
}

async function act(request: ApprovalRequest, act: 'approve'): Promise<void> {
  const principal = lab.people.dora.current();
  assert.ok(principal);
  const bounds = { maxRows: null, windowSeconds: null };
  const done = { act, effect: request.effect, reason: '', bounds } as const;
  assert.equal((await lab.approvals.act(request.id, done, { principal, groups: ['dba'] }))?.kind, 'changed');
}

test('an approval lifts a mask in open sessions, for who asked, on that column, under that policy', async () => {
  lab.policy.activate(OPEN);
  const [ana, dora] = [await lab.client('ana'), await lab.direct()];
  const emails = async () => {
    const { rows } = await ana.query('select email, phone from public.customers where id = 1');
    return rows[0];
  };
  const masked = await emails();
  assert.equal(masked.email, '•••••');
  const request = await ask();
  assert.deepEqual(await emails(), masked, 'a request lifts nothing');
  await act(request, 'approve');
  const { rows } = await dora.query('select email from public.customers where id = 1');
  assert.deepEqual(await emails(), { email: rows[0].email, phone: masked.phone });
  const verdicts = await lab.target.verdicts(principalOf('ana'), 'select email from public.customers');
  assert.equal(verdicts[0]?.columns?.[0]?.masked, null);
  lab.policy.activate(
    policy(
      ', unmask: { by: [dba], for: 1 hour }',
      '\n# another version\nreviewedFunctions: { shop: [public.f] }',
    ),
  );
  assert.deepEqual(await emails(), masked, 'a changed policy ends it');
  lab.policy.activate(OPEN);
  await Promise.all([ana.end(), dora.end()]);
});

function principalOf(who: 'ana' | 'dora') {
  const principal = lab.people[who].current();
  assert.ok(principal);
  return principal;
}

test('a cursor that was opened unmasked is not read on once the mask holds again', async () => {
  lab.policy.activate(OPEN);
  const client = await lab.client('ana');
  const request = await ask();
  await act(request, 'approve').catch(() => undefined);
  await client.query('begin');
  await client.query('declare c cursor for select email from public.customers order by id');
  const first = await client.query('fetch 1 from c');
  assert.match(first.rows[0].email, /@/);
  lab.policy.activate(policy(''));
  await assert.rejects(client.query('fetch 1 from c'));
  await client.end();
});

test('what no rule lets anybody lift can not be asked for, nor for longer than the rule says', () => {
  lab.policy.activate(OPEN);
  assert.match(
    JSON.stringify(wanted('phone')),
    /Rule phones masks customers.phone, and lets nobody lift that/,
  );
  assert.match(JSON.stringify(wanted('email', 7200)), /for 60 minutes at most/);
  assert.equal(wanted('name').kind, 'free');
});

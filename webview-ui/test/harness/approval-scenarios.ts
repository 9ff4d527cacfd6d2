import type { ApprovalsState } from '../../../extension/contract/approvals-messages.ts';
import { anAsk, aVote, shown } from '../../../extension/contract/request.fixture.ts';
import type { ShownRequest } from '../../../gateway/contract/approval-request.ts';

const DECIDE: ShownRequest['acts'] = ['approve', 'deny', 'propose', 'remark'];
const DANA = {
  id: 'person:dana',
  name: 'Dana Berg (database administrator)',
  kind: 'person',
  groups: ['dba'],
};

const customers = { schema: 'public', relation: 'customers' };
const orders = { schema: 'public', relation: 'orders' };

const IMPACT = {
  summary: 'Changes 3 of about 50,000 rows of public.customers.',
  rows: { rows: 3, how: 'counted' },
  ofRows: 50_000,
  reads: [customers],
  writes: [{ ...customers, by: 'update' }],
  columns: [{ ...customers, column: 'name' }],
  where: { present: true, index: 'customers_pkey' },
  cascades: [{ from: customers, to: orders, constraint: 'orders_customer_id_fkey', action: 'set null' }],
  triggers: [{ ...customers, trigger: 'customers_touch' }],
  takes: [{ ...customers, mode: 'RowExclusiveLock' }],
  holds: [{ ...orders, mode: 'ShareRowExclusiveLock' }],
  effects: ['Rewrites public.customers, and nobody reads it meanwhile.'],
  sample: {
    columns: ['id', 'name', 'email'],
    rows: [
      ['1', 'Zoe Gomez', '•••••@example.com'],
      ['2', 'Ada Lind', '•••••@example.net'],
      ['3', null, '•••••@example.org'],
    ],
  },
  similar: [
    {
      at: '2026-03-01T09:00:00.000Z',
      status: 'used',
      statement: "update customers set name = 'y' where id = 9",
    },
  ],
  unknown: ['How many rows the cascade reaches was not counted.'],
};

const lapsesIn = (minutes: number) => new Date(Date.now() + minutes * 60_000).toISOString();

function waiting(change: Record<string, unknown> = {}): ShownRequest {
  return shown(
    {
      lapsesAt: lapsesIn(12),
      reason: 'Names were swapped by the import of Monday.',
      ticket: 'SHOP-17',
      impact: IMPACT,
      asks: [anAsk({ windowSeconds: 1800, quorum: 2 })],
      votes: [aVote('Eve Lund', 'approve')],
      remarks: [
        { by: DANA, at: '2026-03-02T10:01:00.000Z', text: 'Are all three theirs?' },
        {
          by: { id: 'person:ana', name: 'Ana Ruiz' },
          at: '2026-03-02T10:02:00.000Z',
          text: 'Yes, I checked.',
        },
      ],
      ...change,
    },
    DECIDE,
  );
}

const statement = (text: string) => ({
  wanted: { kind: 'statement', statement: text, parameters: ['7', null] },
});

const ready = (requests: ShownRequest[]): ApprovalsState => ({ readiness: 'ready', me: DANA.id, requests });

/** What the host says at first, by name. */
export const approvalScenarios: Readonly<Record<string, () => ApprovalsState>> = {
  one: () => ready([waiting()]),
  several: () =>
    ready([
      waiting({ id: 'request-2', lapsesAt: lapsesIn(1) }),
      waiting({
        id: 'request-3',
        ...statement('delete from orders where id = $1 and note is not distinct from $2'),
      }),
      shown({ id: 'request-4', lapsesAt: lapsesIn(30), requester: DANA }, ['withdraw', 'explain', 'remark']),
      shown({ id: 'request-5', status: 'brokenGlass', reason: 'It sells what burned down.' }, ['review']),
      shown({ id: 'request-6', status: 'denied', votes: [aVote('Eve Lund', 'deny', 'Too wide.')] }),
      shown({ id: 'request-7', status: 'used', votes: [aVote('Eve Lund', 'approve')] }),
    ]),
  bare: () => ready([waiting({ impact: null, reason: '', ticket: '', remarks: [], votes: [] })]),
  stale: () => ({ ...ready([waiting()]), readiness: 'connecting' }),
  nothing: () => ready([]),
  'signed-out': () => ({ readiness: 'signedOut', me: null, requests: [] }),
  offline: () => ({ readiness: 'offline', me: null, requests: [] }),
};

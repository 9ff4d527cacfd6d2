import { ApprovalRequest, type ShownRequest } from '../../gateway/contract/approval-request.ts';

const AT = '2026-03-02T10:00:00.000Z';

/** A request that waits: Ana wants to change a customer, and somebody of dba must agree. */
export function aRequest(change: Record<string, unknown> = {}): ApprovalRequest {
  return ApprovalRequest.parse({
    id: 'request-1',
    at: AT,
    lapsesAt: '2026-03-02T10:15:00.000Z',
    status: 'pending',
    requester: { id: 'person:ana', name: 'Ana Ruiz (developer)', kind: 'person', groups: ['developers'] },
    actsFor: null,
    surface: 'editor',
    session: 'session-1',
    target: 'shop',
    wanted: { kind: 'statement', statement: "update customers set name = 'x' where id = 1", parameters: [] },
    effect: 'effect-1',
    world: 'world-1',
    shape: 'shape-1',
    takesUp: null,
    asks: [anAsk()],
    decision: {
      outcome: 'approve',
      rules: [{ id: 'looked-at', outcome: 'approve', owner: 'dba@shop.example', because: 'Two see more.' }],
      masks: [],
      asks: [anAsk()],
      sentence: 'It needs approval.',
      next: '',
      policyVersion: 'p1',
    },
    reason: '',
    ticket: '',
    impact: null,
    votes: [],
    bounds: { maxRows: null, windowSeconds: null },
    remarks: [],
    proposal: null,
    endsAt: null,
    uses: 0,
    revision: 0,
    ...change,
  });
}

export function anAsk(change: Record<string, unknown> = {}) {
  return {
    rule: 'looked-at',
    groups: ['dba'],
    of: 'any',
    quorum: 1,
    waitSeconds: 900,
    windowSeconds: null,
    breakGlass: [],
    ...change,
  };
}

export function aVote(name: string, verdict: 'approve' | 'deny', reason = '', groups = ['dba']) {
  return { by: { id: `person:${name}`, name }, at: AT, verdict, reason, groups };
}

export function shown(change: Record<string, unknown> = {}, acts: ShownRequest['acts'] = []): ShownRequest {
  return { request: aRequest(change), acts };
}

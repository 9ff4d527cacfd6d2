import assert from 'node:assert/strict';
import type { ApprovalRequest, Bounds, RequestStatus } from '../../../../contract/approval-request.ts';
import type { Act } from '../../../core/approvals/transitions.ts';
import type { Lab } from './lab.ts';

/** `ana`'s updates and deletes are approved by `dora`; what else she may do is open. */
export const ASKING = `
version: 1
reviewedFunctions:
  shop: [public.touch_updated_at]
tags:
  shop.public.*.email: [pii]
rules:
  - { id: pii, owner: o, who: everyone, except: { groups: [dba] }, on: { tags: [pii] }, then: { mask: { method: partial, keep: domain } }, because: b }
  - { id: open, owner: o, who: everyone, on: everything, doing: [select, insert, copyTo, copyFrom], then: allow, because: b }
  - id: changes-are-asked
    owner: dba@shop.example
    who: { groups: [developers] }
    on: everything
    doing: [update, delete, truncate, alter, drop, create]
    then: { approve: { by: [dba], window: 30 minutes } }
    because: Somebody else looks at what changes.
  - { id: dba-everything, owner: o, who: { groups: [dba] }, on: everything, doing: anything, then: allow, because: b }
`;

export const ONCE: Bounds = { maxRows: null, windowSeconds: null };

/** What a lab's people do with requests. */
export class Requests {
  readonly #lab: Pick<Lab, 'approvals' | 'people' | 'policy'>;

  constructor(lab: Pick<Lab, 'approvals' | 'people' | 'policy'>) {
    this.#lab = lab;
  }

  /** The next request that is made; call it before what makes it. */
  next(): Promise<ApprovalRequest> {
    const known = new Set(this.#lab.approvals.list().map(({ id }) => id));
    return this.#seen((request) => !known.has(request.id));
  }

  /** The request once it is in this state. */
  async become({ id }: ApprovalRequest, status: RequestStatus): Promise<ApprovalRequest> {
    const now = this.#lab.approvals.get(id);
    if (now?.status === status) return now;
    return this.#seen((request) => request.id === id && request.status === status);
  }

  async approve({ id, effect }: ApprovalRequest, bounds: Partial<Bounds> = {}): Promise<void> {
    await this.#act('dora', id, { act: 'approve', effect, reason: '', bounds: { ...ONCE, ...bounds } });
  }

  async deny({ id, effect }: ApprovalRequest, reason: string): Promise<void> {
    await this.#act('dora', id, { act: 'deny', effect, reason });
  }

  async withdraw({ id }: ApprovalRequest): Promise<void> {
    await this.#act('ana', id, { act: 'withdraw' });
  }

  /** Approves the next request as soon as it is made. */
  async approveNext(bounds: Partial<Bounds> = {}): Promise<ApprovalRequest> {
    const request = await this.next();
    await this.approve(request, bounds);
    return request;
  }

  async #act(who: 'ana' | 'dora', id: ApprovalRequest['id'], act: Act): Promise<void> {
    const principal = this.#lab.people[who].current();
    assert.ok(principal);
    const outcome = await this.#lab.approvals.act(id, act, { principal, groups: principal.groups });
    assert.equal(outcome?.kind, 'changed', JSON.stringify(outcome));
  }

  #seen(is: (request: ApprovalRequest) => boolean): Promise<ApprovalRequest> {
    return new Promise((resolve) => {
      const stop = this.#lab.approvals.watch((request) => {
        if (!is(request)) return;
        stop();
        resolve(request);
      });
    });
  }
}

/** Lets node-postgres send a text without parameters by the extended protocol. */
export const extended = (text: string) => ({ text, queryMode: 'extended' });

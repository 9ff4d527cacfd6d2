import * as vscode from 'vscode';
import type { ApprovalRequest, ShownRequest } from '../../../gateway/contract/approval-request.ts';
import type { RequestId } from '../../../gateway/contract/ids.ts';
import { shortName, waitsForMe, wish } from '../../contract/requests.ts';
import { denialReason } from '../approvals/standing.ts';
import type { Memory } from './told-requests.ts';

const REVIEW = 'Review';
const SHOW = 'Show';

/** Tells once of each request that waits for this person, whatever window they are in and however often it reloads. */
export class RequestNotices {
  readonly #told: Memory;
  readonly #review: (request: RequestId | null) => void;
  /** This person's own that waited when they were last looked at, with nothing that waits for them. */
  #askedBeforehand = new Set<RequestId>();

  constructor(told: Memory, review: (request: RequestId | null) => void) {
    this.#told = told;
    this.#review = review;
  }

  /** `me`: who looks at them. */
  show(requests: readonly ShownRequest[], me: string | null): void {
    const mine = requests.flatMap(({ request }) => (request.requester.id === me ? [request] : []));
    this.#showAnswers(mine);
    const fresh = requests.filter((shown) => waitsForMe(shown) && !this.#told.has(nameOf(shown, me)));
    const [first] = fresh;
    if (first === undefined) return;
    this.#told.add(fresh.map((one) => nameOf(one, me)));
    const text = fresh.length === 1 ? sentence(first) : `${fresh.length} requests wait for your approval.`;
    const shown = fresh.length === 1 ? first.request.id : null;
    void vscode.window.showInformationMessage(text, REVIEW).then((chosen) => {
      if (chosen === REVIEW) this.#review(shown);
    });
  }

  /** Whoever asked beforehand looks elsewhere: they are told what came of it. */
  #showAnswers(mine: readonly ApprovalRequest[]): void {
    for (const request of mine) {
      const text = this.#askedBeforehand.has(request.id) ? answer(request) : null;
      if (text === null) continue;
      void vscode.window.showInformationMessage(text, SHOW).then((chosen) => {
        if (chosen === SHOW) this.#review(request.id);
      });
    }
    const waiting = mine.filter(({ status, session }) => status === 'pending' && session === null);
    this.#askedBeforehand = new Set(waiting.map(({ id }) => id));
  }
}

function answer(request: ApprovalRequest): string | null {
  const what = `${wish(request)} on ${request.target}`;
  const by = request.votes.at(-1)?.by;
  if (request.status === 'approved') {
    return `You may ${what} now${by === undefined ? '' : `: ${shortName(by)} agreed`}.`;
  }
  if (request.status !== 'denied' || by === undefined) return null;
  return `${shortName(by)} does not agree that you ${what}: ${denialReason(request)}`;
}

/** Glass that is broken is told of again: another kind of look is asked for. */
function nameOf({ request }: ShownRequest, me: string | null): string {
  return `${me} ${request.id}${request.status === 'brokenGlass' ? ' broken' : ''}`;
}

function sentence({ request }: ShownRequest): string {
  const who = shortName(request.requester);
  if (request.status === 'brokenGlass') {
    return `${who} ran a statement on ${request.target} without approval, and it waits for your review.`;
  }
  return `${who} wants to ${wish(request)} on ${request.target}.`;
}

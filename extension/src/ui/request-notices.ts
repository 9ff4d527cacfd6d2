import * as vscode from 'vscode';
import type { ShownRequest } from '../../../gateway/contract/approval-request.ts';
import type { RequestId } from '../../../gateway/contract/ids.ts';
import { shortName, waitsForMe, wish } from '../../contract/requests.ts';
import type { Memory } from './told-requests.ts';

const REVIEW = 'Review';

/** Tells once of each request that waits for this person, whatever window they are in and however often it reloads. */
export class RequestNotices {
  readonly #told: Memory;
  readonly #review: (request: RequestId | null) => void;

  constructor(told: Memory, review: (request: RequestId | null) => void) {
    this.#told = told;
    this.#review = review;
  }

  show(requests: readonly ShownRequest[]): void {
    const fresh = requests.filter((shown) => waitsForMe(shown) && !this.#told.has(nameOf(shown)));
    const [first] = fresh;
    if (first === undefined) return;
    this.#told.add(fresh.map(nameOf));
    const text = fresh.length === 1 ? sentence(first) : `${fresh.length} requests wait for your approval.`;
    const shown = fresh.length === 1 ? first.request.id : null;
    void vscode.window.showInformationMessage(text, REVIEW).then((chosen) => {
      if (chosen === REVIEW) this.#review(shown);
    });
  }
}

/** Glass that is broken is told of again: another kind of look is asked for. */
function nameOf({ request }: ShownRequest): string {
  return request.status === 'brokenGlass' ? `${request.id} broken` : request.id;
}

function sentence({ request }: ShownRequest): string {
  const who = shortName(request.requester);
  if (request.status === 'brokenGlass') {
    return `${who} ran a statement on ${request.target} without approval, and it waits for your review.`;
  }
  return `${who} wants to ${wish(request)} on ${request.target}.`;
}

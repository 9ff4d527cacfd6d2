import type { ApprovalRequest } from '../../../contract/approval-request.ts';
import { approversInWords } from '../../../contract/ask.ts';
import type { Decision } from '../../../contract/decision.ts';
import { visibleLines } from './words.ts';

/** What a request that did not end in a yes makes of the decision: the statement does not run, and says why. */
export function notApproved(decision: Decision, request: ApprovalRequest): Decision {
  return { ...decision, outcome: 'block', ...wordsOf(request) };
}

function wordsOf({ status, votes, proposal, asks }: ApprovalRequest): Pick<Decision, 'sentence' | 'next'> {
  const denial = votes.find(({ verdict }) => verdict === 'deny');
  if (status === 'denied' && denial !== undefined) {
    return {
      sentence: `Denied by ${denial.by.name}: ${visibleLines(denial.reason.trim())}`,
      next:
        proposal === null
          ? 'Change the statement, or talk to them.'
          : `${proposal.by.name} would agree to: ${visibleLines(proposal.statement)}`,
    };
  }
  if (status === 'withdrawn')
    return { sentence: 'The request for approval was withdrawn; nothing ran.', next: '' };
  return {
    sentence: `Nobody of ${approversInWords(asks)} decided in time, so the request lapsed; nothing ran.`,
    next: 'Run it again to ask again.',
  };
}

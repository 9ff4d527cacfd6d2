import { shortName, wish } from '../../../../../extension/contract/requests.ts';
import type { ApprovalRequest } from '../../../../../gateway/contract/approval-request.ts';
import type { Impact } from '../../../../../gateway/contract/impact.ts';
import { count, groupDigits } from '../../../numbers.ts';

type Status = ApprovalRequest['status'];

/** What became of it, in few words. */
export const STATUS_WORDS: Record<Status, string> = {
  pending: 'waiting',
  approved: 'approved',
  used: 'run',
  denied: 'denied',
  withdrawn: 'withdrawn',
  lapsed: 'lapsed',
  brokenGlass: 'ran without approval',
  reviewed: 'reviewed',
};

/** What became of it, by whom and why: one sentence; empty while it waits. */
export function outcomeSentence(request: ApprovalRequest): string {
  const who = request.votes.filter(({ verdict }) => verdict === 'approve').map(({ by }) => by.name);
  const denial = request.votes.find(({ verdict }) => verdict === 'deny');
  switch (request.status) {
    case 'pending':
      return '';
    case 'approved':
      return request.wanted.kind === 'unmask' && request.endsAt !== null
        ? `Approved by ${who.join(', ')} until ${new Date(request.endsAt).toLocaleTimeString('en-GB')}.`
        : `Approved by ${who.join(', ')}; it has not run yet.`;
    case 'used':
      return `Approved by ${who.join(', ')}, and run.`;
    case 'denied':
      return denial ? `Denied by ${denial.by.name}: ${denial.reason}` : 'Denied.';
    case 'withdrawn':
      return 'Withdrawn: nothing ran.';
    case 'lapsed':
      return 'Nobody decided in time: nothing ran.';
    case 'brokenGlass':
      return `${request.requester.name} ran it without approval: ${request.reason}`;
    case 'reviewed':
      return `Ran without approval, and was reviewed. The reason was: ${request.reason}`;
  }
}

/** "3 of about 50,000 rows, counted", or null when nothing is known. */
export function rowsInWords({ rows, ofRows }: Impact): string | null {
  const whole = ofRows === null ? '' : ` of about ${groupDigits(ofRows)}`;
  if (rows === null) return ofRows === null ? null : `unknown${whole}`;
  switch (rows.how) {
    case 'counted':
      return `${groupDigits(rows.rows)}${whole}, counted`;
    case 'atLeast':
      return `at least ${groupDigits(rows.rows)}${whole}; counting took too long`;
    case 'estimated':
      return `about ${groupDigits(rows.rows)}${whole}, estimated by the planner`;
  }
}

/** What the WHERE clause does, and whether that is cause for a second look. */
export function whereInWords({ where }: Impact): { text: string; isAlarming: boolean } | null {
  if (where === null) return null;
  if (!where.present) return { text: 'none: every row', isAlarming: true };
  if (where.index === null) return { text: 'reads the whole table: no index serves it', isAlarming: true };
  return { text: `served by index ${where.index}`, isAlarming: false };
}

/** "Ana wants to update customers on shop": what is announced when a request comes. */
export function arrival(request: ApprovalRequest): string {
  return `${shortName(request.requester)} wants to ${wish(request)} on ${request.target}.`;
}

/** "30 min", "1 h 30 min", "45 s" */
export function span(seconds: number): string {
  if (seconds < 60) return count(seconds, 'second');
  const minutes = Math.round(seconds / 60);
  if (minutes < 60) return `${minutes} min`;
  const rest = minutes % 60;
  return `${Math.floor(minutes / 60)} h${rest === 0 ? '' : ` ${rest} min`}`;
}

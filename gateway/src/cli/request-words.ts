import type { RequestAct, ShownRequest } from '../../contract/approval-request.ts';
import { surfaceInWords } from '../../contract/surface.ts';
import { impactInWords, standingInWords, visible, wantedInWords } from '../core/approvals/words.ts';

/** A request in plain words, some lines. Nothing that somebody else wrote moves the cursor of who reads it. */
export function requestInWords({ request, acts }: ShownRequest): string {
  const { id, requester, actsFor, surface, target, reason, ticket, remarks, proposal } = request;
  const forWhom = actsFor === null ? '' : ` for ${actsFor.name}`;
  const lines = [
    `${shortId(id)}  ${standingInWords(request, (at) => new Date(at).toLocaleString())}`,
    `  ${requester.name}${forWhom} on ${target}, by ${surfaceInWords(surface)}:`,
    ...wantedInWords(request).map((line) => `    ${line}`),
    ...impactInWords(request).map((line) => `  ${line}`),
    ...(reason === '' && ticket === '' ? [] : [`  Reason: ${[reason, ticket].filter(Boolean).join(' – ')}`]),
    ...remarks.map(({ by, text }) => `  ${by.name}: ${text}`),
    ...(proposal === null ? [] : [`  ${proposal.by.name} would agree to: ${proposal.statement}`]),
    ...(acts.length === 0 ? [] : [`  You may: ${acts.map((act) => COMMANDS[act]).join(', ')}`]),
  ];
  return lines.map(visible).join('\n');
}

/** The end of an id: what tells requests of one minute apart. */
export function shortId(id: string): string {
  return id.slice(-SHORT_CHARACTERS);
}

const SHORT_CHARACTERS = 8;

/** What one writes on the command line for an act; the others belong to the editor. */
const COMMANDS: Record<RequestAct, string> = {
  approve: 'approve',
  deny: 'deny',
  remark: 'remark (in the editor)',
  propose: 'propose another statement (in the editor)',
  withdraw: 'withdraw',
  explain: 'explain (in the editor)',
  breakGlass: 'break-glass',
  review: 'review',
};

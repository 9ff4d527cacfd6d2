import type { ApprovalRequest } from '../../../gateway/contract/approval-request.ts';
import { awaited, shortName } from '../../contract/requests.ts';
import { GAP } from '../verdicts/wording.ts';

const MAX_REASON_LENGTH = 80;

/** The newest of these requests that is for exactly this statement; null when none is. */
export function requestFor(statement: string, requests: readonly ApprovalRequest[]): ApprovalRequest | null {
  const text = bare(statement);
  return (
    requests
      .filter(({ wanted }) => wanted.kind === 'statement' && bare(wanted.statement) === text)
      .sort((one, other) => other.id.localeCompare(one.id))[0] ?? null
  );
}

/** What stands above a statement about its request: one short line with an icon of the editor; null when nothing does. */
export function standingTitle(request: ApprovalRequest): string | null {
  switch (request.status) {
    case 'pending':
      return `$(watch)${GAP}waiting for ${awaited(request)}`;
    case 'approved':
      return `$(pass)${GAP}approved by ${namesOf(request, 'approve')}: run it now`;
    case 'denied':
      return `$(circle-slash)${GAP}denied by ${namesOf(request, 'deny')}: ${short(denialReason(request))}`;
    case 'lapsed':
      return `$(watch)${GAP}nobody of ${awaited(request)} decided in time`;
    default:
      return null;
  }
}

/** Why it was denied; empty when it was not. */
export function denialReason({ votes }: ApprovalRequest): string {
  return votes.find(({ verdict }) => verdict === 'deny')?.reason ?? '';
}

function namesOf({ votes }: ApprovalRequest, verdict: 'approve' | 'deny'): string {
  return votes
    .filter((vote) => vote.verdict === verdict)
    .map(({ by }) => shortName(by))
    .join(', ');
}

/** Without blanks around it and the semicolon behind it. */
function bare(statement: string): string {
  return statement.trim().replace(/\s*;$/, '');
}

function short(text: string): string {
  const line = text.replaceAll(/\s+/g, ' ').trim();
  return line.length <= MAX_REASON_LENGTH ? line : `${line.slice(0, MAX_REASON_LENGTH - 1)}…`;
}

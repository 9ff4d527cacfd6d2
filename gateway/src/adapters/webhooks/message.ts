import type { ApprovalRequest } from '../../../contract/approval-request.ts';
import { approversInWords } from '../../../contract/ask.ts';
import { assertNever } from '../../../contract/assert-never.ts';
import type { WebhookEvent } from '../../../contract/webhook-endpoints.ts';
import type { WebhookConfig } from '../../config.ts';
import { visible } from '../../core/approvals/words.ts';

/** What is posted about. `link`: the page of the request. */
export type Happened = { delivery: string; event: WebhookEvent; request: ApprovalRequest; link: string };

/** The JSON text to post. The statement stands in it where the configuration says so, and its parameters never. */
export function messageOf({ format, includeStatement }: WebhookConfig, happened: Happened): string {
  switch (format) {
    case 'sluice':
      return JSON.stringify(sluiceMessage(happened, includeStatement));
    case 'slack':
      return JSON.stringify({ text: slackText(happened) });
    default:
      return assertNever(format);
  }
}

/** Stable: fields are added, never changed. */
function sluiceMessage({ delivery, event, request, link }: Happened, includeStatement: boolean) {
  const { id, at, lapsesAt, status, requester, actsFor, surface, target, asks, reason, ticket, wanted } =
    request;
  return {
    version: 1,
    delivery,
    event,
    summary: visible(summaryOf(event, request)),
    link,
    request: {
      id,
      at,
      lapsesAt,
      status,
      requester: { id: requester.id, name: requester.name, kind: requester.kind },
      actsFor,
      surface,
      target,
      waitsFor: approversInWords(asks),
      asks: asks.map(({ rule, groups, of, quorum }) => ({ rule, groups, of, people: quorum })),
      reason,
      ticket,
      impact: request.impact?.summary ?? null,
      votes: request.votes.map(({ by, at: votedAt, verdict, reason: why }) => ({
        by,
        at: votedAt,
        verdict,
        reason: why,
      })),
      ...(includeStatement && wanted.kind === 'statement' ? { statement: wanted.statement } : {}),
    },
  };
}

function slackText({ event, request, link }: Happened): string {
  return `${escaped(visible(summaryOf(event, request)))}\n<${link}|Open the request>`;
}

/** What people write can neither mention anybody nor look like a link (Slack's three escapes). */
function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

function summaryOf(event: WebhookEvent, request: ApprovalRequest): string {
  const what = `${wish(request)} on ${request.target}`;
  const would = request.impact === null ? '' : ` ${request.impact.summary}`;
  const why = request.reason === '' ? '' : ` Reason: ${request.reason}`;
  const { name } = request.requester;
  switch (event) {
    case 'made':
      return `${name} asks ${approversInWords(request.asks)} for ${what}.${would}${why}`;
    case 'decided':
      return `${decision(request)} ${what} of ${name}.${would}`;
    case 'lapsed':
      return `Nobody of ${approversInWords(request.asks)} decided on ${what} of ${name} in time.`;
    case 'brokenGlass':
      return `${name} ran ${what} without approval.${would}${why} ${approversInWords(request.asks)} must review it.`;
    default:
      return assertNever(event);
  }
}

function wish({ wanted }: ApprovalRequest): string {
  return wanted.kind === 'statement' ? 'a statement' : 'unmasked columns';
}

function decision({ votes }: ApprovalRequest): string {
  const denial = votes.find(({ verdict }) => verdict === 'deny');
  if (denial !== undefined) return `${denial.by.name} denied (${denial.reason})`;
  return `${votes.map(({ by }) => by.name).join(', ')} approved`;
}

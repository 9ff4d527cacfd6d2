import type { ApprovalRequest, RequestAct, ShownRequest } from '../../../contract/approval-request.ts';
import type { Impact } from '../../../contract/impact.ts';
import { surfaceInWords } from '../../../contract/surface.ts';
import {
  durationInWords,
  impactInWords,
  standingInWords,
  visible,
  wantedInWords,
} from '../../core/approvals/words.ts';
import { type Html, html } from './html.ts';

/** A request with all that its reader may do about it. The script reads `data-revision` and `data-effect`. */
export function card({ request, acts }: ShownRequest): Html {
  const { requester, target, wanted, revision, effect, impact, remarks, proposal, decision } = request;
  const would = impactInWords(request);
  const forms = acts.flatMap((act) => formOf(act, request) ?? []);
  return html`<article data-revision="${revision}" data-effect="${effect}">
<h1 tabindex="-1">${visible(requester.name)} asks ${wanted.kind === 'statement' ? 'to run this' : 'for this'} on ${target}</h1>
<p>${visible(capitalised(standingInWords(request, written)))}.</p>
<pre tabindex="0" aria-label="${wanted.kind === 'statement' ? 'Statement' : 'Columns'}">${wantedInWords(request).map(visible).join('\n')}</pre>
${would.length === 0 ? '' : html`<h2>What it would do</h2><ul>${would.map((line) => html`<li>${visible(line)}</li>`)}</ul>`}
${impact?.sample == null ? '' : sampleTable(impact.sample)}
<h2>Who asks, and why</h2>
<dl>${facts(request).map(([name, value]) => html`<dt>${name}</dt><dd>${visible(value)}</dd>`)}</dl>
<h2>Which rules ask</h2>
<ul>${decision.rules.map((rule) => html`<li>${rule.id}: ${visible(rule.because)} <span class="soft">(${visible(rule.owner)})</span></li>`)}</ul>
${remarks.length === 0 ? '' : html`<h2>Remarks</h2><ul>${remarks.map(({ by, text }) => html`<li>${visible(by.name)}: ${visible(text)}</li>`)}</ul>`}
${proposal === null ? '' : html`<h2>${visible(proposal.by.name)} would agree to</h2><pre tabindex="0">${proposal.statement.split(/\r?\n/).map(visible).join('\n')}</pre>`}
${forms.length === 0 ? html`<p class="soft">There is nothing for you to decide here.</p>` : html`<h2>What you may do</h2>${forms}`}
</article>`;
}

function facts(request: ApprovalRequest): Array<[string, string]> {
  const { requester, actsFor, surface, at, reason, ticket, votes } = request;
  return [
    ['Who', `${requester.name} (${requester.id})`],
    ...(actsFor === null ? [] : [['Acts for', actsFor.name] satisfies [string, string]]),
    ['Groups', requester.groups.join(', ') || 'none'],
    ['From', surfaceInWords(surface)],
    ['Asked at', written(at)],
    ['Reason', reason || 'none given'],
    ['Ticket', ticket || 'none given'],
    ...votes.map(
      ({ by, verdict, reason: why }) =>
        [verdict === 'approve' ? 'Agreed' : 'Denied', `${by.name}${why === '' ? '' : `: ${why}`}`] satisfies [
          string,
          string,
        ],
    ),
  ];
}

/** Masked as the requester would see it. */
function sampleTable({ columns, rows }: NonNullable<Impact['sample']>): Html {
  return html`<div class="scroll" tabindex="0" role="region" aria-label="Some of the rows"><table>
<thead><tr>${columns.map((name) => html`<th scope="col">${visible(name)}</th>`)}</tr></thead>
<tbody>${rows.map((row) => html`<tr>${row.map((value) => html`<td>${value === null ? 'NULL' : visible(value)}</td>`)}</tr>`)}</tbody>
</table></div>`;
}

function formOf(act: RequestAct, request: ApprovalRequest): Html | null {
  switch (act) {
    case 'approve':
      return form('approve', 'Approve', [
        reason('approve', 'Reason (may be left out)', false),
        html`<label for="max-rows">Roll it back when it would change more rows than (may be left out)</label>
<input id="max-rows" name="maxRows" inputmode="numeric" pattern="[0-9]{1,15}" autocomplete="off">`,
        ...windows(request),
      ]);
    case 'deny':
      return form('deny', 'Deny', [reason('deny', 'Reason, which the requester reads', true)]);
    case 'remark':
      return form('remark', 'Write', [
        html`<label for="remark-text">Ask, or answer</label>
<input id="remark-text" name="text" required maxlength="2000" autocomplete="off">`,
      ]);
    case 'withdraw':
      return form('withdraw', 'Take the request back', []);
    case 'breakGlass':
      return form('break-glass', 'Run it without approval', [
        reason('break-glass', 'Reason, which is reviewed', true),
      ]);
    case 'review':
      return form('review', 'I have looked at it', [
        reason('review', 'What you found (may be left out)', false),
      ]);
    // They need an editor.
    case 'propose':
    case 'explain':
      return null;
    default:
      return act satisfies never;
  }
}

function form(act: string, button: string, fields: readonly Html[]): Html {
  const look = act === 'approve' ? '' : 'quiet';
  return html`<form data-act="${act}" aria-label="${button}">${fields}<button class="${look}">${button}</button></form>`;
}

function reason(act: string, label: string, isRequired: boolean): Html {
  return html`<label for="${act}-reason">${label}</label>
<input id="${act}-reason" name="reason" maxlength="2000" autocomplete="off"${isRequired ? html` required` : ''}>`;
}

const WINDOWS_SECONDS = [300, 900, 1800, 3600, 7200, 28_800, 86_400];

/** For how long its like may run, where every rule that asks lets it. */
function windows({ asks, shape }: ApprovalRequest): Html[] {
  const longest = Math.min(...asks.map(({ windowSeconds }) => windowSeconds ?? 0));
  if (shape === null || longest === 0) return [];
  const offered = [...WINDOWS_SECONDS.filter((seconds) => seconds < longest), longest];
  return [
    html`<label for="window">How often</label>
<select id="window" name="windowSeconds"><option value="">This statement, once</option>${offered.map(
      (seconds) => html`<option value="${seconds}">It and its like, for ${durationInWords(seconds)}</option>`,
    )}</select>`,
  ];
}

function capitalised(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

function written(at: string): string {
  return `${at.slice(0, 16).replace('T', ' ')} UTC`;
}

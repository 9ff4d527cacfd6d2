import * as z from 'zod';
import type { ApprovalsState } from '../../../../../extension/contract/approvals-messages.ts';
import { byUrgency, isOpen, newestFirst, waitsForMe } from '../../../../../extension/contract/requests.ts';
import type { ShownRequest } from '../../../../../gateway/contract/approval-request.ts';

/** What a person can be in the middle of writing. */
export const FormKind = z.enum(['limits', 'deny', 'remark', 'propose', 'explain', 'review']);
export type FormKind = z.infer<typeof FormKind>;

/** What a person did with the screen; kept while the view is hidden. */
export const InboxUi = z.object({
  selected: z.string().nullable(),
  form: FormKind.nullable(),
  /** Unsent words, by request and form. */
  drafts: z.record(z.string(), z.string()),
  historyOpen: z.boolean(),
});
export type InboxUi = z.infer<typeof InboxUi>;

/** All that the screen shows: what the host said, and what the person did with it. */
export type Inbox = { readonly approvals: ApprovalsState | null; readonly ui: InboxUi };

export const EMPTY_UI: InboxUi = { selected: null, form: null, drafts: {}, historyOpen: false };

export type SectionName = 'decided' | 'forMe' | 'others' | 'mine' | 'history';
export type Section = { readonly name: SectionName; readonly requests: readonly ShownRequest[] };

/** The host's word replaces the last. Nothing is selected instead of the person but the first that waits for them. */
export function withApprovals(inbox: Inbox, approvals: ApprovalsState): Inbox {
  const isKnown = approvals.requests.some(({ request }) => request.id === inbox.ui.selected);
  const first = approvals.requests.filter(waitsForMe).sort(byUrgency)[0]?.request.id ?? null;
  const selected = isKnown ? inbox.ui.selected : first;
  const form = selected === inbox.ui.selected ? inbox.ui.form : null;
  return closedForm({ approvals, ui: { ...inbox.ui, selected, form } });
}

/** One request as an act left it; an older state of it changes nothing. */
export function withRequest(inbox: Inbox, shown: ShownRequest): Inbox {
  if (inbox.approvals === null) return inbox;
  const requests = inbox.approvals.requests.map((known) => {
    const isNewer = known.request.id === shown.request.id && shown.request.revision >= known.request.revision;
    return isNewer ? shown : known;
  });
  return closedForm({ ...inbox, approvals: { ...inbox.approvals, requests } });
}

export function withSelected(inbox: Inbox, selected: string): Inbox {
  if (selected === inbox.ui.selected) return inbox;
  return { ...inbox, ui: { ...inbox.ui, selected, form: null } };
}

export function withForm(inbox: Inbox, form: FormKind | null): Inbox {
  return closedForm({ ...inbox, ui: { ...inbox.ui, form } });
}

/** Keeps what was typed; an empty text is forgotten. */
export function withDraft(inbox: Inbox, key: string, text: string | null): Inbox {
  const { [key]: _, ...others } = inbox.ui.drafts;
  return { ...inbox, ui: { ...inbox.ui, drafts: text === null ? others : { ...others, [key]: text } } };
}

export function withHistory(inbox: Inbox, historyOpen: boolean): Inbox {
  return { ...inbox, ui: { ...inbox.ui, historyOpen } };
}

/** Everything in the order in which it stands on the screen; empty sections are left out. */
export function sectionsOf({ approvals, ui }: Inbox): Section[] {
  if (approvals === null) return [];
  const { requests, me } = approvals;
  const open = requests.filter(isOpen).sort(byUrgency);
  const settled = requests.filter((shown) => !isOpen(shown)).sort(newestFirst);
  const isMine = ({ request }: ShownRequest) => request.requester.id === me;
  const sections: Section[] = [
    // What was decided while it was looked at stays where it can be read.
    {
      name: 'decided',
      requests: ui.historyOpen ? [] : settled.filter(({ request }) => request.id === ui.selected),
    },
    { name: 'forMe', requests: open.filter(waitsForMe) },
    { name: 'others', requests: open.filter((shown) => !waitsForMe(shown) && !isMine(shown)) },
    { name: 'mine', requests: open.filter((shown) => !waitsForMe(shown) && isMine(shown)) },
    { name: 'history', requests: ui.historyOpen ? settled : [] },
  ];
  return sections.filter((section) => section.requests.length > 0);
}

export function selectedOf({ approvals, ui }: Inbox): ShownRequest | null {
  return approvals?.requests.find(({ request }) => request.id === ui.selected) ?? null;
}

/** The request that an arrow key goes to: `by` 1 is down, -1 is up; null when there is none. */
export function neighbour(inbox: Inbox, by: 1 | -1): string | null {
  const ids = sectionsOf(inbox).flatMap(({ requests }) => requests.map(({ request }): string => request.id));
  const at = ids.indexOf(inbox.ui.selected ?? '');
  if (at === -1) return ids[0] ?? null;
  return ids[Math.min(ids.length - 1, Math.max(0, at + by))] ?? null;
}

export function draftKey(request: string, form: FormKind, field = ''): string {
  return `${request} ${form}${field === '' ? '' : ` ${field}`}`;
}

/** What sending a form does. */
export const ACT_OF: Record<FormKind, ShownRequest['acts'][number]> = {
  limits: 'approve',
  deny: 'deny',
  remark: 'remark',
  propose: 'propose',
  explain: 'explain',
  review: 'review',
};

/** A form whose act is no longer possible closes. */
function closedForm(inbox: Inbox): Inbox {
  const { form } = inbox.ui;
  if (form === null) return inbox;
  const may = selectedOf(inbox)?.acts.includes(ACT_OF[form]) === true;
  return may ? inbox : { ...inbox, ui: { ...inbox.ui, form: null } };
}

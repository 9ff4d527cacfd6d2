import type { ApprovalRequest } from '../../../../contract/approval-request.ts';
import type { Impact } from '../../../../contract/impact.ts';

const MAX_SIMILAR = 5;
/** The requester's last requests on the target whose statements differ in constants and blanks alone, newest first. */
export function similarTo(request: ApprovalRequest, requests: readonly ApprovalRequest[]): Impact['similar'] {
  const form = formOf(request);
  if (form === null) return [];
  const similar: Impact['similar'] = [];
  for (const other of requests) {
    const { id, requester, target, wanted, at, status } = other;
    const isTheirs = requester.id === request.requester.id && target === request.target && id !== request.id;
    if (!isTheirs || wanted.kind !== 'statement') continue;
    if (formOf(other) !== form) continue;
    similar.push({ at, status, statement: wanted.statement });
    if (similar.length === MAX_SIMILAR) break;
  }
  return similar;
}

const MAX_FORMS = 1000;
const forms = new Map<string, string>();

/** For showing alone: what counts as the same is told by effects. */
function formOf({ wanted }: ApprovalRequest): string | null {
  if (wanted.kind !== 'statement' || wanted.statement.length > 16_384) return null;
  const { statement } = wanted;
  const known = forms.get(statement);
  if (known !== undefined) return known;
  const form = statement
    .toLowerCase()
    .replaceAll(/'(?:''|[^'])*'|\$\d+|\b\d[\d.]*\b/g, '?')
    .replaceAll(/\s+/g, ' ')
    .trim();
  if (forms.size >= MAX_FORMS) forms.clear();
  forms.set(statement, form);
  return form;
}

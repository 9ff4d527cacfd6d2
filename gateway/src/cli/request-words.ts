import type { ApprovalRequest, Bounds, RequestAct, ShownRequest } from '../../contract/approval-request.ts';
import { approversInWords } from '../../contract/ask.ts';
import { assertNever } from '../../contract/assert-never.ts';

/** A request in plain words, some lines. Nothing that somebody else wrote moves the cursor of who reads it. */
export function requestInWords({ request, acts }: ShownRequest): string {
  const { id, requester, actsFor, surface, target, reason, ticket, remarks, proposal } = request;
  const forWhom = actsFor === null ? '' : ` for ${actsFor.name}`;
  const lines = [
    `${shortId(id)}  ${standing(request)}`,
    `  ${requester.name}${forWhom} on ${target}, by ${surface === 'postgres' ? 'a PostgreSQL client' : 'the editor'}:`,
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

/** "at most 100 rows, for 30 minutes": how far an approval goes. */
export function boundsInWords({ maxRows, windowSeconds }: Bounds): string {
  const rows = maxRows === null ? 'however many rows it takes' : `at most ${count(maxRows, 'row')}`;
  return windowSeconds === null ? `${rows}, once` : `${rows}, and its like for ${duration(windowSeconds)}`;
}

/** Shows what a terminal would act on: control characters, and those that turn the direction of writing. */
export function visible(text: string): string {
  return text.replace(
    /(?!\t)[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu,
    (character) => `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`,
  );
}

function standing(request: ApprovalRequest): string {
  const { status, asks, votes, lapsesAt, endsAt } = request;
  const agreed = votes.filter(({ verdict }) => verdict === 'approve').map(({ by }) => by.name);
  const denial = votes.find(({ verdict }) => verdict === 'deny');
  switch (status) {
    case 'pending': {
      const so = agreed.length === 0 ? '' : ` (${agreed.join(', ')} agreed)`;
      return `waits for ${approversInWords(asks)}${so} until ${moment(lapsesAt)}`;
    }
    case 'approved':
      return `approved by ${agreed.join(', ')}: ${boundsInWords(request.bounds)}, until ${moment(endsAt ?? lapsesAt)}`;
    case 'used':
      return `approved by ${agreed.join(', ')}, and it ran`;
    case 'denied':
      return `denied by ${denial?.by.name ?? 'somebody'}: ${denial?.reason ?? ''}`;
    case 'withdrawn':
      return 'withdrawn';
    case 'lapsed':
      return 'lapsed';
    case 'brokenGlass':
      return `ran without approval; ${approversInWords(asks)} must review it`;
    case 'reviewed':
      return 'ran without approval, and was reviewed';
    default:
      return assertNever(status);
  }
}

function wantedInWords({ wanted }: ApprovalRequest): string[] {
  if (wanted.kind === 'unmask') {
    const columns = wanted.columns.map(({ schema, relation, column }) => `${schema}.${relation}.${column}`);
    return [`to see ${columns.join(', ')} unmasked for ${duration(wanted.forSeconds)}`];
  }
  const parameters = wanted.parameters.map((value, at) => `$${at + 1} = ${value ?? 'NULL'}`);
  return [...wanted.statement.trim().split(/\r?\n/), ...parameters];
}

function impactInWords({ impact }: ApprovalRequest): string[] {
  if (impact === null) return ['What it would do was not computed.'];
  const { summary, where, cascades, triggers, effects, unknown } = impact;
  const further = [
    ...(where?.present === false ? ['It has no WHERE.'] : []),
    ...(where?.present === true && where.index === null ? ['No index finds its rows.'] : []),
    ...cascades.map(({ to, action }) => `Rows of ${to.schema}.${to.relation} go along (${action}).`),
    ...triggers.map((on) => `The trigger ${on.trigger} of ${on.schema}.${on.relation} runs.`),
    ...effects,
    ...unknown.map((what) => `Unknown: ${what}`),
  ];
  return [summary, ...further];
}

/** What one writes on the command line for an act; the others belong to the editor. */
const COMMANDS: Record<RequestAct, string> = {
  approve: 'approve',
  deny: 'deny',
  remark: 'remark (in the editor)',
  propose: 'propose another statement (in the editor)',
  withdraw: 'withdraw',
  explain: 'explain (in the editor)',
  breakGlass: 'break-glass',
  review: 'review (in the editor)',
};

function moment(at: string): string {
  return new Date(at).toLocaleString();
}

function duration(seconds: number): string {
  const units = [
    ['day', 86_400],
    ['hour', 3600],
    ['minute', 60],
  ] as const;
  const [name, size] = units.find(([, each]) => seconds % each === 0) ?? ['second', 1];
  return count(seconds / size, name);
}

function count(how: number, what: string): string {
  return `${how} ${what}${how === 1 ? '' : 's'}`;
}

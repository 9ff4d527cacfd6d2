import type {
  Access,
  Subject,
  ToldRule,
  WhatReport,
  WhoReport,
} from '../../../gateway/contract/policy-access.ts';

/** Who may see a column, or do something with a table, and why. Plain text, for an editor. */
export function whoText({
  target,
  schema,
  relation,
  columns,
  people,
  subjects,
  policy,
  ...report
}: WhoReport): string {
  const column = columns.length === 1 ? `.${columns.join('')}` : '';
  const known = people.clear + people.masked + people.onlyWhen + people.no;
  return [
    `Who may ${report.doing} ${schema}.${relation}${column} on ${target}`,
    `By policy ${policy.slice(0, 12)}, now.`,
    '',
    `Of ${known} people known from records: ${people.clear} in clear, ${people.masked} masked, ${people.onlyWhen} under conditions only, ${people.no} not at all; ${people.afterApproval} after approval.`,
    ...subjects.flatMap(({ subject, access }) => ['', ...subjectLines(subject, access)]),
    '',
  ].join('\n');
}

/** What somebody may do on a target. Plain text, for an editor. */
export function whatText({ target, person, rules, relations, policy }: WhatReport): string {
  const names = (relations ?? []).map(({ schema, relation }) => `${schema}.${relation}`);
  const width = Math.max(0, ...names.map((name) => name.length));
  const tables = (relations ?? []).flatMap(({ doing, masked }, at) => {
    const words = Object.entries(doing).map(([kind, how]) => `${kind}: ${how}`);
    const masks = masked.length === 0 ? [] : [`${' '.repeat(width + 4)}masked ${masked.join(', ')}`];
    return [`  ${(names[at] ?? '').padEnd(width)}  ${words.join(', ')}`, ...masks];
  });
  return [
    `What ${nameOf(person)} may do on ${target}`,
    `By policy ${policy.slice(0, 12)}, now.`,
    '',
    rules.length === 0 ? 'No rule is about them, so everything is blocked.' : 'Rules about them:',
    ...rules.map((rule) => ruleLine(rule)),
    ...(relations === null ? [] : ['', 'Tables:', ...tables]),
    '',
  ].join('\n');
}

function subjectLines(subject: Subject, access: Access): string[] {
  return [
    `${nameOf(subject)}: ${outcomeWords(access)}`,
    ...access.rules.map((rule) => ruleLine(rule)),
    ...access.conditions.map((rule) => ruleLine(rule)),
  ];
}

function nameOf(subject: Subject): string {
  if (subject.kind === 'group') return `Group ${subject.name}`;
  if (subject.kind === 'others') return 'Everybody else';
  const groups = subject.groups.length === 0 ? 'in no group' : subject.groups.join(', ');
  return `${subject.name} (${groups})`;
}

function outcomeWords({ outcome, approval, masks, rows }: Access): string {
  if (outcome === 'no') return 'no';
  const masked = masks.map(({ column, mask }) => `${column} as ${mask}`).join(', ');
  const words = {
    clear: 'yes',
    masked: `masked (${masked})`,
    onlyWhen: `only under conditions${masked === '' ? '' : ` (${masked})`}`,
  }[outcome];
  const after = approval === null ? '' : `, after approval by ${approval}`;
  return `${words}${after}${rows.length === 0 ? '' : `, only rows where ${rows.join(' and ')}`}`;
}

function ruleLine({ id, owner, because, does, about, when }: ToldRule): string {
  return `  ${id} of ${owner}: ${does}, ${about}${when === null ? '' : ` when ${when}`} (${because})`;
}

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
    `People known from records: ${known}. In clear ${people.clear}, masked ${people.masked},`,
    `under conditions only ${people.onlyWhen}, not at all ${people.no}; after approval ${people.afterApproval}.`,
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
    ...rules.flatMap(ruleLines),
    ...(relations === null ? [] : ['', 'Tables:', ...tables]),
    '',
  ].join('\n');
}

function subjectLines(subject: Subject, access: Access): string[] {
  return [
    `${nameOf(subject)}: ${outcomeWords(access)}`,
    ...access.rules.flatMap(ruleLines),
    ...access.conditions.flatMap(ruleLines),
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

function ruleLines({ id, owner, because, does, about, when }: ToldRule): string[] {
  const condition = when === null ? [] : [`    when ${when}`];
  return [`  ${id} of ${owner}: ${does}, ${about}`, ...condition, `    ${because}`];
}

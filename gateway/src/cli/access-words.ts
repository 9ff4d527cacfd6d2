import type { Access, Subject, ToldRule, WhatReport, WhoReport } from '../../contract/policy-access.ts';

/** Who may do something with a place, by group and by name. */
export function accessInWords(report: WhoReport): string {
  const { target, schema, relation, columns, doing, people, subjects } = report;
  const what = columns.length === 1 ? `.${columns.join('')}` : '';
  const known = people.clear + people.masked + people.onlyWhen + people.no;
  return [
    `${doing} on ${schema}.${relation}${what} of ${target}, by policy ${report.policy.slice(0, 12)}`,
    `Of ${known} people known from records ${people.clear} see it in clear, ${people.masked} masked, ${people.onlyWhen} under conditions only, ${people.no} not at all; ${people.afterApproval} after approval.`,
    ...subjects.flatMap(({ subject, access }) => ['', ...subjectLines(subject, access)]),
  ].join('\n');
}

/** What somebody may do on a target. */
export function whatInWords({ target, person, rules, relations, policy }: WhatReport): string {
  const width = Math.max(
    0,
    ...(relations ?? []).map(({ schema, relation }) => schema.length + relation.length + 1),
  );
  const tables = (relations ?? []).map(({ schema, relation, doing, masked }) => {
    const words = Object.entries(doing).map(([kind, how]) => `${kind}: ${how}`);
    const masks = masked.length === 0 ? '' : `; masked ${masked.join(', ')}`;
    return `  ${`${schema}.${relation}`.padEnd(width)}  ${words.join(', ')}${masks}`;
  });
  return [
    `${nameOf(person)} on ${target}, by policy ${policy.slice(0, 12)}`,
    ...(rules.length === 0 ? ['No rule is about them, so everything is blocked.'] : []),
    ...rules.map((rule) => ruleLine(rule)),
    ...(tables.length === 0 ? [] : ['', ...tables]),
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
  const groups = subject.groups.length === 0 ? 'no group' : subject.groups.join(', ');
  return `${subject.name} (${groups})`;
}

function outcomeWords({ outcome, approval, masks, rows }: Access): string {
  const after = approval === null ? '' : `, after approval by ${approval}`;
  const only = rows.length === 0 ? '' : `, only rows where ${rows.join(' and ')}`;
  const masked = masks.map(({ column, mask }) => `${column} as ${mask}`).join(', ');
  switch (outcome) {
    case 'no':
      return 'no';
    case 'onlyWhen':
      return `only under conditions${masked === '' ? '' : `, ${masked}`}${after}${only}`;
    case 'masked':
      return `masked (${masked})${after}${only}`;
    case 'clear':
      return `yes${after}${only}`;
  }
}

function ruleLine({ id, owner, because, does, about, when }: ToldRule): string {
  const condition = when === null ? '' : ` when ${when}`;
  return `  ${id} of ${owner}: ${does}, ${about}${condition} (${because})`;
}

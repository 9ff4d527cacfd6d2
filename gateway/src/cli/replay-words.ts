import type { DecisionChangeKind } from '../../contract/decision-change.ts';
import type { ReplayGroup, ReplayReport } from '../../contract/policy-replay.ts';

const KINDS: Record<DecisionChangeKind, string> = {
  nowBlocked: 'newly blocked',
  nowHeld: 'now waiting for approval',
  nowRuns: 'newly allowed',
  otherApprovers: 'with other approvers',
  maskAdded: 'newly masked',
  maskRemoved: 'newly unmasked',
  maskChanged: 'masked otherwise',
  rowsAdded: 'with fewer rows',
  rowsRemoved: 'without a row filter that there was',
  rowsChanged: 'with other rows',
  detectorAdded: 'looked through anew',
  detectorRemoved: 'no longer looked through',
};
const MAX_STATEMENT = 160;

/** A decision diff as people read it, with at most so many groups. */
export function reportInWords(report: ReplayReport, maxGroups: number): string {
  const { read, replayed, changed, from, until, changes, rules } = report;
  const period = from === null || until === null ? '' : `, from ${from} to ${until}`;
  const compared = report.base === null ? 'what was decided then' : `policy ${report.base.slice(0, 12)}`;
  const counts = Object.entries(changes).map(
    ([kind, count]) => `  ${String(count).padStart(9)}  ${KINDS[kind as DecisionChangeKind]}`,
  );
  const byRule = rules.map(
    ({ id, owner, count }) => `  ${String(count).padStart(9)}  because of ${id} of ${owner}`,
  );
  const shown = report.groups.slice(0, maxGroups);
  const left = report.groups.length - shown.length + report.groupsLeftOut;
  return [
    `Policy ${report.candidate.slice(0, 12)} against ${compared}: ${replayed} of ${read} recorded actions asked again${period}.`,
    ...unaskedLines(report),
    changed === 0 ? 'Nothing would be decided otherwise.' : `${changed} would be decided otherwise:`,
    ...(changed === 0 ? [] : [`  ${String(report.looser).padStart(9)}  of them let do or see more`]),
    ...counts,
    ...byRule,
    ...shown.flatMap(groupLines),
    ...(left > 0 ? ['', `${left} more groups; --groups N shows more, --json up to 200.`] : []),
  ].join('\n');
}

function unaskedLines({ cannotReplay, refusedOtherwise }: ReplayReport): string[] {
  const { withoutQuestion, notUnderstood, unreadable } = cannotReplay;
  const lines: Array<[number, string]> = [
    [withoutQuestion, 'can not be asked again: recorded without what the decision was asked with'],
    [notUnderstood, 'were not understood then, and are blocked by every policy'],
    [unreadable, 'are no records that can be read'],
    [refusedOtherwise, 'were refused for another reason than the policy; compared is what it said'],
  ];
  return lines
    .filter(([count]) => count > 0)
    .map(([count, words]) => `  ${String(count).padStart(9)}  ${words}`);
}

function groupLines(group: ReplayGroup): string[] {
  const { kind, before, after, target, shape, detail, rules, count, people, examples } = group;
  const outcome = before === after ? '' : ` (${before} → ${after})`;
  const whose = rules.length === 0 ? '' : `  by ${rules.map(({ id }) => id).join(', ')}`;
  const what = detail === '' ? [] : [`    ${detail}`];
  return [
    '',
    `${count} ${KINDS[kind]}${outcome} on ${target}, ${people === 1 ? 'one person' : `${people} people`}${whose}`,
    `  ${shape}`,
    ...what,
    ...examples
      .slice(0, 1)
      .flatMap(({ who, at, statement, after: sentence }) => [
        `    ${who}, ${at}: ${shortened(statement)}`,
        `    ${sentence}`,
      ]),
  ];
}

function shortened(statement: string): string {
  const line = statement.trim().replaceAll(/\s+/g, ' ');
  return line.length <= MAX_STATEMENT ? line : `${line.slice(0, MAX_STATEMENT)}…`;
}

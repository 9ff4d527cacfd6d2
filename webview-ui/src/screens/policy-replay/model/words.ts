import type { ReplaySpan } from '../../../../../extension/contract/policy-replay-messages.ts';
import type { Outcome } from '../../../../../gateway/contract/decision.ts';
import type { ChangeDirection, DecisionChangeKind } from '../../../../../gateway/contract/decision-change.ts';
import type { ReplayReport } from '../../../../../gateway/contract/policy-replay.ts';
import { groupDigits } from '../../../numbers.ts';

/** What a direction means for those who act, in words: colour alone tells nobody. */
export const DIRECTIONS: Record<ChangeDirection, string> = {
  looser: 'lets more through',
  stricter: 'lets less through',
  other: 'neither more nor less',
};

export const OUTCOMES: Record<Outcome, string> = {
  allow: 'allowed',
  mask: 'allowed, masked',
  approve: 'held for approval',
  block: 'blocked',
};

export const SPANS: Record<ReplaySpan, string> = {
  day: 'The last day',
  week: 'The last 7 days',
  month: 'The last 30 days',
  all: 'All that is recorded',
};

const WAYS: Record<DecisionChangeKind, Partial<Record<ChangeDirection, string>> & { other: string }> = {
  nowRuns: { other: 'Newly allowed' },
  nowHeld: { looser: 'No longer blocked, held for approval', other: 'Newly held for approval' },
  nowBlocked: { other: 'Newly blocked' },
  otherApprovers: { other: 'Held for other approvers' },
  maskAdded: { other: 'Newly masked' },
  maskRemoved: { other: 'Unmasked' },
  maskChanged: { looser: 'Masked less', stricter: 'Masked more', other: 'Masked otherwise' },
  rowsAdded: { other: 'Fewer rows' },
  rowsRemoved: { other: 'A row filter is gone' },
  rowsChanged: { other: 'Other rows' },
  detectorAdded: { stricter: 'Looked through anew', other: 'Looked through for other things' },
  detectorRemoved: { other: 'No longer looked through' },
};

/** A way in which actions change: "Masked less". */
export function wayInWords(kind: DecisionChangeKind, direction: ChangeDirection): string {
  return WAYS[kind][direction] ?? WAYS[kind].other;
}

/** `1 action`, `1,240 actions` */
export function actions(amount: number): string {
  return `${groupDigits(amount)} ${amount === 1 ? 'action' : 'actions'}`;
}

/** What was asked and what came of it, in two sentences. */
export function headline(report: ReplayReport): string {
  const { replayed, changed } = report;
  if (replayed === 0) return 'No recorded action could be asked again.';
  const asked = `${actions(replayed)} ${replayed === 1 ? 'was' : 'were'} asked again.`;
  if (changed === 0) return `${asked} Nothing would be decided otherwise.`;
  return `${asked} ${groupDigits(changed)} would be decided otherwise.`;
}

/** How many would be let do or see more; empty where nothing changes at all. */
export function warning({ looser, changed, base }: ReplayReport): string {
  if (changed === 0) return '';
  const than = base === null ? 'than was decided then' : 'than by the policy in force';
  if (looser === 0) return `None of them would be let do or see more ${than}.`;
  return `${actions(looser)} would be let do or see more ${than}.`;
}

/** What could not be asked again or was left out, and why. */
export function caveats(report: ReplayReport, isCut: boolean): string[] {
  const { withoutQuestion, notUnderstood, unreadable } = report.cannotReplay;
  const told: Array<[number, string]> = [
    [withoutQuestion, 'could not be asked again: recorded without what the decision was asked with.'],
    [notUnderstood, 'could not be asked again: not understood then, and blocked by every policy.'],
    [unreadable, 'could not be asked again: the records cannot be read.'],
    [
      report.refusedOtherwise,
      `${report.refusedOtherwise === 1 ? 'was' : 'were'} refused for another reason than the policy; what the policy said is compared.`,
    ],
  ];
  const counted = told.flatMap(([count, words]) => (count > 0 ? [`${actions(count)} ${words}`] : []));
  const { groupsLeftOut } = report;
  return [
    ...counted,
    ...(isCut ? [`Only the newest ${actions(report.read)} were asked again; there may be older ones.`] : []),
    ...(groupsLeftOut > 0
      ? [
          `${groupDigits(groupsLeftOut)} groups are counted above and not listed; what lets more through is listed first.`,
        ]
      : []),
  ];
}

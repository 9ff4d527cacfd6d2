import type {
  DraftReport,
  TouchedTarget,
  TouchReport,
  UnmetExpectation,
} from '../../../gateway/contract/policy-draft.ts';
import { escapeMarkdown } from '../verdicts/wording.ts';
import type { Check } from './draft-checks.ts';

/** What a part of a draft is about now, in Markdown; every name in it is escaped. */
export function touchesText(label: string, report: TouchReport): string {
  const about = escapeMarkdown(label);
  if (report.kind === 'unreadable')
    return `What ${about} is about can't be told: ${escapeMarkdown(report.why)}\\.`;
  const { targets, people, decided } = report;
  return [
    ...(targets === null ? [] : [targetsText(about, targets)]),
    ...(people === null
      ? []
      : [
          `Of ${people.of} ${people.of === 1 ? 'person' : 'people'} known from records it is about ${people.count}${namesText(people)}\\.`,
        ]),
    ...(decided === null ? [] : [decidedText(decided)]),
  ].join('\n\n');
}

function targetsText(about: string, targets: readonly TouchedTarget[]): string {
  if (targets.length === 0) return `No target that the gateway knows is meant by ${about} now\\.`;
  const lines = targets.map((target) => {
    const examples = target.examples.map((name) => escapeMarkdown(name)).join(', ');
    const told = target.relations ?? 0;
    const isMore = target.examples.length < (target.columns ?? told);
    return `- **${escapeMarkdown(target.target)}**${countsText(target)}${examples === '' ? '' : `: ${examples}${isMore ? ' …' : ''}`}`;
  });
  return [`Now ${about} is about:`, '', ...lines].join('\n');
}

function countsText({ kind, relations, columns }: TouchedTarget): string {
  if (kind === 'ssh') return ', a host';
  if (relations === null) return ', whose catalogue can not be read now';
  if (relations === 0) return ', but nothing in it';
  if (columns === null) return `, ${many(relations, 'relation')}`;
  return `, ${many(columns, 'column')} of ${many(relations, 'relation')}`;
}

function namesText({ count, examples }: { count: number; examples: readonly string[] }): string {
  if (examples.length === 0) return '';
  const more = count > examples.length ? ' …' : '';
  return `: ${examples.map((name) => escapeMarkdown(name)).join(', ')}${more}`;
}

function decidedText({ count, isMore, days }: { count: number; isMore: boolean; days: number }): string {
  if (count === 0)
    return `No action that was recorded in the last ${days} days was decided by a rule of this name\\.`;
  return `It counted in ${isMore ? `more than ${count}` : count} recorded ${count === 1 ? 'action' : 'actions'} of the last ${days} days\\.`;
}

/** What an unmet expectation is shown with. Plain text. */
export function unmetText({ title, differences, sentence }: UnmetExpectation): string {
  const lines = differences.map(
    ({ what, expected, actual }) => `${what}: expected ${expected}, and it comes to ${actual}`,
  );
  return [`Not met: ${title}`, ...lines, sentence].join('\n');
}

/** How a draft stands, in a line, and in full. Plain text. */
export function statusText(check: Check): { text: string; detail: string; isWarning: boolean } {
  switch (check.kind) {
    case 'checking':
      return { text: 'Policy: asking the gateway…', detail: '', isWarning: false };
    case 'notChecked':
      return {
        text: 'Policy: held against its schema alone',
        detail: `Not judged: ${check.why}`,
        isWarning: true,
      };
    case 'checked':
      return checkedText(check.report);
  }
}

function checkedText({ version, problems, expectations }: DraftReport): ReturnType<typeof statusText> {
  if (version === null) {
    return {
      text: `Policy: ${many(problems.length, 'problem')}`,
      detail: 'It would not be put in force.',
      isWarning: true,
    };
  }
  const unmet = expectations?.unmet.length ?? 0;
  const asked = expectations?.asked ?? 0;
  const wouldBe = `It would be version ${version.slice(0, 12)}.`;
  const isWarning = problems.length + unmet > 0;
  if (isWarning) {
    return { text: `Policy: ${unmet} of ${many(asked, 'expectation')} not met`, detail: wouldBe, isWarning };
  }
  const met = asked === 0 ? 'valid' : `valid, ${many(asked, 'expectation')} met`;
  return { text: `Policy: ${met}`, detail: wouldBe, isWarning };
}

function many(count: number, thing: string): string {
  return `${count.toLocaleString('en')} ${thing}${count === 1 ? '' : 's'}`;
}

import type { VNode } from 'preact';
import type { ReplayReport } from '../../../../../gateway/contract/policy-replay.ts';
import { Icon } from '../../../icons.tsx';
import { groupDigits } from '../../../numbers.ts';
import type { Way } from '../model/tree.ts';
import { caveats, DIRECTIONS, headline, warning } from '../model/words.ts';
import type { Screen } from '../screen.ts';

type SummaryProps = {
  readonly report: ReplayReport;
  readonly isCut: boolean;
  readonly ways: readonly Way[];
  readonly screen: Screen;
};

/** What would change, in figures: what lets more through first, and said so. */
export function Summary({ report, isCut, ways, screen }: SummaryProps): VNode {
  const warned = warning(report);
  const told = caveats(report, isCut);
  return (
    <section class="summary" aria-label="Summary">
      <p class="headline">
        <strong>{headline(report)}</strong>
        <span class="quiet"> {period(report)}</span>
      </p>
      {warned === '' ? null : (
        <p class={report.looser > 0 ? 'warned with-icon' : 'with-icon'}>
          <Icon name={report.looser > 0 ? 'warning' : 'done'} />
          {warned}
        </p>
      )}
      <ul class="ways">
        {ways.map(({ key, name, count, direction }) => (
          <li key={key}>
            <button
              type="button"
              class={`way-figure ${direction}`}
              onClick={() => screen.change((now) => ({ ...now, active: key }))}
            >
              <span class="figure">{groupDigits(count)}</span>
              <span>{name}</span>
              <span class="direction">
                {direction === 'looser' ? <Icon name="warning" /> : null}
                {DIRECTIONS[direction]}
              </span>
            </button>
          </li>
        ))}
      </ul>
      {told.length === 0 ? null : (
        <ul class="caveats quiet">
          {told.map((sentence) => (
            <li key={sentence}>{sentence}</li>
          ))}
        </ul>
      )}
    </section>
  );
}

function period({ from, until }: ReplayReport): string {
  if (from === null || until === null) return '';
  return `From ${new Date(from).toLocaleString()} to ${new Date(until).toLocaleString()}.`;
}

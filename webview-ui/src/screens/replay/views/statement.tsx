import type { VNode } from 'preact';
import { printable } from '../../../../../extension/contract/printable.ts';
import type { ReplayAction } from '../../../../../extension/contract/replay-messages.ts';
import { assertNever } from '../../../../../gateway/contract/assert-never.ts';
import type { RecordedAnswer } from '../../../../../gateway/contract/record.ts';
import { Icon, type IconName } from '../../../icons.tsx';
import { entryAt } from '../model/entries.ts';
import type { ReplayState } from '../model/state.ts';

/** The statement of this time: what was asked, what was decided, what its person saw. */
export function Statement({ state }: { readonly state: ReplayState }): VNode {
  const index = entryAt(state.entries, state.atS);
  const action = state.session?.actions[index];
  if (action === undefined) return <p class="quiet nothing">No statement has run yet.</p>;
  const answer = state.answer?.record === action.id ? state.answer.answer : null;
  return (
    <article class="statement-card" aria-label={`Statement ${index + 1}`}>
      <pre class="statement">{printable(action.statement.trim())}</pre>
      <DecisionView action={action} />
      <p class="quiet outcome">{outcomeInWords(action)}</p>
      {answer !== null && <Answer answer={answer} rows={action.outcome?.rows ?? 0} />}
      {!action.hasAnswer && action.outcome?.status === 'done' && action.outcome.rows > 0 && (
        <p class="quiet">Its result was not kept: the policy says what is.</p>
      )}
    </article>
  );
}

const LOOKS: Record<ReplayAction['decision']['outcome'], { icon: IconName; word: string }> = {
  allow: { icon: 'done', word: 'Allowed' },
  mask: { icon: 'lock', word: 'Masked' },
  approve: { icon: 'waiting', word: 'Needs approval' },
  block: { icon: 'blocked', word: 'Blocked' },
};

function DecisionView({ action }: { readonly action: ReplayAction }): VNode {
  const { outcome, rules, masked, sentence } = action.decision;
  const { icon, word } = LOOKS[outcome];
  return (
    <section class={`decision ${outcome}`} aria-label="Decision">
      <p class="with-icon">
        <Icon name={icon} />
        <strong>{word}</strong>
      </p>
      <p>{sentence}</p>
      {masked.length > 0 && <p class="quiet">Masked: {masked.join(', ')}</p>}
      <ul class="rules">
        {rules.map((rule) => (
          <li key={rule.id}>
            <code>{rule.id}</code> <span class="quiet">of {rule.owner}:</span> {rule.because}
          </li>
        ))}
      </ul>
    </section>
  );
}

function outcomeInWords({ outcome }: ReplayAction): string {
  if (outcome === null) return 'It has not ended, as far as is known.';
  const took = `${outcome.durationMs.toFixed(outcome.durationMs < 10 ? 1 : 0)} ms`;
  const rows = outcome.rows === 1 ? '1 row' : `${outcome.rows.toLocaleString('en')} rows`;
  switch (outcome.status) {
    case 'done':
      return `${rows} in ${took}`;
    case 'refused':
      return 'Refused: nothing ran.';
    case 'failed':
      return `Failed on the target${outcome.sqlState === null ? '' : ` with ${outcome.sqlState}`} after ${took}.`;
    case 'cancelled':
      return `Cancelled after ${took}.`;
    case 'lost':
      return 'The connection was lost; whether it ran is not known.';
    default:
      return assertNever(outcome.status);
  }
}

/** More are not drawn: a policy that keeps so many has them in the record. */
const MAX_ROWS = 500;

function Answer({ answer, rows }: { readonly answer: RecordedAnswer; readonly rows: number }): VNode {
  const shown = answer.rows.slice(0, MAX_ROWS);
  const isCut = answer.isCut || shown.length < answer.rows.length;
  return (
    <>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keyboard */}
      <section class="answer" aria-label="Result as it was shown" tabIndex={0}>
        <table>
          <thead>
            <tr>
              {answer.columns.map((column, index) => (
                <th key={index} scope="col">
                  {column}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {shown.map((cells, row) => (
              <tr key={row}>
                {cells.map((cell, column) => (
                  <td key={column} class={cell === null ? 'quiet' : ''}>
                    {cell === null ? 'NULL' : printable(cell)}
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </section>
      {isCut && (
        <p class="quiet">
          {shown.length} of {rows.toLocaleString('en')} rows are shown: as much as the policy keeps.
        </p>
      )}
    </>
  );
}

import type { VNode } from 'preact';
import { printable } from '../../../../../extension/contract/printable.ts';
import type { ReplayDecision, ReplayReport } from '../../../../../gateway/contract/policy-replay.ts';
import { Icon, type IconName } from '../../../icons.tsx';
import { type Action, differenceOf } from '../model/tree.ts';
import { DIRECTIONS, OUTCOMES, wayInWords } from '../model/words.ts';
import type { Screen } from '../screen.ts';

const ICONS: Record<ReplayDecision['outcome'], IconName> = {
  allow: 'done',
  mask: 'lock',
  approve: 'waiting',
  block: 'blocked',
};

type DetailProps = { readonly report: ReplayReport; readonly action: Action; readonly screen: Screen };

/** One statement: who sent it, what both policies say of it and why, and all that differs. */
export function ActionDetail({ report, action, screen }: DetailProps): VNode {
  const { example, target } = action;
  const { session, record } = example;
  const difference = differenceOf(report, action);
  return (
    <section class="detail" aria-label="The chosen statement">
      <p>
        {printable(example.who)} on {target}
        <br />
        <span class="quiet">{new Date(example.at).toLocaleString()}</span>
      </p>
      <pre class="statement">{printable(example.statement.trim())}</pre>
      {example.isCut ? <p class="quiet">This is its begin: it is longer than what is told here.</p> : null}
      <button
        type="button"
        class="button secondary"
        onClick={() => screen.ask('openAction', { session, record })}
      >
        Show It in Its Session
      </button>
      {difference === null ? null : (
        <>
          <h3>What changes</h3>
          <ul class="changes">
            {difference.changes.map(({ kind, direction, detail, rules }, index) => (
              <li key={index} class={direction}>
                <p class="with-icon">
                  {direction === 'looser' ? <Icon name="warning" /> : null}
                  {wayInWords(kind, direction)}
                  <span class="quiet">({DIRECTIONS[direction]})</span>
                </p>
                {detail === '' ? null : <code class="what">{printable(detail)}</code>}
                {rules.length === 0 ? null : (
                  <span class="quiet">
                    because of <code>{printable(rules.join(', '))}</code>
                  </span>
                )}
              </li>
            ))}
          </ul>
          <Side
            title={report.base === null ? 'As it was decided' : 'By the policy in force'}
            decision={difference.before}
          />
          <Side title="By this policy" decision={difference.after} />
        </>
      )}
    </section>
  );
}

function Side({ title, decision }: { readonly title: string; readonly decision: ReplayDecision }): VNode {
  const { outcome, sentence, rules } = decision;
  return (
    <section class={`decision ${outcome}`} aria-label={title}>
      <h3>{title}</h3>
      <p class="with-icon">
        <Icon name={ICONS[outcome]} />
        <strong>{OUTCOMES[outcome]}</strong>
      </p>
      <p>{printable(sentence)}</p>
      <ul class="rules">
        {rules.map(({ id, owner, because }) => (
          <li key={id}>
            <code>{printable(id)}</code> <span class="quiet">of {printable(owner)}:</span>{' '}
            {printable(because)}
          </li>
        ))}
      </ul>
    </section>
  );
}

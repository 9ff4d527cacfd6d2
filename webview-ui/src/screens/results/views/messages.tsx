import type { VNode } from 'preact';
import { awaited } from '../../../../../extension/contract/requests.ts';
import type { Notice, Run, StatementRun } from '../../../../../extension/contract/results-state.ts';
import { Icon, type IconName } from '../../../icons.tsx';
import { duration } from '../model/words.ts';
import type { Screen } from '../screen.ts';

/** What each statement came to, and what the server said meanwhile. */
export function Messages({ run, screen }: { readonly run: Run; readonly screen: Screen }): VNode {
  return (
    <section class="messages" aria-label="Messages">
      <ol>
        {run.statements.map((statement) => (
          <li key={statement.index} class={outcomeOf(statement, run)}>
            <Icon name={ICONS[outcomeOf(statement, run)]} />
            <div>
              <p class="what">
                <strong>{sentenceFor(statement, run)}</strong>
                {statement.elapsedMs === null ? null : (
                  <span class="quiet">{duration(statement.elapsedMs)}</span>
                )}
              </p>
              {statement.decision?.outcome === 'mask' ? (
                <p class="quiet">{statement.decision.sentence}</p>
              ) : null}
              <button
                type="button"
                class="link statement"
                title="Show in editor"
                onClick={() =>
                  screen.attempt(screen.ask('reveal', { run: run.id, statement: statement.index }))
                }
              >
                {statement.text.replaceAll(/\s+/g, ' ')}
              </button>
            </div>
          </li>
        ))}
        {run.notices.map((notice, index) => (
          <NoticeLine key={`notice-${index}`} notice={notice} />
        ))}
      </ol>
    </section>
  );
}

type Outcome = 'done' | 'failed' | 'running' | 'skipped';
const ICONS: Record<Outcome, IconName> = {
  done: 'done',
  failed: 'error',
  running: 'waiting',
  skipped: 'stop',
};

function outcomeOf(statement: StatementRun, run: Run): Outcome {
  if (statement.failure) return 'failed';
  if (statement.tag !== null) return 'done';
  return run.status === 'running' || run.status === 'cancelling' ? 'running' : 'skipped';
}

function sentenceFor(statement: StatementRun, run: Run): string {
  if (statement.failure) return statement.failure.message;
  if (statement.tag !== null) return statement.tag;
  const waits = statement.request?.status === 'pending' ? statement.request : null;
  if (run.status === 'running' && waits) return `Waiting for ${awaited(waits)}`;
  if (run.status === 'cancelled' && statement.request) return 'Cancelled while it waited: nothing ran';
  if (run.status === 'cancelled') return 'Cancelled on the server';
  return run.status === 'running' || run.status === 'cancelling' ? 'Running…' : 'Not run';
}

function NoticeLine({ notice }: { readonly notice: Notice }): VNode {
  return (
    <li class="notice">
      <Icon name="detail" />
      <div>
        <p class="what">
          <span class="badge">{notice.severity.toLowerCase()}</span> {notice.message}
        </p>
        {notice.detail ? <p class="quiet">{notice.detail}</p> : null}
        {notice.hint ? <p class="quiet">Hint: {notice.hint}</p> : null}
      </div>
    </li>
  );
}

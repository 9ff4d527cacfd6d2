import type { TargetedKeyboardEvent, VNode } from 'preact';
import { awaited } from '../../../../../extension/contract/requests.ts';
import type { Failure, ResultsState, Run } from '../../../../../extension/contract/results-state.ts';
import { Icon, type IconName } from '../../../icons.tsx';
import { heldStatement, type Tab } from '../model/view-state.ts';
import { clockTime, count, duration, groupDigits, rowsOf } from '../model/words.ts';
import type { Screen } from '../screen.ts';

export type RunBarProps = {
  readonly results: ResultsState;
  readonly run: Run;
  readonly tabs: readonly Tab[];
  readonly selected: Tab;
  readonly screen: Screen;
};

/** Tabs at the left; at the right how the run goes, and how to stop it. */
export function RunBar({ results, run, tabs, selected, screen }: RunBarProps): VNode {
  const onKeyDown = (event: TargetedKeyboardEvent<HTMLDivElement>) => {
    const at = tabs.findIndex(({ key }) => key === selected.key);
    const to = tabTo(event.key, at, tabs.length);
    const next = to === null ? undefined : tabs[to];
    if (!next) return;
    event.preventDefault();
    screen.chooseTab(run.id, next.key);
    event.currentTarget.querySelectorAll<HTMLElement>('[role=tab]')[to ?? 0]?.focus();
  };
  return (
    <header class={`run-bar ${selected.kind}-tab`}>
      <div class="tabs" role="tablist" aria-label="Results" onKeyDown={onKeyDown}>
        {tabs.map((tab, index) => (
          <button
            key={tab.key}
            type="button"
            role="tab"
            id={`tab-${index}`}
            aria-selected={tab.key === selected.key}
            aria-controls="tab-panel"
            tabIndex={tab.key === selected.key ? 0 : -1}
            onClick={() => screen.chooseTab(run.id, tab.key)}
          >
            <TabLabel tab={tab} run={run} number={index + 1} />
          </button>
        ))}
      </div>
      <div class="run-state">
        <RunStatus run={run} />
        {run.transaction === 'idle' ? null : (
          <span class="badge" title="This session holds a transaction open. COMMIT or ROLLBACK ends it.">
            {run.transaction === 'failed' ? 'transaction failed' : 'in transaction'}
          </span>
        )}
        {results.runs.length > 1 ? (
          <select
            class="runs"
            aria-label="Run"
            value={run.id}
            onChange={(event) => screen.chooseRun(event.currentTarget.value)}
          >
            {results.runs.map((one) => (
              <option key={one.id} value={one.id}>
                {clockTime(one.startedAt)} · {groupDigits(rowsOf(one))} rows · {one.status}
              </option>
            ))}
          </select>
        ) : null}
        {run.status === 'running' || run.status === 'cancelling' ? (
          <button
            type="button"
            class="tool with-label"
            aria-disabled={run.status === 'cancelling' ? 'true' : undefined}
            onClick={() => run.status === 'running' && screen.attempt(screen.ask('cancel', { run: run.id }))}
          >
            <Icon name="stop" />
            <span>{run.status === 'cancelling' ? 'Cancelling…' : 'Cancel'}</span>
          </button>
        ) : (
          <button
            type="button"
            class="tool"
            aria-label="Run again"
            title="Run again"
            onClick={() => screen.attempt(screen.ask('runAgain', { run: run.id }))}
          >
            <Icon name="again" />
          </button>
        )}
      </div>
    </header>
  );
}

function TabLabel({
  tab,
  run,
  number,
}: {
  readonly tab: Tab;
  readonly run: Run;
  readonly number: number;
}): VNode {
  switch (tab.kind) {
    case 'set':
      return (
        <>
          <span>Result {number}</span>
          <span class="count">{groupDigits(tab.set.rowCount)}</span>
        </>
      );
    case 'held':
      return (
        <>
          <Icon name="waiting" />
          <span>Waiting</span>
        </>
      );
    case 'failure': {
      const failure = run.statements[tab.statement]?.failure;
      const [icon, word] = FAILURES[failure?.kind ?? 'failed'];
      return (
        <>
          <Icon name={icon} />
          <span>{word}</span>
        </>
      );
    }
    default:
      return (
        <>
          <span>Messages</span>
          {tab.count > 0 ? <span class="count">{tab.count}</span> : null}
        </>
      );
  }
}

const FAILURES: Record<Failure['kind'], readonly [IconName, string]> = {
  blocked: ['blocked', 'Blocked'],
  needsApproval: ['waiting', 'Needs approval'],
  notApproved: ['blocked', 'Not approved'],
  failed: ['error', 'Error'],
  lost: ['error', 'Connection lost'],
};

function RunStatus({ run }: { readonly run: Run }): VNode {
  const elapsed = duration(run.elapsedMs);
  switch (run.status) {
    case 'running': {
      const request = heldStatement(run)?.request;
      if (request) return <span class="run-status">Waiting for {awaited(request)}</span>;
      return (
        <span class="run-status">
          Running {elapsed} · {count(rowsOf(run), 'row')}
        </span>
      );
    }
    case 'cancelling':
      return <span class="run-status">Cancelling on the server · {elapsed}</span>;
    case 'cancelled':
      return (
        <span class="run-status with-icon">
          <Icon name="stop" />
          Cancelled on the server · {elapsed}
        </span>
      );
    case 'failed':
      return (
        <span class="run-status failed with-icon">
          <Icon name="error" />
          Stopped · {elapsed}
        </span>
      );
    default:
      return (
        <span class="run-status with-icon">
          <Icon name="done" />
          {elapsed}
        </span>
      );
  }
}

function tabTo(key: string, at: number, tabs: number): number | null {
  if (key === 'ArrowRight') return (at + 1) % tabs;
  if (key === 'ArrowLeft') return (at - 1 + tabs) % tabs;
  if (key === 'Home') return 0;
  return key === 'End' ? tabs - 1 : null;
}

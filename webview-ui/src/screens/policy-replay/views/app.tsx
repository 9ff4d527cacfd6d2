import type { VNode } from 'preact';
import { useMemo } from 'preact/hooks';
import { IconSprite } from '../../../icons.tsx';
import { groupDigits } from '../../../numbers.ts';
import type { Store } from '../../../store.ts';
import { useStore } from '../../../use-store.ts';
import { reportOf, type ViewState, withFilter } from '../model/state.ts';
import { keyOf, rowsOf } from '../model/tree.ts';
import type { Screen } from '../screen.ts';
import { ActionDetail } from './action-detail.tsx';
import { ChangeTree } from './change-tree.tsx';
import { Head } from './head.tsx';
import { Notice } from './notice.tsx';
import { Summary } from './summary.tsx';

export type AppProps = {
  readonly store: Store<ViewState>;
  /** What is said to who cannot see. */
  readonly said: Store<string>;
  readonly screen: Screen;
};

export function App({ store, said, screen }: AppProps): VNode {
  const state = useStore(store);
  const { replay, ways, filter, toggled } = state;
  const rows = useMemo(() => rowsOf(ways, { filter, toggled }), [ways, filter, toggled]);
  const report = reportOf(replay);
  const active = rows.find((row) => keyOf(row) === state.active);
  const found = rows.filter(({ kind }) => kind === 'group').length;
  return (
    <main class="policy-replay">
      <IconSprite />
      <div class="for-reader" aria-live="polite">
        {useStore(said)}
      </div>
      {replay === null ? null : <Head replay={replay} screen={screen} />}
      <Notice state={state} screen={screen} />
      {replay?.status.kind === 'done' && report !== null ? (
        <Summary report={report} isCut={replay.status.isCut} {...{ ways, screen }} />
      ) : null}
      {report !== null && ways.length > 0 ? (
        <>
          <search class="filter">
            <input
              type="search"
              aria-label="Find in statements, people, rules and columns"
              placeholder="Find in statements, people, rules, columns"
              value={filter}
              onInput={({ currentTarget }) => screen.change((now) => withFilter(now, currentTarget.value))}
            />
            <span class="quiet" role="status">
              {filter.trim() === ''
                ? ''
                : found === 0
                  ? 'Not found'
                  : `In ${groupDigits(found)} ${found === 1 ? 'group' : 'groups'}`}
            </span>
          </search>
          <div class="tree-and-detail">
            <ChangeTree rows={rows} active={state.active} screen={screen} />
            {active?.kind === 'action' ? (
              <ActionDetail report={report} action={active.action} screen={screen} />
            ) : null}
          </div>
        </>
      ) : null}
    </main>
  );
}

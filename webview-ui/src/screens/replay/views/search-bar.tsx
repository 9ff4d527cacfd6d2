import type { VNode } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { Icon } from '../../../icons.tsx';
import { timeText } from '../model/clock.ts';
import type { Replay } from '../model/replay.ts';
import type { ReplayState } from '../model/state.ts';

export function SearchBar({
  state,
  replay,
}: {
  readonly state: ReplayState;
  readonly replay: Replay;
}): VNode {
  const { search } = state;
  const input = useRef<HTMLInputElement>(null);
  useEffect(() => input.current?.focus(), []);
  const one = search.found[search.shown];
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === 'Enter') replay.showFound(search.shown + (event.shiftKey ? -1 : 1));
  };
  return (
    <search class="search-bar">
      <input
        ref={input}
        type="search"
        aria-label="Search in what was shown"
        placeholder="Search in what was shown"
        value={search.words}
        onInput={({ currentTarget }) => void replay.search(currentTarget.value)}
        onKeyDown={onKeyDown}
      />
      <span class="quiet count">{countInWords(state)}</span>
      <Step replay={replay} to={search.shown - 1} name="Previous hit" icon="ascending" />
      <Step replay={replay} to={search.shown + 1} name="Next hit" icon="descending" />
      {one !== undefined && (
        <span class="excerpt">
          <span class="quiet">{timeText(one.atS)}</span> <code>{one.excerpt}</code>
        </span>
      )}
      <span class="room" />
      <button type="button" class="tool" aria-label="Close search" onClick={() => replay.openSearch(false)}>
        <Icon name="close" />
      </button>
    </search>
  );
}

type StepProps = {
  readonly replay: Replay;
  readonly to: number;
  readonly name: string;
  readonly icon: 'ascending' | 'descending';
};

function Step({ replay, to, name, icon }: StepProps): VNode {
  return (
    <button type="button" class="tool" aria-label={name} title={name} onClick={() => replay.showFound(to)}>
      <Icon name={icon} />
    </button>
  );
}

function countInWords({ search }: ReplayState): string {
  if (search.words === '') return '';
  if (search.found.length === 0) return search.isSearching ? 'Searching…' : 'Not found';
  return `${search.shown + 1} of ${search.found.length}${search.isSearching ? '…' : ''}`;
}

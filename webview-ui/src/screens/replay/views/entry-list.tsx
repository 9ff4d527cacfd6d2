import type { VNode } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { timeText } from '../model/clock.ts';
import { type Entry, entryAt, MAX_ENTRIES } from '../model/entries.ts';
import type { Replay } from '../model/replay.ts';
import type { ReplayState } from '../model/state.ts';

const NAMES: Record<Entry['kind'], string> = {
  command: 'Command',
  decision: 'Decision',
  mask: 'Mask',
  session: 'Session',
  statement: 'Statement',
  mark: 'Marker',
};

/** What happened, in order; the one that is shown now is marked. */
export function EntryList({
  state,
  replay,
}: {
  readonly state: ReplayState;
  readonly replay: Replay;
}): VNode {
  const { entries, atS } = state;
  const now = entryAt(entries, atS);
  const list = useRef<HTMLDivElement>(null);
  useEffect(() => {
    list.current?.querySelector(`[data-index="${now}"]`)?.scrollIntoView({ block: 'nearest' });
  }, [now]);
  const onKeyDown = (event: KeyboardEvent) => {
    const by = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0;
    if (by === 0) return;
    event.preventDefault();
    replay.showEntry(Math.max(0, now + by));
  };
  return (
    <nav class="entries" aria-label="Markers">
      <h3 class="quiet">Markers</h3>
      {entries.length === 0 && <p class="quiet">Nothing is marked.</p>}
      <div
        class="list"
        ref={list}
        role="listbox"
        aria-label="Markers"
        tabIndex={0}
        onKeyDown={onKeyDown}
        aria-activedescendant={`entry-${now}`}
      >
        {entries.map((entry, index) => (
          // biome-ignore lint/a11y/useKeyWithClickEvents: the list takes the keys for all of them
          <div
            key={index}
            id={`entry-${index}`}
            data-index={index}
            role="option"
            tabIndex={-1}
            title={entry.text}
            aria-selected={index === now}
            aria-label={`${NAMES[entry.kind]} at ${timeText(entry.atS)}: ${entry.text}`}
            class={`entry ${entry.kind} ${entry.tone}`}
            onClick={() => replay.showEntry(index)}
          >
            <span class="quiet time">{timeText(entry.atS)}</span>
            <span class="text">{entry.text}</span>
          </div>
        ))}
      </div>
      {entries.length === MAX_ENTRIES && <p class="quiet">Only the first {MAX_ENTRIES} are listed.</p>}
    </nav>
  );
}

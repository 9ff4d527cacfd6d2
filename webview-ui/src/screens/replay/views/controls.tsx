import type { VNode } from 'preact';
import { Icon } from '../../../icons.tsx';
import { SPEEDS, type Speed, timeText } from '../model/clock.ts';
import type { Entry } from '../model/entries.ts';
import type { Replay } from '../model/replay.ts';
import type { ReplayState } from '../model/state.ts';

export type ControlsProps = { readonly state: ReplayState; readonly replay: Replay };

export function Controls({ state, replay }: ControlsProps): VNode {
  const { isPlaying, atS, knownS, speed, skipsIdle, tape, follows, jump } = state;
  const position = `${timeText(atS)} of ${timeText(knownS)}`;
  return (
    <footer
      class="controls"
      data-jump-ms={jump === null ? '' : jump.ms.toFixed(1)}
      data-jump-events={jump === null ? '' : jump.events}
    >
      <button
        type="button"
        class="tool"
        aria-label={isPlaying ? 'Pause' : 'Play'}
        title={isPlaying ? 'Pause (space)' : 'Play (space)'}
        onClick={() => replay.toggle()}
      >
        <Icon name={isPlaying ? 'pause' : 'play'} />
      </button>
      <Step replay={replay} by={-1} />
      <Step replay={replay} by={1} />
      <span class="time" aria-hidden="true">
        {timeText(atS)}
        <span class="quiet"> / {timeText(knownS)}</span>
      </span>
      <div class="track">
        <Ticks entries={state.entries} knownS={knownS} />
        <input
          type="range"
          class="seek"
          aria-label="Position"
          aria-valuetext={position}
          min={0}
          max={Math.max(knownS, 0.001)}
          step="any"
          value={atS}
          onInput={({ currentTarget }) => void replay.seek(Number(currentTarget.value))}
        />
      </div>
      {tape === 'live' && (
        <button type="button" class="tool" aria-pressed={follows} onClick={() => replay.follow()}>
          Live
        </button>
      )}
      <label class="with-icon">
        <span class="quiet">Speed</span>
        <select
          value={speed}
          title="Speed (< and >)"
          onChange={({ currentTarget }) => replay.setSpeed(Number(currentTarget.value) as Speed)}
        >
          {SPEEDS.map((one) => (
            <option key={one} value={one}>
              {one} ×
            </option>
          ))}
        </select>
      </label>
      <label class="with-icon">
        <input
          type="checkbox"
          checked={skipsIdle}
          onChange={({ currentTarget }) => replay.skipIdle(currentTarget.checked)}
        />
        Skip idle times
      </label>
      <button
        type="button"
        class="tool"
        aria-label="Search in what was shown"
        title="Search (/)"
        onClick={() => replay.openSearch(!state.search.isOpen)}
      >
        <Icon name="search" />
      </button>
    </footer>
  );
}

function Step({ replay, by }: { readonly replay: Replay; readonly by: 1 | -1 }): VNode {
  const [name, key] = by === 1 ? ['Next marker', ']'] : ['Previous marker', '['];
  return (
    <button
      type="button"
      class="tool"
      aria-label={name}
      title={`${name} (${key})`}
      onClick={() => replay.seekMarker(by)}
    >
      <Icon name={by === 1 ? 'next' : 'previous'} />
    </button>
  );
}

/** Of very many markers only what was stopped is drawn, and of the rest as many as fit. */
const MAX_TICKS = 400;

function Ticks({ entries, knownS }: { readonly entries: readonly Entry[]; readonly knownS: number }): VNode {
  const every = Math.ceil(entries.length / MAX_TICKS);
  const shown = entries
    .filter(({ tone }, index) => tone !== 'plain' || index % every === 0)
    .slice(0, MAX_TICKS * 2);
  return (
    <div class="ticks" aria-hidden="true">
      {shown.map(({ atS, tone }, index) => (
        <span
          key={index}
          class={`tick ${tone}`}
          style={{ left: `${(100 * atS) / Math.max(knownS, 0.001)}%` }}
        />
      ))}
    </div>
  );
}

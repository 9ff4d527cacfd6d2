import type { VNode } from 'preact';
import {
  type PolicyReplayState,
  type ReplayChoice,
  ReplaySpan,
} from '../../../../../extension/contract/policy-replay-messages.ts';
import { printable } from '../../../../../extension/contract/printable.ts';
import { Icon } from '../../../icons.tsx';
import { SPANS } from '../model/words.ts';
import type { Screen } from '../screen.ts';

/** Which policy is asked, by which files, and what is asked of it. */
export function Head({
  replay,
  screen,
}: {
  readonly replay: PolicyReplayState;
  readonly screen: Screen;
}): VNode {
  const { name, files, choice, status } = replay;
  const run = (part: Partial<ReplayChoice>) => screen.ask('run', { ...choice, ...part });
  return (
    <header class="head">
      <div class="title">
        <h2>Recorded actions against {printable(name)}</h2>
        <span class="room" />
        {status.kind === 'asking' ? null : (
          <button type="button" class="tool with-icon" onClick={() => run({})}>
            <Icon name="again" />
            Run Again
          </button>
        )}
        {status.kind === 'done' ? (
          <button type="button" class="tool with-icon" onClick={() => screen.ask('export', {})}>
            <Icon name="save" />
            Export JSON…
          </button>
        ) : null}
      </div>
      <div class="candidate">
        <p class="quiet">
          {files.map(({ file, isUnsaved }, index) => (
            <span key={file}>
              {index === 0 ? '' : ', '}
              <button
                type="button"
                class="link"
                onClick={() => screen.ask('openFile', { file, line: 1, column: 1 })}
              >
                {printable(file)}
              </button>
              {isUnsaved ? ' (as edited, not saved)' : ''}
            </span>
          ))}
        </p>
      </div>
      <div class="choices">
        <label>
          <span class="quiet">Actions of</span>{' '}
          <select
            value={choice.span}
            onChange={({ currentTarget }) => run({ span: ReplaySpan.parse(currentTarget.value) })}
          >
            {ReplaySpan.options.map((span) => (
              <option key={span} value={span}>
                {SPANS[span]}
              </option>
            ))}
          </select>
        </label>
        <span class="quiet">
          on {choice.targets.length === 0 ? 'all targets' : choice.targets.join(', ')}
        </span>
        <label>
          <span class="quiet">compared with</span>{' '}
          <select
            value={choice.against}
            onChange={({ currentTarget }) =>
              run({ against: currentTarget.value === 'recorded' ? 'recorded' : 'inForce' })
            }
          >
            <option value="inForce">the policy in force</option>
            <option value="recorded">what was decided then</option>
          </select>
        </label>
        <label class="with-icon" title="Rules with dryRun: true report only, unless this is on">
          <input
            type="checkbox"
            checked={choice.dryRun}
            onChange={({ currentTarget }) => run({ dryRun: currentTarget.checked })}
          />
          Rules on trial as if in force
        </label>
      </div>
    </header>
  );
}

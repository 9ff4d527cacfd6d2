import type { ComponentChildren, VNode } from 'preact';
import type { PolicyReplayStatus } from '../../../../../extension/contract/policy-replay-messages.ts';
import { printable } from '../../../../../extension/contract/printable.ts';
import { assertNever } from '../../../../../gateway/contract/assert-never.ts';
import { Icon } from '../../../icons.tsx';
import { groupDigits } from '../../../numbers.ts';
import type { ViewState } from '../model/state.ts';
import { actions } from '../model/words.ts';
import type { Screen } from '../screen.ts';

/** What runs, or why there is nothing to see and what to do next. */
export function Notice({ state, screen }: { readonly state: ViewState; readonly screen: Screen }): VNode {
  const { replay, failure } = state;
  const run = () => replay !== null && screen.ask('run', replay.choice);
  return (
    <>
      {failure === '' ? null : (
        <p class="failure with-icon" role="alert">
          <Icon name="warning" />
          {failure}
        </p>
      )}
      {replay === null && failure === '' ? <p class="nothing quiet">Loading…</p> : null}
      {replay?.isStale ? (
        <p class="stale" role="status">
          <Icon name="warning" /> The policy was edited since: what stands here is of what it was.{' '}
          <button type="button" class="link" onClick={run}>
            Run Again
          </button>
        </p>
      ) : null}
      {replay === null ? null : <StatusNotice status={replay.status} screen={screen} run={run} />}
    </>
  );
}

type StatusProps = { readonly status: PolicyReplayStatus; readonly screen: Screen; readonly run: () => void };

function StatusNotice({ status, screen, run }: StatusProps): VNode | null {
  switch (status.kind) {
    case 'asking':
      return <Asking status={status} screen={screen} />;
    case 'invalid':
      return <Problems problems={status.problems} screen={screen} />;
    case 'failed':
      return (
        <Nothing icon="error" title={printable(status.message)} next={printable(status.next)}>
          {status.needsSignIn ? <Button label="Sign In" press={() => screen.ask('signIn', {})} /> : null}
          <Button label="Try Again" press={run} isSecond={status.needsSignIn} />
        </Nothing>
      );
    case 'cancelled':
      return (
        <Nothing icon="stop" title="The replay was cancelled." next="Nothing was changed by it.">
          <Button label="Run Again" press={run} />
        </Nothing>
      );
    case 'done':
      return status.report.read > 0 ? null : (
        <Nothing
          icon="search"
          title="No action was recorded in this time on these targets."
          next="Choose a longer time above."
        />
      );
    default:
      return assertNever(status);
  }
}

function Asking({
  status,
  screen,
}: {
  readonly status: Extract<PolicyReplayStatus, { kind: 'asking' }>;
  readonly screen: Screen;
}): VNode {
  const { isWaiting, read, changed, backTo } = status;
  const back = backTo === null ? '' : `, back to ${new Date(backTo).toLocaleString()}`;
  const words = isWaiting
    ? 'Another replay runs on the gateway; this one follows.'
    : read === 0
      ? 'Asking the gateway…'
      : `${actions(read)} asked again so far${back}; ${groupDigits(changed)} would be decided otherwise.`;
  return (
    <section class="asking" aria-label="Progress">
      <progress aria-label="Replaying recorded actions" />
      <p>{words}</p>
      <Button label="Cancel" press={() => screen.ask('cancel', {})} isSecond />
    </section>
  );
}

function Problems({
  problems,
  screen,
}: Pick<Extract<PolicyReplayStatus, { kind: 'invalid' }>, 'problems'> & { readonly screen: Screen }): VNode {
  return (
    <Nothing
      icon="error"
      title="This policy does not compile: no gateway would put it in force, so nothing was asked."
      next="Mend it at these places, then run it again."
    >
      <ul class="problems">
        {problems.map(({ file, line, column, what }, index) => (
          <li key={index}>
            <button type="button" class="link" onClick={() => screen.ask('openFile', { file, line, column })}>
              {printable(file)}:{line}:{column}
            </button>{' '}
            {printable(what)}
          </li>
        ))}
      </ul>
    </Nothing>
  );
}

type NothingProps = {
  readonly icon: 'error' | 'stop' | 'search';
  readonly title: string;
  readonly next: string;
  readonly children?: ComponentChildren;
};

function Nothing({ icon, title, next, children }: NothingProps): VNode {
  return (
    <section class="nothing" role={icon === 'error' ? 'alert' : 'status'}>
      <p class="with-icon">
        <Icon name={icon} />
        <strong>{title}</strong>
      </p>
      {next === '' ? null : <p>{next}</p>}
      <div class="buttons">{children}</div>
    </section>
  );
}

type ButtonProps = { readonly label: string; readonly press: () => void; readonly isSecond?: boolean };

function Button({ label, press, isSecond = false }: ButtonProps): VNode {
  return (
    <button type="button" class={isSecond ? 'button secondary' : 'button'} onClick={press}>
      {label}
    </button>
  );
}

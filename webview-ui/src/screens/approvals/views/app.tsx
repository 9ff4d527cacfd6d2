import type { TargetedKeyboardEvent, VNode } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { Icon, IconSprite } from '../../../icons.tsx';
import type { Store } from '../../../store.ts';
import { useNow } from '../../../use-now.ts';
import { useStore } from '../../../use-store.ts';
import {
  type Inbox,
  neighbour,
  type Section,
  type SectionName,
  sectionsOf,
  selectedOf,
} from '../model/inbox.ts';
import type { Screen } from '../screen.ts';
import { Empty } from './empty.tsx';
import { focusSelected } from './focus.ts';
import { pressed } from './keys.ts';
import { RequestItem } from './request-item.tsx';

const TOLD_MS = 3_000;

const HEADINGS: Record<SectionName, string> = {
  decided: 'Just now',
  forMe: 'Waiting for you',
  others: 'Also open',
  mine: 'Asked by you',
  history: 'History',
};

export type AppProps = {
  readonly store: Store<Inbox>;
  /** What an act came to. */
  readonly said: Store<string>;
  /** Who asks for something new: for those who listen; others see it come. */
  readonly arrived: Store<string>;
  readonly screen: Screen;
};

/** The inbox of requests: sections from the most urgent on, one request open at a time. */
export function App({ store, said, arrived, screen }: AppProps): VNode {
  const inbox = useStore(store);
  const nowMs = useNow();
  const onKeyDown = (event: TargetedKeyboardEvent<HTMLElement>) => {
    if (isTyping(event)) return;
    const step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : null;
    const shown = selectedOf(inbox);
    if (step !== null) {
      const next = neighbour(inbox, step);
      if (next !== null) screen.select(next);
      focusSelected();
      event.preventDefault();
    } else if (shown !== null && pressed(event, shown, screen)) event.preventDefault();
  };
  const sections = sectionsOf(inbox);
  const isReady = inbox.approvals?.readiness === 'ready' || sections.length > 0;
  const hasWork = sections.some(({ name }) => name !== 'history' && name !== 'decided');
  const draw = ({ name, requests }: Section) => (
    <section key={name} aria-label={HEADINGS[name]}>
      <h2>
        {HEADINGS[name]} <span class="count">{requests.length}</span>
      </h2>
      <ul class="requests">
        {requests.map((shown, index) => (
          <RequestItem
            key={shown.request.id}
            {...{ shown, inbox, screen, nowMs }}
            isFirst={index === 0 && sections[0]?.name === name}
          />
        ))}
      </ul>
    </section>
  );
  return (
    <>
      <IconSprite />
      <main class="inbox" onKeyDown={onKeyDown}>
        {inbox.approvals !== null && inbox.approvals.readiness !== 'ready' && hasWork ? (
          <p class="stale" role="status">
            <Icon name="warning" /> The gateway does not answer: what stands here may be old.
          </p>
        ) : null}
        {inbox.approvals !== null && !hasWork ? (
          <Empty readiness={inbox.approvals.readiness} screen={screen} />
        ) : null}
        {sections.filter(({ name }) => name !== 'history').map(draw)}
        {isReady ? (
          <p class="history-toggle">
            <button
              type="button"
              class="link"
              aria-expanded={inbox.ui.historyOpen}
              onClick={() => screen.openHistory(!inbox.ui.historyOpen)}
            >
              {inbox.ui.historyOpen ? 'Hide history' : 'Show history'}
            </button>
          </p>
        ) : null}
        {sections.filter(({ name }) => name === 'history').map(draw)}
      </main>
      <Said {...{ said, arrived }} />
    </>
  );
}

/** Letters belong to whoever writes; and keys held with others to the editor. */
function isTyping({ target, ctrlKey, metaKey, altKey, repeat }: TargetedKeyboardEvent<HTMLElement>): boolean {
  if (ctrlKey || metaKey || altKey || repeat) return true;
  return target instanceof Element && target.closest('vscode-text-area, vscode-text-field') !== null;
}

function Said({ said, arrived }: Pick<AppProps, 'said' | 'arrived'>): VNode {
  const arrival = useStore(arrived);
  const sentence = useStore(said);
  const [shown, setShown] = useState(false);
  useEffect(() => {
    setShown(sentence !== '');
    const timer = setTimeout(() => setShown(false), TOLD_MS);
    return () => clearTimeout(timer);
  }, [sentence]);
  return (
    <>
      <p class="for-reader" role="status">
        {arrival}
      </p>
      <p class={shown ? 'toast' : 'toast hidden'} role="status">
        {shown ? sentence.trim() : ''}
      </p>
    </>
  );
}

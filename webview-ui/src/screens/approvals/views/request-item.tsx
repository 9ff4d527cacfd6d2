import type { VNode } from 'preact';
import { shortName, timeLeft, wish } from '../../../../../extension/contract/requests.ts';
import type { ShownRequest } from '../../../../../gateway/contract/approval-request.ts';
import { Icon, type IconName } from '../../../icons.tsx';
import type { Inbox } from '../model/inbox.ts';
import { STATUS_WORDS } from '../model/words.ts';
import type { Screen } from '../screen.ts';
import { Card } from './card.tsx';

export type RequestItemProps = {
  readonly shown: ShownRequest;
  readonly inbox: Inbox;
  readonly screen: Screen;
  readonly nowMs: number;
  /** The keyboard comes in here when nothing is selected. */
  readonly isFirst: boolean;
};

const ICONS: Record<ShownRequest['request']['status'], IconName> = {
  pending: 'waiting',
  approved: 'done',
  used: 'done',
  denied: 'blocked',
  withdrawn: 'close',
  lapsed: 'waiting',
  brokenGlass: 'warning',
  reviewed: 'done',
};

/** Less than this is left: it is said in another colour. */
const SOON_MS = 2 * 60_000;

/** One request: a line, and its card when it is selected. */
export function RequestItem({ shown, inbox, screen, nowMs, isFirst }: RequestItemProps): VNode {
  const { request } = shown;
  const isSelected = inbox.ui.selected === request.id;
  const takesKeyboard = isSelected || (isFirst && inbox.ui.selected === null);
  const isMine = request.requester.id === inbox.approvals?.me;
  const isSoon = request.status === 'pending' && Date.parse(request.lapsesAt) - nowMs < SOON_MS;
  return (
    <li class={`request ${request.status}${isSelected ? ' selected' : ''}`}>
      <button
        type="button"
        class="request-head"
        tabIndex={takesKeyboard ? 0 : -1}
        aria-expanded={isSelected}
        onClick={() => screen.select(request.id)}
      >
        <Icon name={ICONS[request.status]} />
        <span class="wish">
          {whoWants(request, isMine)} to <strong>{wish(request)}</strong>
        </span>
        <span class={isSoon ? 'left soon' : 'left'}>
          {request.status === 'pending' ? timeLeft(request.lapsesAt, nowMs) : STATUS_WORDS[request.status]}
        </span>
      </button>
      {isSelected ? <Card {...{ shown, inbox, screen }} /> : null}
    </li>
  );
}

function whoWants(request: ShownRequest['request'], isMine: boolean): string {
  const who = isMine ? 'You' : shortName(request.requester);
  if (request.status !== 'pending') return `${who} wanted`;
  return isMine ? 'You want' : `${who} wants`;
}

import type { VNode } from 'preact';
import { useEffect, useLayoutEffect, useRef } from 'preact/hooks';
import type { DetectReason, MaskReason } from '../../../../../gateway/contract/verdict.ts';
import { Icon } from '../../../icons.tsx';
import { columnName, methodInWords } from '../model/mask-words.ts';
import { detectorWords } from '../model/replaced.ts';
import { placeBeside } from './place.ts';

export type WhyTarget = {
  readonly column: string;
  readonly columnIndex: number;
  /** Null when the column isn't masked: then detectors look through its values. */
  readonly reason: MaskReason | null;
  readonly detectors: readonly DetectReason[];
  readonly box: DOMRect;
  /** Opened by key: the keyboard moves in. By hover it stays where it is. */
  readonly byKeyboard: boolean;
};

export type WhyProps = {
  readonly target: WhyTarget;
  readonly onClose: () => void;
  readonly onAsk: () => void;
  readonly onEnter: () => void;
  readonly onLeave: () => void;
};

/** Says why a cell is masked or in part replaced, whose rule it is, and how to ask for more. */
export function Why({ target, onClose, onAsk, onEnter, onLeave }: WhyProps): VNode {
  const root = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => {
    const before = document.activeElement;
    if (root.current) placeBeside(root.current, target.box);
    if (!target.byKeyboard) return;
    root.current?.querySelector<HTMLElement>('button')?.focus();
    return () => {
      if (before instanceof HTMLElement && document.hasFocus()) before.focus({ preventScroll: true });
    };
  }, [target]);
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent) => {
      if (event.key !== 'Escape') return;
      event.stopPropagation();
      onClose();
    };
    const onPointerDown = (event: PointerEvent) => {
      if (event.target instanceof Node && !root.current?.contains(event.target)) onClose();
    };
    document.addEventListener('keydown', onKeyDown, true);
    document.addEventListener('pointerdown', onPointerDown, true);
    return () => {
      document.removeEventListener('keydown', onKeyDown, true);
      document.removeEventListener('pointerdown', onPointerDown, true);
    };
  }, [onClose]);
  return (
    <div
      ref={root}
      class="why floating"
      role="dialog"
      aria-label={`Why ${target.column} is ${target.reason ? 'masked' : 'in part replaced'}`}
      onPointerEnter={onEnter}
      onPointerLeave={onLeave}
      onWheel={({ currentTarget }) => {
        if (currentTarget.scrollHeight <= currentTarget.clientHeight) onClose();
      }}
    >
      <h2>
        <Icon name="lock" /> {target.column} is {target.reason ? 'masked' : 'in part replaced'}
      </h2>
      {target.reason ? <MaskExplanation reason={target.reason} /> : null}
      <DetectorExplanation detectors={target.detectors} />
      <p class="buttons">
        {target.reason ? (
          <button type="button" class="button" onClick={onAsk}>
            Ask to see it…
          </button>
        ) : null}
        <button type="button" class="button secondary" onClick={onClose}>
          Close
        </button>
      </p>
    </div>
  );
}

/** The reason's parts, for the pop-up and for the detail pane. */
export function MaskExplanation({ reason }: { readonly reason: MaskReason }): VNode {
  return (
    <>
      <p class="because">{reason.because}</p>
      <dl>
        <dt>How</dt>
        <dd>{methodInWords(reason.mask)}</dd>
        <dt>Rule</dt>
        <dd>
          <code>{reason.rule}</code>
        </dd>
        <dt>Owner</dt>
        <dd>{reason.owner}</dd>
        <dt>{reason.sources.length > 1 ? 'Sources' : 'Source'}</dt>
        <dd>
          {reason.sources.map((source) => (
            <code key={columnName(source)}>{columnName(source)}</code>
          ))}
        </dd>
        {reason.path === undefined ? null : (
          <>
            <dt>Path</dt>
            <dd>{reason.path}</dd>
          </>
        )}
      </dl>
      <p class="quiet">The value never leaves the gateway: copies and exports carry the mask as well.</p>
    </>
  );
}

/** What is looked for in a column's values, and whose rules they are; nothing when nothing is. */
export function DetectorExplanation({ detectors }: { readonly detectors: readonly DetectReason[] }): VNode {
  return (
    <>
      {detectors.map((reason) => (
        <div key={reason.rule}>
          <p class="because">{reason.because}</p>
          <dl>
            <dt>Looked for</dt>
            <dd>{detectorWords(reason)}</dd>
            <dt>Shown as</dt>
            <dd>{reason.marks.join(' ')}</dd>
            <dt>Rule</dt>
            <dd>
              <code>{reason.rule}</code>
            </dd>
            <dt>Owner</dt>
            <dd>{reason.owner}</dd>
          </dl>
        </div>
      ))}
    </>
  );
}

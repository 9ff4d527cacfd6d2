import type { ComponentChildren, TargetedKeyboardEvent, VNode } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import type { Components } from '../components/lazy.ts';

export type WordsFormProps = {
  readonly components: Components;
  readonly label: string;
  readonly placeholder?: string;
  readonly value: string;
  readonly onText: (text: string) => void;
  readonly button: string;
  /** Nothing can be sent while this is false. */
  readonly canSend: boolean;
  readonly onSend: () => void;
  readonly onClose?: () => void;
  readonly lines?: number;
  readonly focused?: boolean;
  /** What stands between the words and the button. */
  readonly children?: ComponentChildren;
};

/** Words to send: Ctrl+Enter sends them, Escape leaves. */
export function WordsForm(props: WordsFormProps): VNode {
  const { components, label, value, onText, button, canSend, onSend, onClose, children } = props;
  const { placeholder = '', lines = 3, focused = true } = props;
  const form = useRef<HTMLFormElement>(null);
  const wasOpened = onClose !== undefined;
  const hasMore = Boolean(children);
  // What was opened is seen to its end, also once more stands in it.
  useEffect(() => {
    if (!wasOpened) return;
    const frame = requestAnimationFrame(() => form.current?.scrollIntoView({ block: 'nearest' }));
    return () => cancelAnimationFrame(frame);
  }, [wasOpened, hasMore]);
  const onKeyDown = (event: TargetedKeyboardEvent<HTMLElement>) => {
    if (event.key === 'Enter' && (event.ctrlKey || event.metaKey) && canSend) onSend();
    else if (event.key === 'Escape' && onClose) onClose();
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
  return (
    <form
      ref={form}
      class="words"
      aria-label={label}
      onKeyDown={onKeyDown}
      onSubmit={(event) => event.preventDefault()}
    >
      <p class="label">{label}</p>
      <components.TextArea {...{ label, value, onText, placeholder, lines, focused }} />
      {children}
      <p class="buttons">
        <components.Button onPress={onSend} disabled={!canSend} shortcut="Control+Enter">
          {button}
        </components.Button>
        {onClose ? (
          <components.Button kind="secondary" onPress={onClose}>
            Cancel
          </components.Button>
        ) : null}
      </p>
    </form>
  );
}

import {
  provideVSCodeDesignSystem,
  vsCodeBadge,
  vsCodeButton,
  vsCodeDivider,
  vsCodeTextArea,
  vsCodeTextField,
} from '@vscode/webview-ui-toolkit';
import { type ComponentChild, type ComponentChildren, h } from 'preact';
import { useEffect, useRef } from 'preact/hooks';

provideVSCodeDesignSystem().register(
  vsCodeBadge(),
  vsCodeButton(),
  vsCodeDivider(),
  vsCodeTextArea(),
  vsCodeTextField(),
);

export type ButtonProps = {
  readonly kind?: 'primary' | 'secondary';
  readonly onPress: () => void;
  readonly disabled?: boolean;
  /** A key that does the same: for tool tips and readers. */
  readonly shortcut?: string;
  readonly children: ComponentChildren;
};

export function Button({
  kind = 'primary',
  onPress,
  disabled = false,
  shortcut,
  children,
}: ButtonProps): ComponentChild {
  const named = shortcut === undefined ? {} : { title: `Key: ${shortcut}`, 'aria-keyshortcuts': shortcut };
  return h('vscode-button', { appearance: kind, onClick: onPress, disabled, ...named }, children);
}

export function Badge({ children }: { readonly children: ComponentChildren }): ComponentChild {
  return h('vscode-badge', {}, children);
}

export function Divider(): ComponentChild {
  return h('vscode-divider', {});
}

export type TextProps = {
  readonly label: string;
  readonly value: string;
  readonly onText: (text: string) => void;
  readonly placeholder?: string;
  /** Takes the keyboard when it comes. */
  readonly focused?: boolean;
};

/** One line of text. */
export function TextField(props: TextProps): ComponentChild {
  return h('vscode-text-field', useText(props));
}

/** Several lines of text. */
export function TextArea({ lines, ...props }: TextProps & { readonly lines: number }): ComponentChild {
  return h('vscode-text-area', { ...useText(props), rows: lines, resize: 'vertical' });
}

function useText({ label, value, onText, placeholder = '', focused = false }: TextProps) {
  const ref = useRef<HTMLElement>(null);
  // The control names itself when it comes.
  useEffect(() => ref.current?.setAttribute('aria-label', label), [label]);
  useEffect(() => {
    if (!focused) return;
    // The control inside is made after the element.
    const frame = requestAnimationFrame(() => ref.current?.focus());
    return () => cancelAnimationFrame(frame);
  }, [focused]);
  const onInput = ({ currentTarget }: { currentTarget: unknown }) => onText(textOf(currentTarget));
  return { ref, value, placeholder, onInput };
}

function textOf(control: unknown): string {
  const hasValue = typeof control === 'object' && control !== null && 'value' in control;
  return hasValue && typeof control.value === 'string' ? control.value : '';
}

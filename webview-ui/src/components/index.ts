import {
  provideVSCodeDesignSystem,
  vsCodeBadge,
  vsCodeButton,
  vsCodeDivider,
} from '@vscode/webview-ui-toolkit';
import { type ComponentChild, type ComponentChildren, h } from 'preact';

provideVSCodeDesignSystem().register(vsCodeBadge(), vsCodeButton(), vsCodeDivider());

export type ButtonProps = {
  readonly kind?: 'primary' | 'secondary';
  readonly onPress: () => void;
  readonly disabled?: boolean;
  readonly children: ComponentChildren;
};

export function Button({
  kind = 'primary',
  onPress,
  disabled = false,
  children,
}: ButtonProps): ComponentChild {
  return h('vscode-button', { appearance: kind, onClick: onPress, disabled }, children);
}

export function Badge({ children }: { readonly children: ComponentChildren }): ComponentChild {
  return h('vscode-badge', {}, children);
}

export function Divider(): ComponentChild {
  return h('vscode-divider', {});
}

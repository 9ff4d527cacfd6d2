import type { FormatName } from '../../../../../extension/contract/formats/format.ts';
import type { MenuItem } from './menu.tsx';

export type CopyChoice = { readonly format: FormatName; readonly headers: boolean };

const CTRL = /Mac/.test(navigator.userAgent) ? '⌘' : 'Ctrl+';

const COPIES: readonly (CopyChoice & { readonly label: string; readonly hint?: string })[] = [
  { label: 'Copy', hint: `${CTRL}C`, format: 'text', headers: false },
  { label: 'Copy with Column Names', format: 'text', headers: true },
  { label: 'Copy as CSV', format: 'csv', headers: true },
  { label: 'Copy as JSON', format: 'json', headers: true },
  { label: 'Copy as Markdown', format: 'markdown', headers: true },
  { label: 'Copy as INSERT', format: 'insert', headers: true },
];

const EXPORTS: readonly { readonly label: string; readonly format: FormatName }[] = [
  { label: 'Export as CSV…', format: 'csv' },
  { label: 'Export as JSON…', format: 'json' },
  { label: 'Export as Markdown…', format: 'markdown' },
  { label: 'Export as INSERT…', format: 'insert' },
];

export function copyItems(copy: (choice: CopyChoice) => void): MenuItem[] {
  return COPIES.map(({ label, hint, ...choice }) => ({
    label,
    ...(hint ? { hint } : {}),
    run: () => copy(choice),
  }));
}

export function exportItems(exportAs: (format: FormatName) => void): MenuItem[] {
  return EXPORTS.map(({ label, format }) => ({ label, run: () => exportAs(format) }));
}

export type ColumnActions = {
  readonly masked: boolean;
  readonly sort: (descending: boolean | null) => void;
  readonly filter: () => void;
  readonly freeze: () => void;
  readonly frozen: boolean;
  readonly fit: () => void;
  readonly resize: (byPx: number) => void;
  readonly select: () => void;
  readonly explain: () => void;
};

const STEP_PX = 48;

export function columnItems(actions: ColumnActions): MenuItem[] {
  const items: MenuItem[] = [
    { label: 'Sort Ascending', run: () => actions.sort(false) },
    { label: 'Sort Descending', run: () => actions.sort(true) },
    { label: 'Clear Sort', run: () => actions.sort(null) },
    'separator',
    { label: 'Filter…', hint: `${CTRL}F`, run: actions.filter },
    { label: actions.frozen ? 'Unfreeze Columns' : 'Freeze up to Here', run: actions.freeze },
    'separator',
    { label: 'Fit Width', run: actions.fit },
    { label: 'Widen', hint: 'Alt+→', run: () => actions.resize(STEP_PX) },
    { label: 'Narrow', hint: 'Alt+←', run: () => actions.resize(-STEP_PX) },
    'separator',
    { label: 'Select Column', hint: 'Ctrl+Space', run: actions.select },
  ];
  return actions.masked ? [...items, { label: 'Why Is It Masked?', run: actions.explain }] : items;
}

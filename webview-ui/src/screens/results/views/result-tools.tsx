import type { VNode } from 'preact';
import { Icon, type IconName } from '../../../icons.tsx';

export type ResultToolsProps = {
  readonly filtering: boolean;
  readonly detailOpen: boolean;
  readonly onFilter: () => void;
  readonly onDetail: () => void;
  readonly onMenu: (kind: 'copy' | 'export', box: DOMRect) => void;
};

/** The buttons at the right of the tabs. */
export function ResultTools({ filtering, detailOpen, onFilter, onDetail, onMenu }: ResultToolsProps): VNode {
  const menuButton = (kind: 'copy' | 'export', icon: IconName, label: string) => (
    <button
      type="button"
      class="tool"
      aria-haspopup="menu"
      aria-label={label}
      title={label}
      onClick={(event) => onMenu(kind, event.currentTarget.getBoundingClientRect())}
    >
      <Icon name={icon} />
      <Icon name="chevron" />
    </button>
  );
  return (
    <div class="result-tools" role="toolbar" aria-label="Rows">
      <button
        type="button"
        class="tool"
        aria-pressed={filtering}
        aria-label="Filter fetched rows"
        title="Filter fetched rows (Ctrl+F)"
        onClick={onFilter}
      >
        <Icon name="filter" />
      </button>
      {menuButton('copy', 'copy', 'Copy selection')}
      {menuButton('export', 'save', 'Export all rows')}
      <button
        type="button"
        class="tool"
        aria-pressed={detailOpen}
        aria-label="Show the value in full"
        title="Show the value in full (Space)"
        onClick={onDetail}
      >
        <Icon name="detail" />
      </button>
    </div>
  );
}

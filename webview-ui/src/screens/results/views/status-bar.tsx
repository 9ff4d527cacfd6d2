import type { VNode } from 'preact';
import type { ResultSet, Run } from '../../../../../extension/contract/results-state.ts';
import { Icon } from '../../../icons.tsx';
import { count, groupDigits } from '../model/words.ts';

export type StatusBarProps = {
  readonly run: Run;
  readonly set: ResultSet;
  readonly selectedCells: number;
  readonly onClearFilters: () => void;
};

/** One line under the grid: how many rows, of what, how masked, how selected. */
export function StatusBar({ run, set, selectedCells, onClearFilters }: StatusBarProps): VNode {
  const { filters, rowCount } = set.arrangement;
  const masked = set.columns.filter((column) => column.masked !== null).length;
  return (
    <footer class="status-bar">
      <span role={filters.length > 0 ? 'status' : undefined}>
        {filters.length > 0
          ? `${groupDigits(rowCount)} of ${count(set.rowCount, 'row')} match`
          : count(set.rowCount, 'row')}
        {set.complete ? '' : ' so far'}
      </span>
      {filters.length > 0 ? (
        <button type="button" class="link" onClick={onClearFilters}>
          Clear filters
        </button>
      ) : null}
      {set.limitedToRows !== null ? (
        <span>stopped at the limit of {groupDigits(set.limitedToRows)}</span>
      ) : null}
      {masked > 0 ? (
        <span class="with-icon">
          <Icon name="lock" />
          {masked} of {count(set.columns.length, 'column')} masked
        </span>
      ) : null}
      <span class="push">{selectedCells > 1 ? `${count(selectedCells, 'cell')} selected` : ''}</span>
      <span>{run.target}</span>
    </footer>
  );
}

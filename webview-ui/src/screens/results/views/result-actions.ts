import type { ColumnFilter, SortKey } from '../../../../../extension/contract/arrange.ts';
import type { FormatName } from '../../../../../extension/contract/formats/format.ts';
import type { ResultSet } from '../../../../../extension/contract/results-state.ts';
import { type Range, rangesToCopy, type Selection } from '../model/selection.ts';
import { count } from '../model/words.ts';
import type { Screen } from '../screen.ts';
import type { CopyChoice } from './result-menus.ts';

export type ResultActions = {
  readonly rearrange: (order: readonly SortKey[], filters: readonly ColumnFilter[]) => void;
  readonly copy: (choice: CopyChoice) => void;
  readonly exportAs: (format: FormatName) => void;
  readonly askToSee: (column: number) => void;
};

/** What a result set's surroundings ask of the host. */
export function resultActions(set: ResultSet, selection: Selection, screen: Screen): ResultActions {
  return {
    rearrange: (order, filters) =>
      screen.attempt(
        screen.ask('arrange', { set: set.id, order: [...order], filters: [...filters] }),
        (arrangement) => {
          screen.arranged(set.id, arrangement);
          return null;
        },
      ),
    copy: ({ format, headers }) => {
      const ranges = rangesToCopy(selection);
      if (ranges.length === 0) return screen.announce('Nothing is selected.');
      const masked = maskedIn(set, ranges);
      const note = masked > 0 ? ` ${count(masked, 'column')} copied as masked.` : '';
      screen.attempt(
        screen.ask('copy', { set: set.id, ranges, format, headers }),
        ({ cells }) => `Copied ${count(cells, 'cell')}.${note}`,
      );
    },
    exportAs: (format) =>
      screen.attempt(screen.ask('export', { set: set.id, format }), ({ file, rows }) =>
        file === null ? null : `Saved ${count(rows, 'row')} to ${file}.`,
      ),
    askToSee: (column) =>
      screen.attempt(
        screen.ask('askForMore', { about: 'column', set: set.id, column }),
        ({ sentence }) => sentence,
      ),
  };
}

function maskedIn(set: ResultSet, ranges: readonly Range[]): number {
  return set.columns.filter(
    ({ masked }, column) =>
      masked !== null && ranges.some(({ fromColumn, toColumn }) => column >= fromColumn && column < toColumn),
  ).length;
}

import type { EditorResult } from '../editor.ts';
import type { GridResult } from '../grid.ts';
import { MAX_GROWTH_MEGABYTES } from './channel-report.ts';
import { below, type Report } from './report.ts';

const MAX_JUMP_MS = 500;

/** What a person sees. */
export function screenReport(measured: { grid: GridResult; editor: EditorResult }): Report {
  const { grid, editor } = measured;
  const grown = (who: string, megabytes: number) =>
    below(`a million rows in VS Code, ${who} grows`, megabytes, MAX_GROWTH_MEGABYTES, 'MB');
  return {
    measured,
    tables: [
      [
        {
          'in VS Code': 'a million rows',
          'first on screen ms': Math.round(editor.firstRowsOnScreenMs),
          'last known ms': Math.round(editor.lastRowKnownMs),
          'gateway MB more': Math.round(editor.gatewayGrownMegabytes),
          'extension host MB more': Math.round(editor.extensionHostGrownMegabytes),
          'jump drawn ms': Number(grid.drawnMs.toFixed(1)),
          'jump filled ms': Number(grid.filledMs.toFixed(1)),
        },
      ],
    ],
    goals: [
      ...grown('the gateway', editor.gatewayGrownMegabytes),
      ...grown('the extension host', editor.extensionHostGrownMegabytes),
      {
        goal: 'a million rows in VS Code: the first on screen before the last is known',
        found: `${editor.firstRowsOnScreenMs.toFixed(0)} ms, ${editor.lastRowKnownMs.toFixed(0)} ms`,
        met: editor.firstRowsOnScreenMs < editor.lastRowKnownMs,
      },
      ...below('a random jump in a grid of a million rows is drawn', grid.drawnMs, MAX_JUMP_MS, 'ms'),
    ],
  };
}

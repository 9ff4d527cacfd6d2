import * as vscode from 'vscode';
import { SluiceError } from '../../../gateway/contract/error.ts';
import type { TargetName } from '../../../gateway/contract/ids.ts';
import type { MaskReason } from '../../../gateway/contract/verdict.ts';
import type { FormatName } from '../../contract/formats/format.ts';
import { FILE_EXTENSIONS } from '../../contract/formats/index.ts';
import type { Handlers } from '../../contract/protocol.ts';
import { MAX_WINDOW_ROWS, type ResultsView } from '../../contract/results-messages.ts';
import type { ResultSetId, ResultsState, RunId } from '../../contract/results-state.ts';
import type { ResultsUi } from '../../contract/results-ui.ts';
import type { Approvals } from '../approvals/approvals.ts';
import { copyRows } from '../results/copy-rows.ts';
import { tableName } from '../results/table-name.ts';
import type { LiveResultSet } from '../runs/live-result-set.ts';
import type { LiveRun } from '../runs/live-run.ts';
import { requestForColumn, requestForStatement } from '../runs/request-text.ts';
import type { Runs } from '../runs/runs.ts';
import { execute } from './commands.ts';
import { exportToFile } from './export.ts';
import { rangeOf } from './sql-editor.ts';

export type ResultsHandlerOptions = {
  runs: Runs;
  state: () => ResultsState;
  loaded: () => void;
  runAgain: (document: string, run: LiveRun) => Promise<void>;
  approvals: Approvals;
  /** Asks for masked columns to be shown for a while, and tells what came of it. */
  askToSee: (target: TargetName, masked: MaskReason) => void;
  acceptProposal: (document: string, run: LiveRun, statement: number) => Promise<void>;
};

/** What the results view may ask. Each request names things of this host; none names a command. */
export function resultsHandlers({
  runs,
  state,
  loaded,
  runAgain,
  approvals,
  askToSee,
  acceptProposal,
}: ResultsHandlerOptions): Handlers<ResultsView> {
  let ui: ResultsUi | null = null;
  const set = (id: ResultSetId) => found(runs.findSet(id), 'This result is no longer kept.');
  const ofRun = (id: RunId) => found(runs.find(id), 'This run is no longer kept.');
  return {
    requests: {
      ready: () => {
        // The answer goes first.
        setImmediate(loaded);
        return { state: state(), ui };
      },
      rows: ({ set: id, range }) => {
        if (range.toRow - range.fromRow > MAX_WINDOW_ROWS) {
          throw new SluiceError('request.invalid', `A window holds at most ${MAX_WINDOW_ROWS} rows.`);
        }
        return set(id).window(range);
      },
      value: async ({ set: id, row, column }) => ({ text: await set(id).value(row, column) }),
      arrange: ({ set: id, order, filters }) => set(id).arrange(order, filters),
      copy: async ({ set: id, ranges, format, headers }) => {
        const source = set(id);
        const copied = copyRows(source, ranges, format, { headers, table: tableOf(runs, source) });
        await vscode.env.clipboard.writeText(copied.text);
        return { rows: copied.rows, cells: copied.cells };
      },
      export: ({ set: id, format }) => exportSet(runs, set(id), format),
      cancel: ({ run }) => {
        runs.cancel(ofRun(run).document);
        return {};
      },
      runAgain: async ({ run: id }) => {
        const { document, run } = ofRun(id);
        await runAgain(document, run);
        return {};
      },
      askForMore: async (asked) => {
        const liftable = asked.about === 'column' ? liftableOf(set(asked.set), asked.column) : null;
        const target = asked.about === 'column' ? runs.targetOf(asked.set) : null;
        if (liftable !== null && target !== null) {
          // People take their time; the view does not wait for them.
          askToSee(target, liftable);
          return { sentence: '' };
        }
        const request =
          asked.about === 'column'
            ? requestForColumn(set(asked.set), asked.column)
            : requestForStatement(ofRun(asked.run).run, asked.statement);
        await vscode.env.clipboard.writeText(request.text);
        return { sentence: request.sentence };
      },
      explain: async ({ request, ...body }) => done(approvals.act('explain', request, body)),
      remark: async ({ request, ...body }) => done(approvals.act('remark', request, body)),
      withdraw: async ({ request }) => done(approvals.act('withdraw', request, {})),
      breakGlass: async ({ request, ...body }) => done(approvals.act('breakGlass', request, body)),
      acceptProposal: async ({ run: id, statement }) => {
        const { document, run } = ofRun(id);
        await acceptProposal(document, run, statement);
        return {};
      },
      reveal: async ({ run: id, statement }) => {
        const { document, run } = ofRun(id);
        await reveal(document, run, statement);
        return {};
      },
      begin: async ({ step }) => {
        await execute(BEGIN[step]);
        return {};
      },
      remember: (kept) => {
        ui = kept;
        return {};
      },
    },
    events: {},
  };
}

const BEGIN = {
  signIn: 'sluice.signIn',
  chooseTarget: 'sluice.chooseTarget',
  reconnect: 'sluice.refreshTargets',
  newQuery: 'sluice.newQuery',
} as const;

/** Asks where to, then streams all arranged rows there. */
export async function exportSet(
  runs: Runs,
  source: LiveResultSet,
  format: FormatName,
): Promise<{ file: string | null; rows: number }> {
  const table = tableOf(runs, source);
  return exportToFile(source, format, table, `${table.at(-1) ?? 'result'}.${FILE_EXTENSIONS[format]}`);
}

function tableOf(runs: Runs, source: LiveResultSet): string[] {
  return tableName(runs.statementOf(source.id)?.text ?? '');
}

async function reveal(address: string, run: LiveRun, index: number): Promise<void> {
  const document = await vscode.workspace.openTextDocument(vscode.Uri.parse(address));
  const editor = await vscode.window.showTextDocument(document);
  const { start, end } = run.spanOf(index);
  const position = run.statements.find((statement) => statement.index === index)?.failure?.position ?? null;
  editor.selection =
    position === null
      ? new vscode.Selection(document.positionAt(start), document.positionAt(end))
      : new vscode.Selection(document.positionAt(position), document.positionAt(position));
  editor.revealRange(
    rangeOf(document, position ?? start, position ?? end),
    vscode.TextEditorRevealType.InCenterIfOutsideViewport,
  );
}

/** Why a column is masked, where somebody may agree to lift that; null where nobody may. */
function liftableOf(source: LiveResultSet, column: number): MaskReason | null {
  const masked = source.columns[column]?.masked ?? null;
  return masked?.unmask === undefined ? null : masked;
}

/** The request itself comes with the next state. */
async function done(act: Promise<unknown>): Promise<Record<string, never>> {
  await act;
  return {};
}

function found<T>(value: T | null, otherwise: string): T {
  if (value !== null) return value;
  throw new SluiceError('request.notFound', otherwise, 'Run the statement again.');
}

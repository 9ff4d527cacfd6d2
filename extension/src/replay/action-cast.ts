import { type EventLine, lineOf } from '../../../gateway/contract/asciicast.ts';
import { labelOf } from '../../../gateway/contract/asciicast-marker.ts';
import type { SessionId } from '../../../gateway/contract/ids.ts';
import type { ActionRecord, RecordedAnswer } from '../../../gateway/contract/record.ts';
import { printable } from '../../contract/printable.ts';
import { type FoundSession, replayOf } from './replay-session.ts';

const COLUMNS = 120;
const ROWS = 40;
const MAX_CELL = 40;
const MICROSECONDS = 1_000_000;

/**
 * A session of statements as a terminal would have shown it, for players of asciicast v2: each statement when it was
 * sent, what was decided with its rule, and what its person saw. Whole lines.
 */
export function* castOfActions(id: SessionId, found: FoundSession): Generator<string> {
  const { who, target, startedAt, actions } = replayOf(id, found);
  const timestamp = Math.floor(Date.parse(startedAt) / 1000);
  yield lineOf({ version: 2, width: COLUMNS, height: ROWS, timestamp, title: `${who} on ${target}` });
  let lastS = 0;
  const line = (atS: number, code: EventLine[1], text: string) => {
    lastS = Math.max(lastS, Math.round(atS * MICROSECONDS) / MICROSECONDS);
    return lineOf([lastS, code, text]);
  };
  for (const [index, record] of found.records.entries()) {
    const atS = actions[index]?.atS ?? lastS;
    yield line(atS, 'm', labelOf({ kind: 'command', text: oneLine(record.statement) }));
    yield line(atS, 'o', `${target}=> ${lines(record.statement.trim())}\r\n`);
    yield line(atS, 'm', labelOf({ kind: 'decision', text: oneLine(record.decision.sentence) }));
    yield line(atS, 'o', `-- ${lines(record.decision.sentence)}\r\n`);
    const tookS = (record.outcome?.durationMs ?? 0) / 1000;
    yield line(atS + tookS, 'o', `${shown(record)}\r\n`);
  }
}

function shown({ outcome }: ActionRecord): string {
  if (outcome === null) return '-- It has not ended, as far as is known.\r\n';
  const { answer, status, rows, sqlState } = outcome;
  const end =
    status === 'done' ? `(${rows} ${rows === 1 ? 'row' : 'rows'})` : `-- ${status} ${sqlState ?? ''}`;
  return answer === undefined ? `${end}\r\n` : `${table(answer)}${end}\r\n`;
}

function table({ columns, rows, isCut }: RecordedAnswer): string {
  const cells = rows.map((row) => row.map((cell) => cellText(cell ?? 'NULL')));
  const head = columns.map(cellText);
  const widths = head.map((name, column) =>
    Math.max(name.length, ...cells.map((row) => row[column]?.length ?? 0)),
  );
  const padded = (row: readonly string[]) =>
    ` ${row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(' | ')}`;
  const rule = widths.map((width) => '-'.repeat(width + 2)).join('+');
  const all = [padded(head), rule, ...cells.map(padded), ...(isCut ? [' …'] : [])];
  return all.map((one) => `${one.trimEnd()}\r\n`).join('');
}

function cellText(text: string): string {
  return oneLine(text.length > MAX_CELL ? `${text.slice(0, MAX_CELL - 1)}…` : text);
}

function oneLine(text: string): string {
  return printable(text.trim().replaceAll(/\s+/g, ' '));
}

function lines(text: string): string {
  return text
    .split(/\r\n?|\n/)
    .map(printable)
    .join('\r\n');
}

import type { VNode } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { parseArray } from '../../../../../extension/contract/postgres-array.ts';
import type { Cell } from '../../../../../extension/contract/results-messages.ts';
import { Icon } from '../../../icons.tsx';
import { booleanWord } from '../model/cell-text.ts';
import { prettyJson } from '../model/pretty-json.ts';
import { count } from '../model/words.ts';
import type { GridColumn } from './grid-columns.ts';
import { DetectorExplanation, MaskExplanation } from './why.tsx';

/** Past this many characters a value is shown as it is, without layout. */
const LAID_OUT_MAX = 500_000;
const BYTES_SHOWN = 4096;

export type DetailProps = {
  readonly column: GridColumn;
  readonly row: number;
  readonly cell: Cell | undefined;
  readonly fetchValue: () => Promise<string | null>;
  readonly onCopy: () => void;
  readonly onAsk: () => void;
  readonly onClose: () => void;
};

/** One value in full: JSON laid out, bytes as a dump, arrays as a list; a masked one explains itself. */
export function Detail(props: DetailProps): VNode {
  const { column, row, cell } = props;
  const value = useWholeValue(props);
  return (
    <aside
      class="detail"
      aria-label={`Value of ${column.name}, row ${row + 1}`}
      onKeyDown={(event) => event.key === 'Escape' && props.onClose()}
    >
      <header>
        <h2>{column.name}</h2>
        <span class="quiet">{column.typeName}</span>
        <button type="button" class="tool" aria-label="Copy this value" title="Copy" onClick={props.onCopy}>
          <Icon name="copy" />
        </button>
        <button
          type="button"
          class="tool"
          aria-label="Close the value pane"
          title="Close"
          onClick={props.onClose}
        >
          <Icon name="close" />
        </button>
      </header>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable by keyboard */}
      <section class="value-body" tabIndex={0} aria-label="Value">
        {column.masked ? (
          <div class="mask-note">
            <h3>
              <Icon name="lock" /> Masked
            </h3>
            <MaskExplanation reason={column.masked} />
            <button type="button" class="button" onClick={props.onAsk}>
              Ask to see it…
            </button>
          </div>
        ) : null}
        {column.masked === null && column.detectors.length > 0 ? (
          <div class="mask-note">
            <h3>
              <Icon name="lock" /> Looked through
            </h3>
            <DetectorExplanation detectors={column.detectors} />
          </div>
        ) : null}
        {value === undefined || cell === undefined ? (
          <p class="quiet">Loading…</p>
        ) : (
          <Value column={column} value={value} />
        )}
      </section>
      {typeof value === 'string' ? <footer class="quiet">{sizeOf(column, value)}</footer> : null}
    </aside>
  );
}

function Value({ column, value }: { readonly column: GridColumn; readonly value: string | null }): VNode {
  if (value === null) return <p class="null">NULL</p>;
  if (value === '') return <p class="empty">Empty text</p>;
  if (value.length > LAID_OUT_MAX) return <pre>{value}</pre>;
  if (column.kind === 'boolean') return <pre>{booleanWord(value)}</pre>;
  if (column.kind === 'bytea') return <pre>{hexDump(value)}</pre>;
  const elements = column.kind === 'array' ? parseArray(value) : null;
  if (elements?.every((element) => !Array.isArray(element))) {
    return (
      <ol class="elements" start={1}>
        {elements.map((element, index) => (
          <li key={index}>{element === null ? <span class="null">NULL</span> : element}</li>
        ))}
      </ol>
    );
  }
  const tokens = column.kind === 'json' || /^\s*[{[]/.test(value) ? prettyJson(value) : null;
  if (!tokens) return <pre>{value}</pre>;
  return (
    <pre class="json">
      {tokens.map(({ text, tone }, index) => (
        <span key={index} class={tone}>
          {text}
        </span>
      ))}
    </pre>
  );
}

/** The cell's text, or the whole of it when the window held a cut one; undefined while it's on its way. */
function useWholeValue({ cell, column, row, fetchValue }: DetailProps): string | null | undefined {
  const [whole, setWhole] = useState<{ key: string; text: string | null } | null>(null);
  const cut = typeof cell === 'object' && cell !== null;
  const key = `${row}:${column.index}:${cut ? cell.cut : ''}`;
  useEffect(() => {
    if (!cut) return;
    let current = true;
    fetchValue().then(
      (text) => current && setWhole({ key, text }),
      () => current && setWhole({ key, text: cut ? `${cell.cut}…` : null }),
    );
    return () => {
      current = false;
    };
  }, [key, cut]);
  if (!cut) return cell;
  return whole?.key === key ? whole.text : undefined;
}

function sizeOf(column: GridColumn, value: string): string {
  return column.kind === 'bytea' && value.startsWith('\\x')
    ? count((value.length - 2) / 2, 'byte')
    : count([...value].length, 'character');
}

/** Sixteen bytes a line, as hexdump -C has it. */
function hexDump(value: string): string {
  if (!value.startsWith('\\x')) return value;
  const bytes = (value.slice(2, 2 + BYTES_SHOWN * 2).match(/../g) ?? []).map((pair) =>
    Number.parseInt(pair, 16),
  );
  const lines: string[] = [];
  for (let at = 0; at < bytes.length; at += 16) {
    const line = bytes.slice(at, at + 16);
    const hex = line.map((byte) => byte.toString(16).padStart(2, '0')).join(' ');
    const text = line.map((byte) => (byte >= 32 && byte < 127 ? String.fromCharCode(byte) : '.')).join('');
    lines.push(`${at.toString(16).padStart(6, '0')}  ${hex.padEnd(47)}  ${text}`);
  }
  if (value.length > 2 + BYTES_SHOWN * 2) lines.push('…');
  return lines.join('\n');
}

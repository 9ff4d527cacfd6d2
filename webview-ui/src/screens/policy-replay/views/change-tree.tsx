// biome-ignore-all lint/a11y/useSemanticElements: lines that come and go can be no list; the roles say it
import type { TargetedKeyboardEvent, VNode } from 'preact';
import { useEffect, useLayoutEffect, useMemo, useRef, useState } from 'preact/hooks';
import { printable } from '../../../../../extension/contract/printable.ts';
import { Icon } from '../../../icons.tsx';
import { groupDigits } from '../../../numbers.ts';
import { stepFor } from '../model/keyboard.ts';
import { withToggled } from '../model/state.ts';
import { keyOf, LEVELS, type Row } from '../model/tree.ts';
import { actions, DIRECTIONS, OUTCOMES } from '../model/words.ts';
import type { Screen } from '../screen.ts';

const HEIGHTS_PX: Record<Row['kind'], number> = { way: 32, group: 44, action: 44, more: 26 };
const OVERSCAN_PX = 200;

type TreeProps = { readonly rows: readonly Row[]; readonly active: string; readonly screen: Screen };

/** Ways, groups and statements; only what is on screen is in the document. */
export function ChangeTree({ rows, active, screen }: TreeProps): VNode {
  const scroller = useRef<HTMLDivElement>(null);
  const [view, setView] = useState({ topPx: 0, heightPx: 600 });
  const tops = useMemo(() => topsOf(rows), [rows]);
  const at = Math.max(
    0,
    rows.findIndex((row) => keyOf(row) === active),
  );
  useLayoutEffect(() => {
    const node = scroller.current;
    if (node === null) return;
    const measure = () => setView({ topPx: node.scrollTop, heightPx: node.clientHeight });
    const observer = new ResizeObserver(measure);
    observer.observe(node);
    return () => observer.disconnect();
  }, []);
  useEffect(() => {
    if (active !== '') reveal(scroller.current, tops[at] ?? 0, tops[at + 1] ?? 0);
  }, [active]);
  const select = (to: number) => {
    const row = rows[to];
    if (row !== undefined) screen.change((now) => ({ ...now, active: keyOf(row) }));
  };
  const open = (row: Row | undefined) => {
    if (row?.kind !== 'action') return;
    const { session, record } = row.action.example;
    screen.ask('openAction', { session, record });
  };
  const onKeyDown = (event: TargetedKeyboardEvent<HTMLDivElement>) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const pageRows = Math.max(1, Math.floor(view.heightPx / HEIGHTS_PX.action) - 1);
    const step = stepFor(event.key, rows, at, pageRows);
    if (step === null) return;
    event.preventDefault();
    if (step.type === 'move') select(step.to);
    else if (step.type === 'toggle') screen.change((now) => withToggled(now, step.key));
    else open(rows[at]);
  };
  const first = indexAt(tops, view.topPx - OVERSCAN_PX);
  const end = indexAt(tops, view.topPx + view.heightPx + OVERSCAN_PX) + 1;
  return (
    <div
      ref={scroller}
      class="tree"
      role="tree"
      aria-label="What would be decided otherwise"
      aria-activedescendant={rows.length === 0 ? undefined : `row-${at}`}
      tabIndex={0}
      onKeyDown={onKeyDown}
      onScroll={({ currentTarget }) =>
        setView({ topPx: currentTarget.scrollTop, heightPx: currentTarget.clientHeight })
      }
    >
      <div class="track" role="presentation" style={{ height: `${tops.at(-1) ?? 0}px` }}>
        {rows.slice(first, end).map((row, index) => (
          // biome-ignore lint/a11y/useKeyWithClickEvents: the tree takes the keys for all of them
          <div
            key={keyOf(row)}
            id={`row-${first + index}`}
            role="treeitem"
            tabIndex={-1}
            class={`tree-row ${row.kind} ${directionOf(row)}`}
            aria-level={LEVELS[row.kind]}
            aria-posinset={row.at}
            aria-setsize={row.of}
            aria-selected={first + index === at && active !== ''}
            {...('isOpen' in row ? { 'aria-expanded': row.isOpen } : {})}
            style={{ top: `${tops[first + index]}px`, height: `${HEIGHTS_PX[row.kind]}px` }}
            onClick={() =>
              'isOpen' in row ? screen.change((now) => withToggled(now, keyOf(row))) : select(first + index)
            }
            onDblClick={() => open(row)}
          >
            <RowContent row={row} />
          </div>
        ))}
      </div>
    </div>
  );
}

function RowContent({ row }: { readonly row: Row }): VNode {
  switch (row.kind) {
    case 'way':
      return (
        <>
          <Twistie isOpen={row.isOpen} />
          <strong>{row.way.name}</strong>
          <span class="quiet">{actions(row.way.count)}</span>
          <span class={`direction ${row.way.direction}`}>
            {row.way.direction === 'looser' ? <Icon name="warning" /> : null}
            {DIRECTIONS[row.way.direction]}
          </span>
        </>
      );
    case 'group':
      return <GroupContent {...row} />;
    case 'action':
      return (
        <div class="lines">
          <code class="line">{row.action.statement}</code>
          <span class="line quiet">
            {printable(row.action.example.who)} on {row.action.target},{' '}
            {new Date(row.action.example.at).toLocaleString()}
          </span>
        </div>
      );
    case 'more':
      return <span class="quiet">{row.text}</span>;
  }
}

function GroupContent({ group: { group, rules }, isOpen }: Extract<Row, { kind: 'group' }>): VNode {
  const outcome = `${OUTCOMES[group.before]} → ${OUTCOMES[group.after]}`;
  const [what, ...also] =
    group.detail === ''
      ? [outcome]
      : [printable(group.detail), ...(group.before === group.after ? [] : [outcome])];
  const people = group.people === 1 ? 'one person' : `${groupDigits(group.people)} people`;
  const where = [...also, `${printable(group.shape)} on ${group.target}`, people].join(' · ');
  return (
    <>
      <Twistie isOpen={isOpen} />
      <span class="badge">{groupDigits(group.count)}</span>
      <div class="lines">
        <span class="line">
          {what} {rules === '' ? null : <span class="quiet">by</span>} <code>{rules}</code>
        </span>
        <span class="line quiet">{where}</span>
      </div>
    </>
  );
}

function Twistie({ isOpen }: { readonly isOpen: boolean }): VNode {
  return (
    <span class={isOpen ? 'twistie open' : 'twistie'}>
      <Icon name="chevron" />
    </span>
  );
}

function directionOf(row: Row): string {
  if (row.kind === 'way') return row.way.direction;
  return row.kind === 'more' ? '' : row.group.group.direction;
}

/** Where each row begins, and where the last one ends. */
function topsOf(rows: readonly Row[]): number[] {
  const tops = [0];
  for (const { kind } of rows) tops.push((tops.at(-1) ?? 0) + HEIGHTS_PX[kind]);
  return tops;
}

function indexAt(tops: readonly number[], px: number): number {
  let [low, high] = [0, Math.max(0, tops.length - 2)];
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if ((tops[middle] ?? 0) <= px) low = middle;
    else high = middle - 1;
  }
  return low;
}

function reveal(node: HTMLElement | null, topPx: number, endPx: number): void {
  if (node === null) return;
  if (topPx < node.scrollTop) node.scrollTop = topPx;
  else if (endPx > node.scrollTop + node.clientHeight) node.scrollTop = endPx - node.clientHeight;
}

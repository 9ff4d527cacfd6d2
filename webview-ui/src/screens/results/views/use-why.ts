import { useCallback, useEffect, useRef, useState } from 'preact/hooks';
import type { Hit } from '../model/hit-test.ts';
import type { GridColumn } from './grid-columns.ts';
import type { WhyTarget } from './why.tsx';

const HOVER_MS = 500;
const LEAVE_MS = 250;

/** Opens the explanation of a masked cell after a short stay of the pointer, and lets the pointer move into it. */
export function useWhy(columns: readonly GridColumn[]) {
  const [why, setWhy] = useState<WhyTarget | null>(null);
  const timer = useRef<ReturnType<typeof setTimeout>>();
  const over = useRef('');
  useEffect(() => () => clearTimeout(timer.current), []);

  const close = useCallback(() => {
    clearTimeout(timer.current);
    over.current = '';
    setWhy(null);
  }, []);

  const explain = useCallback(
    (index: number, box: DOMRect, byKeyboard: boolean) => {
      clearTimeout(timer.current);
      const column = columns[index];
      if (column === undefined || (column.masked === null && column.detectors.length === 0)) return;
      const { name, masked, detectors } = column;
      setWhy({ column: name, columnIndex: index, reason: masked, detectors, box, byKeyboard });
    },
    [columns],
  );

  const leave = useCallback(() => {
    clearTimeout(timer.current);
    timer.current = setTimeout(close, LEAVE_MS);
  }, [close]);

  const hover = useCallback(
    (hit: Hit | null, box: DOMRect | null) => {
      const key = hit ? `${hit.area}:${hit.row}:${hit.column}` : '';
      if (key === over.current) return;
      over.current = key;
      clearTimeout(timer.current);
      if (hit && box) timer.current = setTimeout(() => explain(hit.column, box, false), HOVER_MS);
      else timer.current = setTimeout(() => setWhy((now) => (now?.byKeyboard ? now : null)), LEAVE_MS);
    },
    [explain],
  );

  const stay = useCallback(() => clearTimeout(timer.current), []);
  return { why, explain, hover, stay, leave, close };
}

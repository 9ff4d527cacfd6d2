import type { VNode } from 'preact';
import { useLayoutEffect, useRef, useState } from 'preact/hooks';
import { timeText } from '../model/clock.ts';
import type { Terminal } from '../model/emulator.ts';
import { type Run, runsOf } from '../model/screen-rows.ts';
import type { ReplayState } from '../model/state.ts';
import { colourOf } from './colours.ts';

const LINE_HEIGHT = 1.25;
/** How wide a character of a monospaced font is, of its size, where it cannot be measured. */
const USUAL_WIDTH = 0.6;
const MAX_PX = 16;
const MIN_PX = 6;
/** Around the screen, both sides together: its frame and the room in and about it. */
const AROUND_PX = 24;

export type TerminalScreenProps = { readonly state: ReplayState; readonly terminal: Terminal | null };

/** The screen as text in elements: nothing of a recording is ever read as anything else. */
export function TerminalScreen({ state, terminal }: TerminalScreenProps): VNode {
  const frame = useRef<HTMLDivElement>(null);
  const fontPx = useFontPx(frame, terminal?.cols ?? 80, terminal?.rows ?? 24);
  const rows = Array.from({ length: terminal?.rows ?? 0 }, (_, row) => row);
  return (
    <div class="screen-frame" ref={frame}>
      <section
        class="screen"
        aria-label={`Screen at ${timeText(state.atS)}`}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: who reads by keyboard goes through the screen
        tabIndex={0}
        data-drawn={state.drawn}
        style={{ fontSize: `${fontPx}px`, width: `${terminal?.cols ?? 80}ch` }}
      >
        {terminal !== null &&
          rows.map((row) => (
            <div class="row" key={row}>
              {runsOf(terminal, row).map((run, index) => (
                <Cells key={index} run={run} />
              ))}
            </div>
          ))}
      </section>
    </div>
  );
}

function Cells({ run }: { readonly run: Run }): VNode {
  const isInverse = run.style.includes('inverse');
  const foreground = colourOf(isInverse ? run.background : run.foreground);
  const background = colourOf(isInverse ? run.foreground : run.background);
  const isWide = run.columns !== run.text.length;
  return (
    <span
      class={`${run.style}${run.isCursor ? ' cursor' : ''}${isWide ? ' wide' : ''}`}
      style={{
        ...(foreground === null ? {} : { color: foreground }),
        ...(background === null ? {} : { backgroundColor: background }),
        ...(isWide ? { width: `${run.columns}ch` } : {}),
      }}
    >
      {run.text}
    </span>
  );
}

/** The largest size of letters with which the whole screen is seen. */
function useFontPx(
  frame: { readonly current: HTMLDivElement | null },
  columns: number,
  rows: number,
): number {
  const [fontPx, setFontPx] = useState(MAX_PX);
  useLayoutEffect(() => {
    const element = frame.current;
    if (element === null) return;
    const measure = () => {
      const byWidth = (element.clientWidth - AROUND_PX) / (columns * USUAL_WIDTH);
      const byHeight = (element.clientHeight - AROUND_PX) / (rows * LINE_HEIGHT);
      setFontPx(Math.max(MIN_PX, Math.min(MAX_PX, byWidth, byHeight)));
    };
    const observer = new ResizeObserver(measure);
    observer.observe(element);
    measure();
    return () => observer.disconnect();
  }, [frame, columns, rows]);
  return fontPx;
}

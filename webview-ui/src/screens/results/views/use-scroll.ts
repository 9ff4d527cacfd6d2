import type { RefObject } from 'preact';
import { useCallback, useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';
import {
  type Extent,
  maxTopPx,
  movedTo,
  mustSettleNow,
  type ScrollPosition,
  scrolled,
  scrollTopAt,
} from '../model/scroll-scale.ts';

const REST_MS = 150;

export type View = { readonly widthPx: number; readonly heightPx: number };

export type GridScroll = {
  readonly topPx: number;
  readonly scrollLeftPx: number;
  readonly onScroll: () => void;
  /** Brings the rows' top and the columns' left somewhere. */
  readonly moveTo: (topPx: number, scrollLeftPx: number) => void;
};

/** The size of an element's inside, kept up to date. */
export function useView(element: RefObject<HTMLElement>): View {
  const [view, setView] = useState<View>({ widthPx: 0, heightPx: 0 });
  useLayoutEffect(() => {
    const node = element.current;
    if (!node) return;
    const measure = () => setView({ widthPx: node.clientWidth, heightPx: node.clientHeight });
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(node);
    return () => observer.disconnect();
  }, [element]);
  return view;
}

/** Ties the browser's scroll bar to the rows' place, scaled where there are more rows than a bar can show. */
export function useScroll(
  element: RefObject<HTMLElement>,
  extent: Extent,
  start: { topPx: number; scrollLeftPx: number },
): GridScroll {
  const position = useRef<ScrollPosition>({ topPx: start.topPx, scrollTopPx: 0 });
  const [drawn, setDrawn] = useState({ topPx: start.topPx, scrollLeftPx: start.scrollLeftPx });
  const now = useRef(extent);
  now.current = extent;
  const rest = useRef<ReturnType<typeof setTimeout>>();

  const settle = useCallback(() => {
    const node = element.current;
    if (!node) return;
    node.scrollTop = scrollTopAt(now.current, position.current.topPx);
    position.current = { ...position.current, scrollTopPx: node.scrollTop };
  }, [element]);

  const draw = useCallback(() => {
    const node = element.current;
    if (node) setDrawn({ topPx: position.current.topPx, scrollLeftPx: node.scrollLeft });
  }, [element]);

  /** Takes over where the browser has scrolled to. Its event may come later than a timer of ours. */
  const follow = useCallback(() => {
    const node = element.current;
    if (!node || node.scrollTop === position.current.scrollTopPx) return false;
    position.current = scrolled(position.current, now.current, node.scrollTop);
    return true;
  }, [element]);

  const onScroll = useCallback(() => {
    if (follow()) {
      if (mustSettleNow(position.current, now.current)) settle();
      clearTimeout(rest.current);
      rest.current = setTimeout(() => {
        if (!follow()) settle();
      }, REST_MS);
    }
    draw();
  }, [follow, settle, draw]);

  const moveTo = useCallback(
    (topPx: number, scrollLeftPx: number) => {
      position.current = movedTo(now.current, topPx);
      if (element.current) element.current.scrollLeft = scrollLeftPx;
      settle();
      draw();
    },
    [element, settle, draw],
  );

  const started = useRef(false);
  const ready = extent.viewportPx > 0;
  useLayoutEffect(() => {
    if (!ready) return;
    const first = !started.current;
    started.current = true;
    if (first) moveTo(start.topPx, start.scrollLeftPx);
    else if (position.current.topPx > maxTopPx(extent))
      moveTo(maxTopPx(extent), element.current?.scrollLeft ?? 0);
  }, [ready, extent.contentPx, extent.viewportPx]);
  useEffect(() => () => clearTimeout(rest.current), []);

  return { ...drawn, onScroll, moveTo };
}

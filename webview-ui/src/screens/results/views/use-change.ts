import { useEffect, useRef } from 'preact/hooks';

/** Runs `action` after a draw in which `key` has changed, and not after the first. */
export function useChange(key: string, action: () => void): void {
  const last = useRef(key);
  useEffect(() => {
    if (last.current === key) return;
    last.current = key;
    action();
  });
}

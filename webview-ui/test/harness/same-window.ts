import type { Transport } from '../../../extension/contract/channel.ts';

/** What the editor keeps for a view. */
type KeptState = { get: () => unknown; set: (next: unknown) => void };

const NOTHING_KEPT: KeptState = { get: () => null, set: () => undefined };

/**
 * Puts the editor's side of a view into the view's own window; returns the host's end. What one posts is copied and given
 * to the other, as between windows.
 */
export function hostInThisWindow(kept: KeptState = NOTHING_KEPT): Transport {
  const listeners = new Set<(message: unknown) => void>();
  window.acquireVsCodeApi = () => ({
    postMessage: (message: unknown) => {
      const copy: unknown = JSON.parse(JSON.stringify(message));
      setTimeout(() => {
        for (const listener of listeners) listener(copy);
      }, 0);
    },
    getState: kept.get,
    setState: kept.set,
  });
  return {
    post: (message) => window.postMessage(structuredClone(message), '*'),
    listen: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

import type { Transport } from '../../extension/contract/channel.ts';

/** What VS Code gives to a webview, once. */
export type VsCodeApi = {
  readonly postMessage: (message: unknown) => void;
  readonly getState: () => unknown;
  readonly setState: (state: unknown) => void;
};

declare global {
  function acquireVsCodeApi(): VsCodeApi;
}

/** The webview's end of the message port. */
export function webviewTransport(api: VsCodeApi): Transport {
  return {
    post: api.postMessage,
    listen: (listener) => {
      const onMessage = (event: MessageEvent) => listener(event.data);
      window.addEventListener('message', onMessage);
      return () => window.removeEventListener('message', onMessage);
    },
  };
}

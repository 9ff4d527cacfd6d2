import type * as vscode from 'vscode';
import { type Channel, openChannel } from '../../contract/channel.ts';
import type { Handlers, Protocol } from '../../contract/protocol.ts';
import { log } from './log.ts';
import { webviewHtml } from './webview-html.ts';

export type ViewChannelOptions<Mine extends Protocol, Theirs extends Protocol> = {
  /** Folder of the webviews' bundles. */
  folder: vscode.Uri;
  /** The bundle's name, and the page's title for people. */
  name: string;
  title: string;
  mine: Mine;
  theirs: Theirs;
  handlers: Handlers<Theirs>;
};

/** Fills a view with its page, and opens the channel to it; it closes with the view. */
export function openViewChannel<Mine extends Protocol, Theirs extends Protocol>(
  view: Pick<vscode.WebviewView, 'webview' | 'onDidDispose'>,
  { folder, name, title, mine, theirs, handlers }: ViewChannelOptions<Mine, Theirs>,
): Channel<Mine> {
  view.webview.options = { enableScripts: true, localResourceRoots: [folder] };
  const channel = openChannel<Mine, Theirs>({
    transport: {
      post: (message) => void view.webview.postMessage(message),
      listen: (listener) => {
        const stop = view.webview.onDidReceiveMessage(listener);
        return () => stop.dispose();
      },
    },
    mine,
    theirs,
    handlers,
    onMalformed: (error) => log().warn(`a message of the ${name} view was dropped: ${String(error)}`),
  });
  view.onDidDispose(() => channel.dispose());
  view.webview.html = webviewHtml(view.webview, folder, name, title);
  return channel;
}

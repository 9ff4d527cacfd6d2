import * as vscode from 'vscode';
import type { AuthorizationClient, CodeFlow } from '../identity/authorization-client.ts';
import { listenForRedirect } from '../identity/loopback.ts';
import { isLoopback } from '../identity/loopback-host.ts';
import type { Tokens } from '../identity/tokens.ts';

/** Redirects that came in by `vscode://`, for a sign-in that waits for one. */
export class UriRedirects implements vscode.UriHandler {
  readonly #arrived = new vscode.EventEmitter<vscode.Uri>();

  handleUri(uri: vscode.Uri): void {
    this.#arrived.fire(uri);
  }

  next(): Promise<vscode.Uri> {
    return new Promise((resolve) => {
      const stop = this.#arrived.event((uri) => {
        stop.dispose();
        resolve(uri);
      });
    });
  }
}

/**
 * Signs a person in. On a desktop the browser comes back by itself (loopback or URI handler); everywhere
 * else, and when that is left, a code is confirmed on the sign-in page.
 * @throws vscode.CancellationError when the person gives up.
 */
export async function signIn(client: AuthorizationClient, redirects: UriRedirects): Promise<Tokens> {
  if (vscode.env.uiKind === vscode.UIKind.Desktop) {
    const tokens =
      vscode.env.remoteName === undefined ? await byLoopback(client) : await byUriHandler(client, redirects);
    if (tokens !== null) return tokens;
    const useCode = 'Use a Code';
    const chosen = await vscode.window.showInformationMessage(
      'The browser did not come back. You can confirm a short code instead.',
      useCode,
    );
    if (chosen !== useCode) throw new vscode.CancellationError();
  }
  return byDeviceCode(client);
}

async function byDeviceCode(client: AuthorizationClient): Promise<Tokens> {
  const giveUp = new AbortController();
  const flow = await client.device(giveUp.signal);
  const open = 'Copy Code & Open Page';
  const chosen = await vscode.window.showInformationMessage(
    `Your code is ${flow.userCode}`,
    {
      modal: true,
      detail: `Confirm it on ${flow.verificationUri}. It is good for ${Math.round(flow.expiresInS / 60)} minutes.`,
    },
    open,
  );
  if (chosen !== open) throw new vscode.CancellationError();
  await vscode.env.clipboard.writeText(flow.userCode);
  await openPage(flow.verificationUriComplete);
  return withProgress(
    `Waiting for you to confirm ${flow.userCode} on ${flow.verificationUri}`,
    async (token) => {
      token.onCancellationRequested(() => giveUp.abort());
      try {
        return await flow.poll();
      } catch (error) {
        if (giveUp.signal.aborted) throw new vscode.CancellationError();
        throw error;
      }
    },
  );
}

async function byLoopback(client: AuthorizationClient): Promise<Tokens | null> {
  const redirect = await listenForRedirect();
  try {
    const flow = await client.code(redirect.redirectUri);
    return await finishInBrowser(flow, redirect.callback);
  } finally {
    redirect.close();
  }
}

async function byUriHandler(client: AuthorizationClient, redirects: UriRedirects): Promise<Tokens | null> {
  const redirectUri = `${vscode.env.uriScheme}://sluice.sluice/callback`;
  const flow = await client.code(redirectUri);
  return finishInBrowser(
    flow,
    redirects.next().then((uri) => `${redirectUri}?${uri.query}`),
  );
}

/** Null when the person stopped waiting. */
async function finishInBrowser(flow: CodeFlow, callback: Promise<string>): Promise<Tokens | null> {
  await openPage(flow.url);
  return withProgress('Waiting for the sign-in in your browser', async (token) => {
    const left = new Promise<null>((resolve) => token.onCancellationRequested(() => resolve(null)));
    const address = await Promise.race([callback, left]);
    return address === null ? null : flow.finish(address);
  });
}

function withProgress<T>(title: string, task: (token: vscode.CancellationToken) => Promise<T>): Thenable<T> {
  const location = vscode.ProgressLocation.Notification;
  return vscode.window.withProgress({ location, title: `Sluice: ${title}`, cancellable: true }, (_, token) =>
    task(token),
  );
}

/**
 * Opens a page in the person's browser. An editor in the browser sends every loopback address through its own
 * forwarding, also when browser and gateway share a computer and no forwarding is there. Then the address is
 * written with an empty user part, which browsers drop and the forwarding does not recognise.
 */
async function openPage(address: string): Promise<void> {
  const uri = vscode.Uri.parse(address);
  if (vscode.env.uiKind === vscode.UIKind.Web && isLoopback(new URL(address).hostname)) {
    const forwarded = await vscode.env.asExternalUri(uri);
    if (isLoopback(new URL(forwarded.toString(true)).hostname)) {
      await vscode.env.openExternal(uri.with({ authority: `@${uri.authority}` }));
      return;
    }
  }
  await vscode.env.openExternal(uri);
}

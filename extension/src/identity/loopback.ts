import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A listener on loopback that waits for one redirect (RFC 8252 section 7.3). */
export type LoopbackRedirect = { redirectUri: string; callback: Promise<string>; close(): void };

const PAGE = `<!doctype html><meta charset="utf-8"><title>Sluice</title>
<body style="font:16px system-ui;margin:4em"><h1>You can close this page</h1><p>The sign-in continues in the editor.`;

/** Listens on a free port. `callback` resolves with the address the browser came back to. */
export async function listenForRedirect(): Promise<LoopbackRedirect> {
  let redirectUri = '';
  let leave: (error: Error) => void = () => undefined;
  const server = createServer();
  const callback = new Promise<string>((resolve, reject) => {
    leave = reject;
    server.on('request', (request, response) => {
      const url = new URL(request.url ?? '/', redirectUri);
      if (url.pathname !== '/callback') return response.writeHead(404).end();
      const headers = { 'content-type': 'text/html; charset=utf-8', 'cache-control': 'no-store' };
      response.writeHead(200, headers).end(PAGE);
      return resolve(url.href);
    });
  });
  callback.catch(() => undefined);
  await new Promise<void>((listening, failed) => {
    server.once('error', failed);
    server.listen(0, '127.0.0.1', listening);
  });
  redirectUri = `http://127.0.0.1:${(server.address() as AddressInfo).port}/callback`;
  const close = () => {
    server.close();
    server.closeAllConnections();
    leave(new Error('the sign-in was left'));
  };
  return { redirectUri, callback, close };
}

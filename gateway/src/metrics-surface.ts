import { SluiceError } from '../contract/error.ts';
import type { Registry } from './adapters/metrics/registry.ts';
import { metricsHandler } from './adapters/metrics/serve.ts';
import { guard, isLoopback, knownHostNames } from './api/guard.ts';
import { closeHttp, newHttpServer, type ServedCertificate } from './api/server.ts';
import type { ListenAddress } from './config/address.ts';
import type { GatewayConfig } from './config.ts';
import { addressText, listen } from './listen.ts';

export type MetricsSurface = { address: ListenAddress; close(): Promise<void> };

/**
 * Serves `/metrics` on a listener of its own. On loopback it needs nothing; beyond, TLS and a token: what it tells is
 * who works on what, and how much.
 *
 * @throws SluiceError `listen.refused` beyond loopback without a token, or where the address can't be had
 */
export async function openMetrics(
  config: GatewayConfig,
  address: ListenAddress,
  registry: Registry,
  certificate: ServedCertificate,
  hostNames: readonly string[],
  fault: (error: unknown) => void,
): Promise<MetricsSurface> {
  const local = isLoopback(address.host);
  const token = config.metrics.token ?? null;
  if (!local && token === null) {
    throw new SluiceError(
      'listen.refused',
      `listen.metrics is ${addressText(address)}, which is not on loopback, and nobody would have to show a token.`,
      'Set metrics.token, or let listen.metrics be 127.0.0.1.',
    );
  }
  const server = newHttpServer(local ? null : certificate);
  const known = knownHostNames(address.host, hostNames);
  const handle = metricsHandler(registry, token, fault);
  server.removeAllListeners('request');
  server.on('request', (request, response) => {
    try {
      guard(request, known);
    } catch {
      response.writeHead(400).end();
      return;
    }
    handle(request, response);
  });
  const bound = await listen(server, 'metrics', address);
  return { address: bound, close: () => closeHttp(server) };
}

import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { bootSample, type RunningSample } from '../../../sample/boot-sample.ts';
import type { PostgresVersion } from '../../../sample/postgres/binaries.ts';
import { GATEWAY_ROLE } from '../../../sample/shop/seed.ts';
import { removeWritten } from '../../../scripts/test/written.ts';
import { ACCOUNT, bootGateway, type RunningGateway } from './gateway.ts';

/** Where a client connects to, and as whom. */
export type Route = { host: string; port: number; user: string; password: string; database: string };

export type Lab = {
  sample: RunningSample;
  gateway: RunningGateway;
  /** Through the gateway, to a target. */
  through(target: 'scratch' | 'shop' | 'masked'): Route;
  /** Past the gateway, as the role that the gateway itself uses. */
  direct(database: 'scratch' | 'shop'): Route;
  stop(): Promise<void>;
};

const CUSTOMERS = 500;

/** A server with the shop, and a gateway in front of it. */
export async function bootLab(options: { version?: PostgresVersion } = {}): Promise<Lab> {
  const folder = mkdtempSync(join(tmpdir(), 'sluice-interop-'));
  const sample = await bootSample({ version: options.version ?? 18, customers: CUSTOMERS });
  const gateway = await bootGateway(folder, [
    { name: 'scratch', url: sample.gatewayUrl('scratch') },
    { name: 'shop', url: sample.gatewayUrl('shop') },
    { name: 'masked', url: sample.gatewayUrl('shop') },
  ]).catch(async (error: unknown) => {
    await sample.stop();
    throw error;
  });
  const { host, port } = sample.postgres;
  return {
    sample,
    gateway,
    through: (database) => ({ host: gateway.host, port: gateway.port, ...ACCOUNT, database }),
    direct: (database) => ({ host, port, user: GATEWAY_ROLE, password: sample.gatewayPassword, database }),
    async stop() {
      await gateway.stop();
      await sample.stop();
      removeWritten(folder);
    },
  };
}

export function urlOf({ host, port, user, password, database }: Route): string {
  return `postgres://${user}:${password}@${host}:${port}/${database}`;
}

import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import * as z from 'zod';
import { BundledGateway } from './bundled-gateway.ts';
import type { GatewaySource } from './connection.ts';
import { HttpClient } from './http-client.ts';

export type BundledSourceOptions = {
  program: string;
  /** Configuration file, or empty for the gateway's own defaults. */
  configFile: string;
  /** A private folder that every window of this person shares. */
  folder: string;
  log: (line: string) => void;
};

const Shared = z.object({ url: z.url() });

/** The gateway that comes with the extension: one for all windows, run by the first that needs it. */
export function bundledSource(options: BundledSourceOptions): GatewaySource {
  const sharedFile = join(options.folder, 'gateway.json');
  let gateway: BundledGateway | null = null;
  let isOurs = false;
  return {
    start: (onUrl, onLost) => {
      gateway = new BundledGateway({
        program: options.program,
        args: options.configFile === '' ? [] : ['--config', options.configFile],
        cwd: options.folder,
        env: {},
        log: options.log,
        adopt: () => answering(sharedFile),
        onListening: (url, own) => {
          isOurs = own;
          if (own) void writeFile(sharedFile, JSON.stringify({ url }), { mode: 0o600 });
          onUrl(url);
        },
        onLost,
      });
      gateway.start();
    },
    stop: async () => {
      if (isOurs) await rm(sharedFile, { force: true });
      await gateway?.stop();
    },
  };
}

/** The address in the shared file, when a gateway answers there. */
async function answering(sharedFile: string): Promise<string | null> {
  const text = await readFile(sharedFile, 'utf8').catch(() => null);
  if (text === null) return null;
  const { url } = Shared.parse(JSON.parse(text));
  await new HttpClient({ url, token: async () => null, timeoutMs: 2_000 }).ask('hello');
  return url;
}

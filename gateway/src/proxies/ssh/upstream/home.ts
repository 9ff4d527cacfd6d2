import type { Client } from 'ssh2';

const MAX_PATH_BYTES = 4096;

/** Where an account's shell begins, as its `pwd` tells; null when it doesn't. */
export function homeOf(upstream: Client): Promise<string | null> {
  return new Promise((resolve) => {
    upstream.exec('pwd', (error, channel) => {
      if (error !== undefined) return resolve(null);
      let told = '';
      channel.on('data', (chunk: Buffer) => {
        if (told.length <= MAX_PATH_BYTES) told += chunk.toString();
      });
      channel.once('close', () => {
        const path = told.trimEnd();
        resolve(/^\/[^\n]*$/.test(path) && path.length <= MAX_PATH_BYTES ? path : null);
      });
    });
  });
}

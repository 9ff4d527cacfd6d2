import { statfsSync } from 'node:fs';
import { createServer } from 'node:net';
import type { StartOptions } from './options.ts';

const NEEDED_DISK_MB = 600;

const portFlags = {
  httpPort: ['http-port', "the gateway's API"],
  postgresPort: ['postgres-port', 'the gateway for PostgreSQL clients'],
  databasePort: ['database-port', 'the sample database'],
  editorPort: ['editor-port', 'the editor'],
} as const;

/** Looks before anything starts. Throws an Error whose message says what to do. */
export async function checkMachine(options: StartOptions, folder: string): Promise<void> {
  const disk = statfsSync(folder);
  const freeMb = Math.floor((disk.bavail * disk.bsize) / 1024 / 1024);
  if (freeMb < NEEDED_DISK_MB) {
    throw new Error(
      `There are ${freeMb} MB free on the disk of ${folder}; free ${NEEDED_DISK_MB} MB and start again.`,
    );
  }
  for (const [name, [flag, what]] of Object.entries(portFlags)) {
    if (name === 'editorPort' && !options.editor) continue;
    const port = options[name as keyof typeof portFlags];
    if (!(await isFree(port))) {
      throw new Error(
        `Port ${port} for ${what} is in use; stop what listens there (perhaps another npm start), or choose another: npm start -- --${flag} ${port + 1}`,
      );
    }
  }
}

function isFree(port: number): Promise<boolean> {
  return new Promise((settle) => {
    const probe = createServer().once('error', () => settle(false));
    probe.listen(port, '127.0.0.1', () => probe.close(() => settle(true)));
  });
}

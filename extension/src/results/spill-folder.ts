import { chmod, mkdir, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';

/** Makes this process's private folder for rows under `base`, and removes those of processes that are gone. */
export async function openSpillFolder(base: string, pid: number = process.pid): Promise<string> {
  await mkdir(base, { recursive: true, mode: 0o700 });
  for (const name of await readdir(base)) {
    if (name === String(pid) || !isAlive(Number(name)))
      await rm(join(base, name), { recursive: true, force: true });
  }
  const folder = join(base, String(pid));
  await mkdir(folder, { recursive: true, mode: 0o700 });
  await chmod(folder, 0o700);
  return folder;
}

function isAlive(pid: number): boolean {
  if (!Number.isInteger(pid) || pid <= 0) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}

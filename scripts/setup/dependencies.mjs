// Brings node_modules in line with package-lock.json. Runs on Node 20 with nothing installed.
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, statfsSync } from 'node:fs';
import { join } from 'node:path';

const NEEDED_DISK_MB = 1500;

/** True when npm's own account of node_modules equals the lock file (packages for other platforms apart). */
export function dependenciesInstalled(root) {
  const installedFile = join(root, 'node_modules', '.package-lock.json');
  if (!existsSync(installedFile)) return false;
  if (!existsSync(join(root, 'node_modules', '.bin', 'node'))) return false;
  const wanted = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')).packages;
  const installed = JSON.parse(readFileSync(installedFile, 'utf8')).packages;
  return Object.entries(wanted).every(
    ([path, { version, optional }]) => path === '' || optional || installed[path]?.version === version,
  );
}

/** Runs `npm ci` when it is needed. Returns a sentence that says what to do when it cannot, else null. */
export function installDependencies(root) {
  if (dependenciesInstalled(root)) return null;
  const freeMb = freeDiskMb(root);
  if (freeMb < NEEDED_DISK_MB) {
    return `There are ${freeMb} MB free on the disk of ${root}; free ${NEEDED_DISK_MB} MB and run this again.`;
  }
  console.log('Installing dependencies from the npm registry …');
  // npm describes itself in npm_execpath; without it (plain `node scripts/…`) the one on the PATH serves.
  const npm = process.env.npm_execpath?.endsWith('.js')
    ? [process.execPath, process.env.npm_execpath]
    : ['npm'];
  const [command, ...before] = npm;
  const done = spawnSync(
    command,
    [...before, 'ci', '--no-audit', '--no-fund', '--loglevel=error', '--ignore-scripts=false'],
    {
      cwd: root,
      // Without Node's headers nothing native is built: libraries that could do with less do without.
      env: { ...process.env, npm_config_nodedir: '/nonexistent' },
      encoding: 'utf8',
      stdio: ['ignore', 'inherit', 'pipe'],
      maxBuffer: 64 * 1024 * 1024,
    },
  );
  if (done.status === 0) return null;
  return installFailure(done.stderr ?? '', done.error);
}

function installFailure(stderr, error) {
  if (error?.code === 'ENOENT') return 'npm is not on the PATH; install Node 20 with npm and run this again.';
  if (/ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ETIMEDOUT|ENETUNREACH|ECONNRESET/.test(stderr)) {
    return 'The npm registry cannot be reached; check the network (or `npm config get registry`) and run this again.';
  }
  if (/ENOSPC/.test(stderr)) return 'The disk is full; free 1.5 GB and run this again.';
  if (/EACCES|EPERM/.test(stderr)) {
    return 'This user may not write to node_modules; take over the folder (chown) or use a clone of your own.';
  }
  process.stderr.write(stderr);
  return '`npm ci` failed; its last lines are above. Remove node_modules and run this again.';
}

function freeDiskMb(path) {
  const disk = statfsSync(path);
  return Math.floor((disk.bavail * disk.bsize) / 1024 / 1024);
}

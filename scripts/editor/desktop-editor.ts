import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { spawnGuarded } from '../processes/guarded.ts';
import { superviseChild } from '../processes/supervise.ts';
import type { EditorOptions, OpenEditor } from './open-editor.ts';

/**
 * Opens a desktop editor of the VS Code family with its own profile: the person's settings and extensions are
 * neither read nor changed. Throws an Error when the extension cannot be installed.
 */
export function openDesktopEditor(program: string, options: EditorOptions): OpenEditor {
  const userDir = join(options.stateDir, 'desktop-user');
  mkdirSync(join(userDir, 'User'), { recursive: true });
  writeFileSync(join(userDir, 'User', 'settings.json'), JSON.stringify(options.settings, null, 2));
  const profile = [
    ...['--user-data-dir', userDir],
    ...['--extensions-dir', join(options.stateDir, 'desktop-extensions')],
    ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
  ];
  const installed = spawnSync(program, [...profile, '--install-extension', options.vsix, '--force'], {
    encoding: 'utf8',
  });
  if (installed.status !== 0) {
    throw new Error(`${program} does not take the extension:\n${installed.stderr}`);
  }
  const child = spawnGuarded([program, ...profile, '--new-window', '--wait', options.workspace]);
  const running = superviseChild(program, child, options.log);
  return {
    ...running,
    address: `The window of ${program} has the shop's SQL files open.`,
    async stop() {
      // The window is a process of its own that left our group; its lock file names it.
      stopWindow(join(userDir, 'code.lock'));
      await running.stop();
    },
  };
}

function stopWindow(lockFile: string): void {
  if (!existsSync(lockFile)) return;
  const pid = Number(readFileSync(lockFile, 'utf8'));
  if (!Number.isInteger(pid) || pid <= 1) return;
  try {
    process.kill(pid, 'SIGTERM');
  } catch {
    // It has been closed already.
  }
}

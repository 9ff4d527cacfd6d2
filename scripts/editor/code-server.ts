import { spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { spawnGuarded } from '../processes/guarded.ts';
import { type Running, superviseChild } from '../processes/supervise.ts';
import { cacheFolder } from '../setup/cache-folder.ts';

/** VS Code 1.139.1's workbench and extension host, from the npm registry. */
export const CODE_SERVER_VERSION = '4.139.1';

const NEEDED_DISK_MB = 1200;

export type CodeServerOptions = {
  port: number;
  /** Settings, extensions and state live here; kept between starts. */
  stateDir: string;
  /** Extensions to install before the start. */
  vsix?: readonly string[];
  settings?: Readonly<Record<string, unknown>>;
  /** Lets a page run test suites inside the extension host. Consent dialogs are refused with it. */
  smokeTestDriver?: boolean;
  env?: Readonly<Record<string, string>>;
  /** Every line that the editor prints. */
  log?: (line: string) => void;
  /** Progress, for people. */
  say?: (line: string) => void;
};

export type RunningCodeServer = Running & {
  port: number;
  /** Opens `folder`; the token in it lets this browser in. */
  address(folder: string, more?: Readonly<Record<string, string>>): string;
};

const baseSettings = {
  'workbench.startupEditor': 'none',
  'workbench.secondarySideBar.defaultVisibility': 'hidden',
  'extensions.autoUpdate': false,
  'extensions.autoCheckUpdates': false,
  'chat.disableAIFeatures': true,
  'terminal.integrated.gpuAcceleration': 'off',
  'git.openRepositoryInParentFolders': 'never',
  'remote.autoForwardPorts': false,
  'telemetry.telemetryLevel': 'off',
  'update.mode': 'none',
};

/** The server's entry script, installed into the cache folder on first use (a minute, 700 MB). */
export function installCodeServer(say: (line: string) => void): string {
  const home = join(cacheFolder(), `code-server-${CODE_SERVER_VERSION}`);
  const entry = join(home, 'node_modules/code-server/lib/vscode/out/server-main.js');
  if (existsSync(entry)) return entry;
  say(`Installing code-server ${CODE_SERVER_VERSION} (VS Code in the browser) into ${home} …`);
  mkdirSync(cacheFolder(), { recursive: true });
  const unfinished = mkdtempSync(join(cacheFolder(), 'code-server-'));
  try {
    writeFileSync(join(unfinished, 'package.json'), '{"private":true}');
    npm(unfinished, ['install', `code-server@${CODE_SERVER_VERSION}`]);
    npm(join(unfinished, 'node_modules/code-server/lib/vscode'), ['install', '--omit=dev']);
    if (!existsSync(entry)) renameSync(unfinished, home);
  } finally {
    rmSync(unfinished, { recursive: true, force: true });
  }
  return entry;
}

/** Starts code-server on 127.0.0.1. Throws an Error that says what to do. */
export async function startCodeServer(options: CodeServerOptions): Promise<RunningCodeServer> {
  const { port, stateDir, vsix = [], log = () => undefined, say = () => undefined } = options;
  const entry = installCodeServer(say);
  const folders = [
    ['--server-data-dir', join(stateDir, 'server')],
    ['--user-data-dir', join(stateDir, 'user')],
    ['--extensions-dir', join(stateDir, 'extensions')],
  ].flat();
  const env = serverEnvironment(stateDir, options.env);
  const settings = JSON.stringify({ ...baseSettings, ...options.settings }, null, 2);
  for (const folder of ['server/data/Machine', 'user/Machine']) {
    mkdirSync(join(stateDir, folder), { recursive: true });
    writeFileSync(join(stateDir, folder, 'settings.json'), settings);
  }
  for (const file of vsix) installExtension(entry, folders, env, file);
  // Hexadecimal: a word that began with "-" would be read as an option.
  const token = randomBytes(18).toString('hex');
  const child = spawnGuarded(
    [
      process.execPath,
      entry,
      ...folders,
      ...['--host', '127.0.0.1', '--port', String(port), '--connection-token', token],
      '--accept-server-license-terms',
      '--disable-telemetry',
      '--disable-workspace-trust',
      ...(options.smokeTestDriver ? ['--enable-smoke-test-driver'] : []),
    ],
    { cwd: stateDir, env },
  );
  const running = superviseChild('the editor', child, log);
  await running.saying(/Extension host agent listening|Web UI available/, {
    timeoutMs: 60_000,
    explain: (words) =>
      /EADDRINUSE/.test(words)
        ? `Port ${port} is in use; stop what listens there, or choose another with --editor-port.`
        : `The editor does not start. Its last words:\n${words}`,
  });
  return {
    ...running,
    port,
    address: (folder, more = {}) =>
      `http://127.0.0.1:${port}/?${new URLSearchParams({ tkn: token, folder, ...more })}`,
  };
}

function installExtension(
  entry: string,
  folders: readonly string[],
  env: NodeJS.ProcessEnv,
  vsix: string,
): void {
  const done = spawnSync(process.execPath, [entry, ...folders, '--install-extension', vsix, '--force'], {
    env,
    encoding: 'utf8',
  });
  if (done.status !== 0) throw new Error(`${vsix} cannot be installed into the editor:\n${done.stderr}`);
}

/** A home of its own: nothing of the person's editor is read or written, and no extension gallery is asked. */
function serverEnvironment(stateDir: string, more: Readonly<Record<string, string>> = {}): NodeJS.ProcessEnv {
  const home = join(stateDir, 'home');
  mkdirSync(home, { recursive: true });
  return {
    ...process.env,
    HOME: home,
    XDG_RUNTIME_DIR: home,
    EXTENSIONS_GALLERY: '{"serviceUrl":"","itemUrl":"","resourceUrlTemplate":"","controlUrl":""}',
    ...more,
  };
}

function npm(cwd: string, args: readonly string[]): void {
  const flags = ['--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'];
  const done = spawnSync('npm', [...args, ...flags], {
    cwd,
    encoding: 'utf8',
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  if (done.status === 0) return;
  const words = done.stderr ?? String(done.error);
  if (/ENOSPC/.test(words))
    throw new Error(`The disk is full; the editor needs ${NEEDED_DISK_MB} MB. Free some and start again.`);
  if (/ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ETIMEDOUT|ENETUNREACH/.test(words)) {
    throw new Error(
      'The npm registry cannot be reached, so the editor cannot be installed; check the network, or start with --no-editor.',
    );
  }
  throw new Error(`The editor cannot be installed:\n${words}`);
}

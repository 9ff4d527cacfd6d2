// Every script's way in: set up what is missing, then go on in TypeScript under the Node 24 of node_modules.
import { spawn } from 'node:child_process';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { installDependencies } from './dependencies.mjs';

const PARENT_CHECK_MS = 500;

const root = resolve(dirname(fileURLToPath(import.meta.url)), '../..');

/**
 * Installs dependencies when needed, then runs `scripts/<main>` with this process's arguments, hands signals on
 * to it, and ends as it ends.
 */
export function launch(main, args = process.argv.slice(2)) {
  if (Number(process.versions.node.split('.')[0]) < 20) {
    fail(`Node ${process.versions.node} is too old; install Node 20 or newer and run this again.`);
  }
  const failure = installDependencies(root);
  if (failure) fail(failure);
  const node = join(root, 'node_modules', '.bin', 'node');
  const child = spawn(node, ['--disable-warning=ExperimentalWarning', join(root, main), ...args], {
    stdio: 'inherit',
    env: { ...process.env, PATH: `${join(root, 'node_modules', '.bin')}:${process.env.PATH ?? ''}` },
  });
  // A terminal's Ctrl-C reaches the child by itself; what is sent to this process alone is handed on.
  process.on('SIGINT', () => {});
  for (const signal of ['SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
  // npm runs scripts through a shell, which hands no signal on when it is ended: its death is noticed instead.
  const parent = process.ppid;
  setInterval(() => process.ppid !== parent && child.kill('SIGTERM'), PARENT_CHECK_MS).unref();
  child.on('error', (error) =>
    fail(`Node 24 does not start (${error.message}); remove node_modules and run this again.`),
  );
  child.on('exit', (code, signal) => process.exit(signal ? 1 : (code ?? 1)));
}

function fail(sentence) {
  console.error(sentence);
  process.exit(1);
}

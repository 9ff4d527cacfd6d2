import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { findProgram } from '../../../scripts/setup/system-packages.ts';

export type End = { code: number | null; stdout: string; stderr: string };

/** Runs one of OpenSSH's programs to its end, without the machine's own keys, agent and settings. */
export async function run(program: string, args: readonly string[], stdin = ''): Promise<End> {
  const file = findProgram(program);
  if (file === null) throw new Error(`${program} is missing; on Debian: apt-get install openssh-server`);
  const child = spawn(file, args, {
    env: { PATH: process.env.PATH, TZ: 'UTC', LC_ALL: 'C.UTF-8', HOME: '/nonexistent' },
    stdio: 'pipe',
  });
  const end = { stdout: '', stderr: '' };
  child.stdout.on('data', (chunk: Buffer) => {
    end.stdout += chunk.toString();
  });
  child.stderr.on('data', (chunk: Buffer) => {
    end.stderr += chunk.toString();
  });
  child.stdin.on('error', () => undefined);
  child.stdin.end(stdin);
  await once(child, 'close');
  return { code: child.exitCode, ...end };
}

/** The same, and what it printed; it must succeed. */
export async function succeed(program: string, args: readonly string[], stdin = ''): Promise<string> {
  const { code, stdout, stderr } = await run(program, args, stdin);
  if (code !== 0) throw new Error(`${program} ${args.join(' ')} ended with ${code}:\n${stderr}`);
  return stdout;
}

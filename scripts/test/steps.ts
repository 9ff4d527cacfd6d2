import type { Need } from '../setup/system-packages.ts';

/** One step of `npm test`: either a command that passes or fails, or files for Node's test runner. */
export type Step = {
  name: string;
  /** What the step cannot do without; missing, it is skipped aloud (and fails under CI). */
  needs: readonly Need[];
  /** Environment variables of this step alone. */
  env?: Readonly<Record<string, string>>;
} & (
  | { kind: 'command'; argv: readonly [string, ...string[]] }
  | { kind: 'tests'; globs: readonly string[]; parallel: number; timeoutMs: number }
);

const FUZZ_SECONDS = 60;

function tests(
  name: string,
  globs: readonly string[],
  {
    needs = [],
    parallel = 2,
    timeoutMs = 300_000,
  }: { needs?: Need[]; parallel?: number; timeoutMs?: number } = {},
): Step {
  return { kind: 'tests', name, needs, globs, parallel, timeoutMs };
}

const fuzz: Step = {
  kind: 'command',
  name: 'fuzz',
  needs: [],
  argv: ['node', 'scripts/fuzz-wire.ts', '--seconds', String(FUZZ_SECONDS)],
};

/**
 * In the order of `npm test`: the quick ones first, so that a slip is told within seconds. Those in a list do one thing
 * after another, and run side by side.
 */
export const rounds: ReadonlyArray<Step | readonly Step[]> = [
  { kind: 'command', name: 'types', needs: [], argv: ['tsc', '-p', '.'] },
  { kind: 'command', name: 'types-webview', needs: [], argv: ['tsc', '-p', 'webview-ui'] },
  { kind: 'command', name: 'lint', needs: [], argv: ['biome', 'ci', '.'] },
  { kind: 'command', name: 'build', needs: [], argv: ['node', 'esbuild.mjs'] },
  tests('package', ['test/package/**/*.test.ts']),
  tests('house', ['test/house/**/*.test.ts']),
  tests('unit', [
    'gateway/contract/**/*.test.ts',
    'gateway/src/*.test.ts',
    'gateway/src/{adapters,api,cli,core,recorded,shell,sql,terminal}/**/*.test.ts',
    'extension/**/*.test.ts',
    'webview-ui/src/**/*.test.ts',
    'sample/**/*.test.ts',
    'scripts/**/*.test.ts',
  ]),
  tests('webview', ['webview-ui/test/**/*.test.ts'], { needs: ['chromium'] }),
  tests('laws', ['test/laws/**/*.test.ts']),
  tests('corpus', ['test/corpus/**/*.test.ts'], { timeoutMs: 600_000 }),
  [
    tests('ordinary', ['test/ordinary/**/*.test.ts'], { parallel: 1, timeoutMs: 1_800_000 }),
    tests('regression', ['test/regression/**/*.test.ts'], { timeoutMs: 3_600_000 }),
    fuzz,
  ],
  tests('noninterference', ['test/noninterference/**/*.test.ts'], { parallel: 1, timeoutMs: 1_800_000 }),
  tests('wire', ['gateway/src/{wire,proxies}/**/*.test.ts', 'test/wire/**/*.test.ts']),
  tests('openssh', ['test/openssh/**/*.test.ts'], { needs: ['ssh', 'ssh-keygen', 'sshd'] }),
  tests('ssh', ['test/ssh/**/*.test.ts'], {
    needs: ['ssh', 'ssh-keygen', 'sshd', 'vi', 'top', 'less', 'git', 'rsync'],
    // They wait for each other's clients more than they work.
    parallel: 4,
  }),
  tests('gateway', ['test/gateway/**/*.test.ts']),
  tests('interop', ['test/interop/**/*.test.ts'], { needs: ['psql', 'pgbench'], timeoutMs: 600_000 }),
  tests('e2e', ['test/e2e/**/*.e2e.ts'], {
    needs: ['chromium', 'psql', 'ssh-keygen', 'sshd', 'vi', 'top'],
    parallel: 1,
    timeoutMs: 900_000,
  }),
  // The last: it looks into everything that gateways and editors of the steps before it wrote.
  tests('secrets', ['test/secrets/**/*.test.ts'], { parallel: 1 }),
];

/** Every bundle of Sluice in one table. `node esbuild.mjs [--watch] [--quiet]`; sizes are printed in KB. */
import { copyFileSync, existsSync, mkdirSync, rmSync, statSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { context } from 'esbuild';

const root = dirname(fileURLToPath(import.meta.url));
const watch = process.argv.includes('--watch');
const quiet = process.argv.includes('--quiet');

const node = { platform: 'node', target: 'node24', bundle: true, minify: true, sourcemap: watch };
const cjs = { ...node, format: 'cjs', outExtension: { '.js': '.cjs' } };
/** CommonJS libraries inside an ES module ask for `require` and `__dirname`, which ES modules lack. */
const requireForCommonJs =
  "import { createRequire as createRequireForBundle } from 'node:module'; const require = createRequireForBundle(import.meta.url); const bundleFolder = import.meta.dirname;";
const esm = {
  ...node,
  format: 'esm',
  outExtension: { '.js': '.mjs' },
  banner: { js: requireForCommonJs },
  define: { __dirname: 'bundleFolder' },
  // oidc-provider finds the lifetime of a token by its class name.
  keepNames: true,
  // The whole gateway is one file: its version and texts are compiled in.
  loader: { '.sql': 'text', '.html': 'text', '.css': 'text' },
};

const bundles = [
  {
    // VS Code's extension host: one file to start, the rest loaded when first needed (extension/src/lazy.ts).
    name: 'extension',
    ...cjs,
    // The oldest VS Code that package.json allows runs Node 20.
    target: 'node20',
    external: ['vscode'],
    entryPoints: {
      extension: 'extension/src/extension.ts',
      oauth: 'extension/src/identity/oauth.ts',
      'policy-language': 'extension/src/policy-language/bundle.ts',
      'sql-outline': 'extension/src/sql/outline-bundle.ts',
    },
    outdir: 'dist/extension',
    copies: {
      'docs/policy.schema.json': 'dist/extension/policy.schema.json',
      'docs/policy-test.schema.json': 'dist/extension/expectations.schema.json',
    },
  },
  {
    name: 'gateway',
    ...esm,
    // Native parts of ssh2, which does without them.
    external: ['cpu-features', '*/sshcrypto.node'],
    entryPoints: {
      sluice: 'gateway/src/cli/sluice.ts',
      'exports-worker': 'gateway/src/adapters/exports/exports-worker.ts',
      'store-worker': 'gateway/src/adapters/store/store-worker.ts',
      'scan-thread': 'gateway/src/core/detectors/thread/thread.ts',
      'policy-drafts': 'gateway/src/policy-drafts/thread.ts',
    },
    outdir: 'dist/gateway',
    copies: {
      'node_modules/web-tree-sitter/web-tree-sitter.wasm': 'dist/gateway/web-tree-sitter.wasm',
      'node_modules/tree-sitter-bash/tree-sitter-bash.wasm': 'dist/gateway/tree-sitter-bash.wasm',
    },
  },
  {
    name: 'approval page',
    bundle: true,
    minify: true,
    sourcemap: watch,
    platform: 'browser',
    target: 'es2023',
    format: 'esm',
    entryPoints: { 'approval-page': 'webview-ui/src/approval-page/main.ts' },
    outdir: 'dist/gateway',
  },
  {
    // CommonJS, because libpg-query finds its wasm file beside itself by __dirname.
    name: 'sql worker',
    ...cjs,
    entryPoints: {
      'sql-worker': 'gateway/src/sql/postgres/worker.ts',
      'target-commands': 'gateway/src/cli/target.ts',
    },
    outdir: 'dist/gateway',
    copies: { 'node_modules/libpg-query/wasm/libpg-query.wasm': 'dist/gateway/libpg-query.wasm' },
  },
  {
    name: 'webview',
    bundle: true,
    minify: true,
    sourcemap: watch,
    platform: 'browser',
    target: 'es2023',
    format: 'esm',
    splitting: true,
    chunkNames: 'chunks/[name]-[hash]',
    jsx: 'automatic',
    jsxImportSource: 'preact',
    legalComments: 'none',
    entryPoints: {
      approvals: 'webview-ui/src/screens/approvals/main.tsx',
      'policy-replay': 'webview-ui/src/screens/policy-replay/main.tsx',
      replay: 'webview-ui/src/screens/replay/main.tsx',
      results: 'webview-ui/src/screens/results/main.tsx',
    },
    outdir: 'dist/webview',
  },
  {
    // Mocha suites that run inside the extension host (test/e2e/in-host); never packaged.
    name: 'in-host tests',
    ...cjs,
    target: 'node20',
    minify: false,
    external: ['vscode', 'mocha'],
    entryPoints: { index: 'extension/test/index.ts' },
    outdir: 'dist/test',
  },
];

if (!watch) rmSync(join(root, 'dist'), { recursive: true, force: true });
const running = await Promise.all(bundles.filter(hasEntries).map(build));
if (!watch) await Promise.all(running.map((one) => one.dispose()));

async function build({ name, copies = {}, ...options }) {
  const one = await context({
    absWorkingDir: root,
    logLevel: 'warning',
    metafile: true,
    define: { 'process.env.NODE_ENV': '"production"' },
    ...options,
    plugins: [reportSizes(name)],
  });
  for (const [from, to] of Object.entries(copies)) {
    mkdirSync(dirname(join(root, to)), { recursive: true });
    copyFileSync(join(root, from), join(root, to));
  }
  if (watch) await one.watch();
  else await one.rebuild().catch(() => process.exit(1));
  return one;
}

/** A room whose entry isn't written yet is left out aloud. */
function hasEntries({ name, entryPoints }) {
  const missing = Object.values(entryPoints).filter((file) => !existsSync(join(root, file)));
  if (missing.length > 0) console.log(`left out ${name}: ${missing.join(', ')} is not there`);
  return missing.length === 0;
}

function reportSizes(name) {
  return {
    name: 'report-sizes',
    setup(build) {
      build.onEnd(({ metafile, errors }) => {
        if (quiet || errors.length > 0 || !metafile) return;
        const sizes = Object.keys(metafile.outputs)
          .filter((file) => !file.endsWith('.map'))
          .map((file) => `${basename(file)} ${Math.ceil(statSync(join(root, file)).size / 1024)}`);
        console.log(`built ${name}: ${sizes.join(', ')} KB`);
      });
    },
  };
}

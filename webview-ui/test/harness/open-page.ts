import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'esbuild';
import type { Browser, Page } from 'playwright-core';
import { launchChromium } from '../../../scripts/setup/chromium.ts';
import { bodyClass, type ThemeName, themeCss } from './themes.ts';

const root = join(import.meta.dirname, '../../..');
const outdir = process.env.SLUICE_WEBVIEW_OUT ?? join(root, 'test-results/webview');
const NONCE = 'bm9uY2UtZm9yLXRlc3Rz';

/** The style sheet that VS Code puts before every webview's own, as far as it touches what is used here. */
const DEFAULT_CSS = `
html { scrollbar-color: var(--vscode-scrollbarSlider-background) var(--vscode-editor-background); }
body { background-color: transparent; color: var(--vscode-editor-foreground); margin: 0; padding: 0 20px; }
code { color: #d0d0d0; background-color: #3c3c3c; padding: 1px 3px; border-radius: 4px; }
kbd { border: 1px solid #777; background-color: #444; box-shadow: inset 0 -1px 0 #000; padding: 1px 3px; }
::-webkit-scrollbar { width: 10px; height: 10px; }
`;

const SCREENS = ['results', 'approvals', 'policy-replay'] as const;
export type ScreenName = (typeof SCREENS)[number];

export type PageOptions = {
  readonly screen?: ScreenName;
  readonly scenario: string;
  readonly theme?: ThemeName;
  readonly width?: number;
  readonly height?: number;
  /** How long the host takes for each answer. */
  readonly delayMs?: number;
  readonly forcedColors?: boolean;
  readonly reducedMotion?: boolean;
};

export type OpenPage = { readonly page: Page; readonly problems: string[] };
export type Harness = {
  readonly open: (options: PageOptions) => Promise<OpenPage>;
  /** Writes a picture to look at; returns where. */
  readonly shoot: (page: Page, name: string) => Promise<string>;
  readonly close: () => Promise<void>;
};

/** Builds the bundle as it ships, serves it under the extension's own policy, and opens it in Chromium. */
export async function startHarness(): Promise<Harness> {
  const bundled = await mkdtemp(join(tmpdir(), 'sluice-webview-'));
  await bundle(bundled);
  const server = createServer(async (request, response) => {
    const { pathname, searchParams } = new URL(request.url ?? '/', 'http://127.0.0.1');
    if (pathname === '/') {
      response.setHeader('content-type', 'text/html; charset=utf-8');
      const screen = SCREENS.find((name) => name === searchParams.get('screen')) ?? 'results';
      response.end(html(screen, searchParams.get('theme') ?? 'dark'));
      return;
    }
    const file = join(bundled, pathname.replaceAll('..', ''));
    if (!existsSync(file)) return void response.writeHead(404).end();
    response.setHeader('content-type', file.endsWith('.css') ? 'text/css' : 'text/javascript');
    response.end(await readFile(file));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const browser = await launchChromium();
  return {
    open: (options) => open(browser, port, options),
    shoot: async (page, name) => {
      const path = join(outdir, `${name}.png`);
      await page.screenshot({ path });
      return path;
    },
    close: async () => {
      await browser.close();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      await rm(bundled, { recursive: true });
    },
  };
}

async function open(browser: Browser, port: number, options: PageOptions): Promise<OpenPage> {
  const { screen = 'results', scenario, theme = 'dark', width = 1100, height = 420, delayMs = 0 } = options;
  const context = await browser.newContext({
    viewport: { width, height },
    forcedColors: options.forcedColors ? 'active' : 'none',
    reducedMotion: options.reducedMotion ? 'reduce' : 'no-preference',
  });
  const page = await context.newPage();
  const problems: string[] = [];
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') problems.push(message.text());
  });
  page.on('pageerror', (error) => problems.push(error.message));
  const query = new URLSearchParams({ screen, scenario, theme, delay: String(delayMs) });
  await page.goto(`http://127.0.0.1:${port}/?${query}`);
  await page.waitForSelector('.run-bar, .empty-state, .requests, .nothing, .asking, .summary');
  return { page, problems };
}

async function bundle(into: string): Promise<void> {
  const shared = { bundle: true, absWorkingDir: root, logLevel: 'warning', target: 'es2023' } as const;
  await build({
    ...shared,
    minify: true,
    format: 'esm',
    splitting: true,
    chunkNames: 'chunks/[name]-[hash]',
    jsx: 'automatic',
    jsxImportSource: 'preact',
    entryPoints: {
      approvals: 'webview-ui/src/screens/approvals/main.tsx',
      'policy-replay': 'webview-ui/src/screens/policy-replay/main.tsx',
      results: 'webview-ui/src/screens/results/main.tsx',
    },
    outdir: into,
  });
  await build({
    ...shared,
    format: 'iife',
    entryPoints: {
      'approvals-host': 'webview-ui/test/harness/approvals-host.ts',
      'policy-replay-host': 'webview-ui/test/harness/policy-replay-host.ts',
      'results-host': 'webview-ui/test/harness/host.ts',
    },
    outdir: into,
  });
}

function isTheme(name: string): name is ThemeName {
  return ['dark', 'light', 'high-contrast', 'high-contrast-light'].includes(name);
}

/** The extension's page (extension/src/ui/webview-html.ts), with a theme and a host that VS Code would bring. */
function html(screen: ScreenName, themeName: string): string {
  const theme = isTheme(themeName) ? themeName : 'dark';
  const policy = [
    "default-src 'none'",
    `script-src 'nonce-${NONCE}' 'self'`,
    `style-src 'nonce-${NONCE}' 'self'`,
    "img-src 'self' data:",
  ].join('; ');
  return `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta property="csp-nonce" content="${NONCE}">
<style nonce="${NONCE}">${DEFAULT_CSS} ${themeCss(theme)}</style>
<link rel="stylesheet" nonce="${NONCE}" href="/${screen}.css">
<link rel="icon" href="data:,">
<title>${screen}</title>
</head>
<body class="${bodyClass(theme)}">
<div id="root"></div>
<script nonce="${NONCE}" src="/${screen}-host.js"></script>
<script type="module" nonce="${NONCE}" src="/${screen}.js"></script>
</body>
</html>`;
}

import { createHash } from 'node:crypto';
import type { ServerResponse } from 'node:http';

const STYLE = `
:root { color-scheme: light dark; --ink: #1d2733; --soft: #5a6775; --ground: #f3f5f7; --card: #fff; --line: #d6dce2; --accent: #0b6bcb; --on-accent: #fff; --warn: #8a4b00; --warn-ground: #fff4e0; }
@media (prefers-color-scheme: dark) { :root { --ink: #e8edf2; --soft: #a3b0bd; --ground: #14181d; --card: #1e242b; --line: #39434e; --accent: #6cb2ff; --on-accent: #0b1a2b; --warn: #ffcf8a; --warn-ground: #33270f; } }
* { box-sizing: border-box; }
body { margin: 0; min-height: 100vh; display: grid; place-items: center; padding: 1.5rem; background: var(--ground); color: var(--ink); font: 16px/1.5 system-ui, sans-serif; }
main { width: 100%; max-width: 28rem; background: var(--card); border: 1px solid var(--line); border-radius: 12px; padding: 2rem; }
h1 { margin: 0 0 .75rem; font-size: 1.375rem; line-height: 1.25; }
p { margin: 0 0 1rem; }
.brand { margin: 0 0 1.25rem; color: var(--soft); font-size: .875rem; letter-spacing: .04em; }
.soft { color: var(--soft); font-size: .875rem; }
.note { padding: .75rem 1rem; border-radius: 8px; background: var(--warn-ground); color: var(--warn); font-size: .875rem; }
.code { font: 600 1.5rem/1.2 ui-monospace, monospace; letter-spacing: .12em; text-align: center; padding: .75rem; border: 1px solid var(--line); border-radius: 8px; }
form { display: grid; gap: .625rem; margin: 0 0 .625rem; }
label { font-weight: 600; }
input[type=text] { font: 600 1.25rem/1.2 ui-monospace, monospace; letter-spacing: .12em; text-transform: uppercase; padding: .625rem .75rem; width: 100%; color: inherit; background: transparent; border: 1px solid var(--soft); border-radius: 8px; }
button, a.button { display: block; width: 100%; padding: .625rem 1rem; font: inherit; font-weight: 600; text-align: center; text-decoration: none; border-radius: 8px; border: 1px solid var(--accent); background: var(--accent); color: var(--on-accent); cursor: pointer; }
button.quiet { background: transparent; color: var(--ink); border-color: var(--line); }
button.person { text-align: left; background: transparent; color: var(--ink); border-color: var(--line); }
button.person span { display: block; color: var(--soft); font-weight: 400; font-size: .875rem; }
button:hover, a.button:hover { border-color: var(--ink); }
:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; }
`;

const STYLE_SOURCE = `'sha256-${createHash('sha256').update(STYLE).digest('base64')}'`;

/** Text that is safe between tags and inside quoted attributes. */
export function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}

/** A whole page. `body` is HTML whose every variable part went through `escaped`. */
export function page(title: string, body: string): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escaped(title)} – Sluice</title>
<style>${STYLE}</style>
</head>
<body><main><p class="brand">Sluice gateway</p><h1>${escaped(title)}</h1>
${body}
</main></body>
</html>`;
}

/**
 * Headers of every page: no script, no frame, nothing from elsewhere. Browsers check a form's redirects
 * against `form-action` too, so `formTargets` lists where a sign-in may lead.
 */
export function pageHeaders(formTargets: readonly string[] = []): Record<string, string> {
  return {
    'content-type': 'text/html; charset=utf-8',
    'content-security-policy': [
      "default-src 'none'",
      `style-src ${STYLE_SOURCE}`,
      `form-action 'self' ${formTargets.join(' ')}`.trim(),
      "frame-ancestors 'none'",
      "base-uri 'none'",
    ].join('; '),
    'cache-control': 'no-store',
    'referrer-policy': 'same-origin',
    'x-content-type-options': 'nosniff',
    'x-frame-options': 'DENY',
  };
}

export function sendPage(
  response: ServerResponse,
  status: number,
  html: string,
  formTargets: readonly string[] = [],
): void {
  response.writeHead(status, pageHeaders(formTargets)).end(html);
}

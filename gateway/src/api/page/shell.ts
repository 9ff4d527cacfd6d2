import { Html, html } from './html.ts';

const STYLE = `
:root { color-scheme: light dark; --ink: #1d2733; --soft: #5a6775; --ground: #f3f5f7; --card: #fff; --line: #d6dce2; --accent: #0b6bcb; --on-accent: #fff; --bad: #a3261b; }
@media (prefers-color-scheme: dark) { :root { --ink: #e8edf2; --soft: #a3b0bd; --ground: #14181d; --card: #1e242b; --line: #39434e; --accent: #6cb2ff; --on-accent: #0b1a2b; --bad: #ff9b8f; } }
* { box-sizing: border-box; }
body { margin: 0; padding: 1.5rem; background: var(--ground); color: var(--ink); font: 16px/1.5 system-ui, sans-serif; }
main { max-width: 52rem; margin: 0 auto; background: var(--card); border: 1px solid var(--line); border-radius: 12px; padding: 2rem; }
h1 { margin: 0 0 .5rem; font-size: 1.375rem; line-height: 1.25; overflow-wrap: anywhere; }
h1:focus { outline: none; }
h2 { margin: 1.5rem 0 .5rem; font-size: 1rem; }
p, ul, dl { margin: 0 0 .75rem; }
.brand, .soft { color: var(--soft); font-size: .875rem; }
.problem { color: var(--bad); font-weight: 600; }
pre { margin: 0 0 .75rem; padding: .75rem 1rem; border: 1px solid var(--line); border-radius: 8px; overflow: auto; max-height: 24rem; font: .875rem/1.5 ui-monospace, monospace; white-space: pre-wrap; overflow-wrap: anywhere; }
dl { display: grid; grid-template-columns: max-content 1fr; gap: .25rem 1rem; }
dt { color: var(--soft); } dd { margin: 0; overflow-wrap: anywhere; }
.scroll { overflow: auto; } table { border-collapse: collapse; font-size: .875rem; } th, td { border: 1px solid var(--line); padding: .25rem .5rem; text-align: left; }
form { display: grid; gap: .5rem; margin: 0 0 1rem; padding: 1rem; border: 1px solid var(--line); border-radius: 8px; }
label { font-weight: 600; }
input, select { font: inherit; padding: .5rem .625rem; width: 100%; color: inherit; background: var(--card); border: 1px solid var(--soft); border-radius: 8px; }
button { justify-self: start; padding: .5rem 1rem; font: inherit; font-weight: 600; border-radius: 8px; border: 1px solid var(--accent); background: var(--accent); color: var(--on-accent); cursor: pointer; }
button.quiet { background: transparent; color: var(--ink); border-color: var(--soft); }
button:disabled { opacity: .6; cursor: default; }
:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; }
`;

/** The page before anybody is signed in: the same for every request. `base`: the gateway's own address. */
export function shell(nonce: string, base: string, issuer: string, hasScript: boolean): Html {
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Request for approval – Sluice</title>
<style nonce="${nonce}">${new Html(STYLE)}</style>
</head>
<body>
<main data-base="${base}" data-issuer="${issuer}">
<p class="brand">Sluice gateway</p>
<p id="said" role="status">${hasScript ? 'Signing you in …' : 'This gateway runs without its page. Decide in the editor, or with: sluice approve.'}</p>
<p id="problem" class="problem" role="alert"></p>
<button id="sign-in" type="button" hidden>Sign in</button>
<div id="card"></div>
<noscript><p>This page needs JavaScript. On the command line: sluice requests, sluice approve, sluice deny.</p></noscript>
</main>
${hasScript ? html`<script type="module" nonce="${nonce}" src="/requests/page.js"></script>` : ''}
</body>
</html>
`;
}

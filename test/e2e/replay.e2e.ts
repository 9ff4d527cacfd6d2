/** What was done on a host and in a database, shown again in the editor: listed, played, searched, jumped about in. */
import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, before, test } from 'node:test';
import type { FrameLocator, Page } from 'playwright-core';
import { readEvent } from '../../gateway/contract/asciicast.ts';
import { knownHostLine } from '../../gateway/src/wire/ssh/lines/known-hosts.ts';
import { root } from '../../scripts/setup/root.ts';
import { madeCast, seeded } from '../../webview-ui/src/screens/replay/model/cast.fixture.ts';
import { generateKey } from '../openssh/lab/keys.ts';
import { ACCOUNT, type Server, startServer } from '../openssh/lab/server.ts';
import { openBrowser, picturesOf } from './harness/browser.ts';
import { signIn } from './harness/sign-in.ts';
import { type Stack, startStack } from './harness/stack.ts';
import { TerminalPanel } from './harness/terminal-panel.ts';
import { WAIT_MS, Workbench } from './harness/workbench.ts';

const PROMPT = /@web:\S*\$$/m;
const HOUR_S = 3600;
const MAX_SEEK_MS = 200;
/** The id that the gateway gives Ana, and a session that no gateway would name so. */
const ANA = 'person:ana@shop.example';
const MADE = 'made-hour';

const take = picturesOf('replay');
let folder: string;
let sshd: Server;
let stack: Stack;
let browser: Awaited<ReturnType<typeof openBrowser>>;
let ana: Workbench;
let audrey: Workbench;
let terminal: TerminalPanel;
/** What a page did that its policy forbids. */
const violations: string[] = [];

before(async () => {
  folder = mkdtempSync(join(tmpdir(), 'sluice-replay-'));
  const hostKey = await generateKey(folder, 'target-host', 'ssh-ed25519');
  const key = await generateKey(folder, 'gateway', 'ssh-ed25519');
  sshd = await startServer(folder, [`HostKey ${hostKey.file}`, `AuthorizedKeysFile ${key.file}.pub`]);
  writeFileSync(join(folder, 'orders.log'), 'paid with 4111 1111 1111 1111 today\n');
  const address = `127.0.0.1:${sshd.port}`;
  const knownHosts = knownHostLine({ host: '127.0.0.1', port: sshd.port }, hostKey.publicKey);
  const accounts = [{ name: ACCOUNT, key: key.file }];
  stack = await startStack({
    customers: 100,
    policy: join(root, 'test/e2e/replay/policy.yaml'),
    hosts: [{ name: 'web', address, accounts, knownHosts, labels: { env: 'production' } }],
  });
  browser = await openBrowser();
  ana = new Workbench(await browser.context.newPage());
  const other = await browser.anotherPerson();
  audrey = new Workbench(await other.newPage());
  for (const { page } of [ana, audrey])
    page.on('console', (message) => {
      if (/Content Security Policy/.test(message.text())) violations.push(message.text());
    });
  await ana.open(stack.editor.address(stack.workspace));
  await signIn(ana, browser.context, /Ana/, async () => undefined);
  await audrey.open(stack.editor.address(stack.workspace));
  const isSignedIn = audrey.statusBar().getByText('Audrey').first();
  await signIn(audrey, other, /Audrey/, async () => undefined, isSignedIn);
  terminal = new TerminalPanel(ana.page);
});

after(async () => {
  if (ana) await take(ana.page, 'at-the-end');
  await browser?.close();
  await stack?.stop();
  sshd?.stop();
});

test('a terminal is used and ended, a query is run', async () => {
  const host = ana.treeItem('web');
  await host.hover();
  await host.getByRole('button', { name: /Open Terminal/ }).click();
  await terminal.shows(PROMPT);
  await terminal.enter(`cd ${folder}`);
  await terminal.enter('echo "the first command"');
  await terminal.shows(/^the first command$/m);
  await terminal.enter('cat orders.log');
  await terminal.shows(/^paid with \[card\] today$/m);
  await terminal.enter('rm -rf /');
  await terminal.shows(/Blocked by rule nothing-with-folders-in-it/);
  await terminal.enter('echo "the last command"');
  await terminal.shows(/^the last command$/m);
});

test('a terminal that is open is looked on at as it is used', async () => {
  await openReplay(/Ana .*on web/);
  const replay = await ana.replay();
  await screenShows(replay, /^the last command$/m);
  await replay.locator('.live').waitFor();
  await terminal.enter('echo "seen live"');
  await screenShows(replay, /^seen live$/m);
  await take(ana.page, 'live');
  await terminal.press('Control+d');
  await replay.locator('.live').waitFor({ state: 'detached' });
  await closeEditors();
});

test('a recorded terminal is played, paused, searched, and jumped about in by its markers', async () => {
  await openReplay(/Ana .*on web/);
  const replay = await ana.replay();
  const denied = replay.locator('.entry.stopped').first();
  await denied.waitFor();
  await take(ana.page, 'opened');
  await denied.click();
  await screenShows(replay, /rm -rf/);
  await take(ana.page, 'denied');
  await replay.locator('.stage').click();
  await ana.page.keyboard.press('Home');
  await replay.locator('.controls', { hasText: '0:00' }).waitFor();
  await ana.page.keyboard.press('/');
  await replay.getByRole('searchbox').fill('[card]');
  await replay.locator('.search-bar .count', { hasText: /1 of/ }).waitFor();
  await screenShows(replay, /paid with \[card\] today/);
  await take(ana.page, 'search');
  await ana.page.keyboard.press('Escape');
  await ana.page.keyboard.press('Home');
  for (let press = 0; press < 4; press += 1) await ana.page.keyboard.press('>');
  await ana.page.keyboard.press(' ');
  await replay.getByRole('button', { name: 'Pause' }).waitFor();
  await screenShows(replay, /^seen live$/m);
  await replay.getByRole('button', { name: 'Play' }).waitFor();
  await take(ana.page, 'played');
  await closeEditors();
});

test('an hour is jumped about in within 200 ms', async () => {
  const sluice = { session: MADE, terminal: 1, principal: ANA, target: 'web' };
  const cast = [...madeCast({ seed: 6, events: 120_000, sluice })].join('');
  const data = join(dirname(stack.gateway.configFile), 'data');
  writeFileSync(join(data, 'recordings', `${MADE}-1.cast`), cast, { mode: 0o600 });
  await ana.runCommand('Replay Session…');
  await ana.typeInto('Which session?', MADE);
  const replay = await ana.replay();
  await replay.locator('.controls', { hasText: '59:59' }).waitFor();
  const random = seeded(8);
  const jumps: { firstMs: number; tookMs: number }[] = [];
  for (let jump = 0; jump < 60; jump += 1) {
    const toS = random() * HOUR_S;
    const firstMs = await seek(replay, toS);
    // Others use this machine at the same time: what took too long has a second try, from somewhere else.
    const isSlow = firstMs >= MAX_SEEK_MS;
    if (isSlow) await seek(replay, random() * HOUR_S);
    jumps.push({ firstMs, tookMs: isSlow ? await seek(replay, toS) : firstMs });
  }
  const sorted = jumps.map(({ firstMs }) => Math.round(firstMs)).sort((one, other) => one - other);
  console.log(`a seek took ${sorted[30]} ms at the median, ${sorted.at(-1)} ms at most`);
  await take(ana.page, 'an-hour');
  assert.deepEqual(
    jumps.filter(({ tookMs }) => tookMs >= MAX_SEEK_MS),
    [],
  );
  await closeEditors();
});

test('statements of a database are shown with what was decided and what their person saw', async () => {
  await ana.openFile('1-look-around.sql', 3);
  await ana.page.keyboard.type('select id, email from customers order by id limit 3;\n');
  await ana.runCommand('Choose Target for This File');
  await ana.quickPick('shop').click();
  await ana.page.keyboard.press('ArrowUp');
  await ana.page.keyboard.press('Control+Enter');
  await (await ana.results()).getByRole('gridcell').first().waitFor();
  await closeEditors();
  await openReplay(/Ana .*on shop/);
  const replay = await ana.replay();
  const statement = replay.locator('.entry', { hasText: 'select id, email' }).first();
  await statement.click();
  await replay.locator('.decision', { hasText: 'emails-show-the-domain' }).waitFor();
  await replay.locator('.answer', { hasText: '@example' }).waitFor();
  assert.match(await replay.locator('.answer').innerText(), /\*+@example|•+@example/);
  await take(ana.page, 'database');
  await closeEditors();
});

test('an auditor looks on at a database as it is used, and sees what its person sees', async () => {
  // Closed with its file, it was another session.
  await runInShop('select id, name from customers where id = 7;');
  await openReplay(/Ana .*on shop/, audrey);
  const replay = await audrey.replay();
  await replay.locator('.live').waitFor();
  await runInShop('select name, email from customers where id = 7;');
  const shown = (await ana.results()).locator('[role=gridcell].masked').first();
  await shown.filter({ hasText: '@example' }).waitFor();
  const email = /^[•*]+@example\.\w+/.exec((await shown.innerText()).trim())?.[0];
  assert.ok(email !== undefined);
  const entry = replay.locator('.entry', { hasText: 'select name, email' }).first();
  await entry.waitFor();
  await entry.click();
  await replay.locator('.decision', { hasText: 'emails-show-the-domain' }).waitFor();
  await replay.locator('.answer', { hasText: email }).waitFor();
  await take(audrey.page, 'auditor-looks-on');
  await runInShop('delete from customers where id = 7;');
  await replay.locator('.entry.stopped', { hasText: 'delete from customers' }).waitFor();
  await take(audrey.page, 'auditor-sees-a-refusal');
  await closeEditors();
  await replay.locator('.live').waitFor({ state: 'detached' });
});

async function runInShop(statement: string): Promise<void> {
  await ana.openFile('1-look-around.sql', 3);
  await ana.page.keyboard.type(`${statement}\n`);
  await ana.page.keyboard.press('ArrowUp');
  await ana.page.keyboard.press('Control+Enter');
}

test('sessions are found by what befell their actions', async () => {
  const ofShop = ana.page.locator('.sidebar [aria-label^="Session of "]', { hasText: /Ana .*on shop/ });
  await ana.runCommand('Focus on Sessions View');
  await ana.runCommand('Refresh Sessions');
  await ofShop.nth(1).waitFor();
  await ana.runCommand('Find Sessions…');
  await ana.quickPick('Outcome').click();
  await ana.quickPick('was refused').click();
  await sessionItem(/Ana .*on web/).waitFor();
  // In one of the two nothing was refused.
  await ofShop.nth(1).waitFor({ state: 'hidden' });
  assert.equal(await ofShop.count(), 1);
  await take(ana.page, 'found');
});

test('a recording is exported as it was kept', async () => {
  await openSession(/Ana .*on web/);
  await ana.replay();
  await ana.runCommand('Export Recording…');
  const file = join(folder, 'exported.cast');
  await ana.typeFile(file);
  await ana.notifications().filter({ hasText: 'asciinema play' }).waitFor();
  const [header = ''] = readFileSync(file, 'utf8').split('\n');
  assert.equal(JSON.parse(header).version, 2);
  assert.match(readFileSync(file, 'utf8'), /the last command/);
});

test('no page tried what its policy forbids', () => {
  assert.deepEqual(violations, []);
});

test('the standard player plays what was exported', async () => {
  const page = await browser.context.newPage();
  const cast = readFileSync(join(folder, 'exported.cast'), 'utf8');
  const denied = cast.split('\n').find((line) => /"o",".*Blocked by rule/.test(line)) ?? '';
  const deniedAtS = readEvent(denied)?.atS ?? 0;
  await openPlayer(page, cast);
  await playerShows(
    page,
    deniedAtS + 0.001,
    /rm -rf \/\s+sluice: Blocked by rule nothing-with-folders-in-it/,
  );
  await take(page, 'standard-player');
  await playerShows(page, HOUR_S, /echo "seen live"\s+seen live/);
  await page.close();
});

function sessionItem(label: RegExp, who = ana) {
  return who.page.locator('.sidebar [aria-label^="Session of "]', { hasText: label }).first();
}

async function openReplay(label: RegExp, who = ana): Promise<void> {
  await who.runCommand('Focus on Sessions View');
  await who.runCommand('Refresh Sessions');
  await openSession(label, who);
}

/** A list that is told anew at that moment takes no click. */
async function openSession(label: RegExp, who = ana): Promise<void> {
  const tab = who.page.locator('.tab', { hasText: label }).first();
  for (const deadline = Date.now() + WAIT_MS; !(await tab.isVisible()); ) {
    assert.ok(Date.now() < deadline, `No click opens the session of ${label}.`);
    await sessionItem(label, who).click();
    await tab.waitFor({ timeout: 5_000 }).catch(() => undefined);
  }
}

async function closeEditors(): Promise<void> {
  await ana.runCommand('View: Close All Editors');
  await ana.page.locator('.tab').first().waitFor({ state: 'detached' });
}

async function screenShows(replay: FrameLocator, what: RegExp): Promise<void> {
  const row = replay.locator('.screen .row');
  for (const deadline = Date.now() + 30_000; ; ) {
    const text = (await row.allInnerTexts()).map((one) => one.trimEnd()).join('\n');
    if (what.test(text)) return;
    assert.ok(Date.now() < deadline, `The replay does not show ${what}; it shows:\n${text}`);
    await ana.page.waitForTimeout(100);
  }
}

/** What of a page's slider is used here. */
type Slider = {
  value: string;
  dispatchEvent(event: Event): boolean;
  ownerDocument: {
    defaultView: { requestAnimationFrame(draw: () => void): number };
    querySelector(selector: string): { getAttribute(name: string): string | null };
  };
};

/** Moves the position as a person does, and says after how many milliseconds the screen of that time is painted. */
async function seek(replay: FrameLocator, atS: number): Promise<number> {
  return replay.locator('input.seek').evaluate(async (input: Slider, toS: number) => {
    const screen = input.ownerDocument.querySelector('.screen');
    const before = screen.getAttribute('data-drawn');
    const beganMs = performance.now();
    input.value = String(toS);
    input.dispatchEvent(new Event('input', { bubbles: true }));
    while (screen.getAttribute('data-drawn') === before) await new Promise((turn) => setTimeout(turn));
    await new Promise<void>((painted) =>
      input.ownerDocument.defaultView.requestAnimationFrame(() => painted()),
    );
    return performance.now() - beganMs;
  }, atS);
}

/** Loads a recording into asciinema-player as its documentation says. */
async function openPlayer(page: Page, cast: string): Promise<void> {
  const address = 'http://player.test/';
  const body = '<!DOCTYPE html><title>player</title><div id="player"></div>';
  await page.route(`${address}**`, (route) => route.fulfill({ contentType: 'text/html', body }));
  await page.goto(address);
  const bundle = join(root, 'node_modules/asciinema-player/dist/bundle');
  await page.addStyleTag({ path: join(bundle, 'asciinema-player.css') });
  await page.addScriptTag({ path: join(bundle, 'asciinema-player.min.js') });
  const data = JSON.stringify(cast);
  await page.evaluate(
    `player = AsciinemaPlayer.create({ data: ${data} }, document.getElementById('player'), { preload: true })`,
  );
}

async function playerShows(page: Page, atS: number, what: RegExp): Promise<void> {
  await page.evaluate(`player.seek(Math.min(${atS}, 3600))`);
  for (const deadline = Date.now() + 30_000; ; ) {
    const text = await page.locator('.ap-term').innerText();
    // The player breaks its lines where colours change.
    if (what.test(text.replaceAll(/\s+/g, ' '))) return;
    assert.ok(Date.now() < deadline, `The player does not show ${what}; it shows:\n${text}`);
    await page.waitForTimeout(100);
  }
}

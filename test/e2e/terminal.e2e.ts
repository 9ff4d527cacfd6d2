/** A developer's terminal on a production host, in the editor: every line decided as it is entered, held, masked, kept. */
import assert from 'node:assert/strict';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { knownHostLine } from '../../gateway/src/wire/ssh/lines/known-hosts.ts';
import { root } from '../../scripts/setup/root.ts';
import { generateKey } from '../openssh/lab/keys.ts';
import { ACCOUNT, type Server, startServer } from '../openssh/lab/server.ts';
import { openBrowser, picturesOf } from './harness/browser.ts';
import { Relay } from './harness/relay.ts';
import { signIn } from './harness/sign-in.ts';
import { type Stack, startStack } from './harness/stack.ts';
import { TerminalPanel } from './harness/terminal-panel.ts';
import { Workbench } from './harness/workbench.ts';

const PROMPT = /@web:\S*\$$/m;

const take = picturesOf('terminal');
let folder: string;
let sshd: Server;
let relay: Relay;
let stack: Stack;
let browser: Awaited<ReturnType<typeof openBrowser>>;
let ana: Workbench;
let dana: Workbench;
let terminal: TerminalPanel;

before(async () => {
  folder = mkdtempSync(join(tmpdir(), 'sluice-terminal-'));
  const hostKey = await generateKey(folder, 'target-host', 'ssh-ed25519');
  const key = await generateKey(folder, 'gateway', 'ssh-ed25519');
  sshd = await startServer(folder, [
    `HostKey ${hostKey.file}`,
    `AuthorizedKeysFile ${key.file}.pub`,
    'Subsystem sftp internal-sftp',
  ]);
  writeFileSync(join(folder, 'orders.log'), 'paid with 4111 1111 1111 1111 today\n');
  mkdirSync(join(folder, 'shared'));
  writeFileSync(join(folder, 'shared', 'hello.txt'), 'hello from the host\n');
  symlinkSync(join(folder, 'orders.log'), join(folder, 'shared', 'secret'));
  relay = await Relay.start();
  const address = `127.0.0.1:${sshd.port}`;
  const knownHosts = knownHostLine({ host: '127.0.0.1', port: sshd.port }, hostKey.publicKey);
  const accounts = [{ name: ACCOUNT, key: key.file }];
  const policy = join(folder, 'policy.yaml');
  const rules = readFileSync(join(root, 'test/e2e/terminal/policy.yaml'), 'utf8');
  writeFileSync(policy, rules.replaceAll('FOLDER', folder));
  stack = await startStack({
    customers: 100,
    policy,
    hosts: [{ name: 'web', address, accounts, knownHosts, labels: { env: 'production' } }],
    relay,
  });
  browser = await openBrowser();
  const other = await browser.anotherPerson();
  ana = new Workbench(await browser.context.newPage());
  dana = new Workbench(await other.newPage());
  const skip = async () => undefined;
  await ana.open(stack.editor.address(stack.workspace));
  await signIn(ana, browser.context, /Ana/, skip);
  await dana.open(stack.editor.address(stack.workspace));
  await signIn(dana, other, /Dana/, skip);
  terminal = new TerminalPanel(ana.page);
});

after(async () => {
  if (ana) await take(ana.page, 'ana-at-the-end');
  if (dana) await take(dana.page, 'dana-at-the-end');
  await browser?.close();
  await stack?.stop();
  relay?.stop();
  sshd?.stop();
});

test('a terminal opens on a host of the explorer, and allowed commands run', async () => {
  const host = ana.treeItem('web');
  await host.waitFor();
  await take(ana.page, 'explorer');
  await host.hover();
  await host.getByRole('button', { name: /Open Terminal/ }).click();
  await terminal.shows(PROMPT);
  await ana.statusBar().getByText(`${ACCOUNT}@web`).waitFor();
  await terminal.enter(`cd ${folder}`);
  await terminal.enter('echo "one  two"');
  await terminal.shows(/^one {2}two$/m);
  await take(ana.page, 'allowed');
});

test('what is blocked says which rule, whose, and why; nothing of it runs', async () => {
  await terminal.enter(`rm -rf ${folder}`);
  const text = await terminal.shows(/Blocked by rule nothing-with-folders-in-it/);
  assert.match(
    text.replaceAll('\n', ''),
    /of ops@shop\.example: What holds folders is removed by ?deployments/,
  );
  await terminal.enter('rm -rf /');
  await terminal.shows(/Blocked by rule nothing-with-folders-in-it/);
  await take(ana.page, 'blocked');
  assert.equal(existsSync(join(folder, 'orders.log')), true);
});

test('a held command is approved in another window, and runs by itself', async () => {
  await terminal.enter('touch restarted');
  await terminal.shows(/waits for dba until/);
  await ana.statusBar().getByText('waiting for dba').waitFor();
  await take(ana.page, 'held');
  assert.equal(existsSync(join(folder, 'restarted')), false);
  await dana.showContainer('Sluice');
  const panel = await dana.approvals();
  const head = panel.getByRole('region', { name: 'Waiting for you' }).locator('.request-head').first();
  await head.click();
  await panel.locator('pre.statement', { hasText: 'touch restarted' }).first().waitFor();
  await take(dana.page, 'dana-is-asked');
  await dana.page.keyboard.press('Escape');
  await head.focus();
  await dana.page.keyboard.press('a');
  await terminal.shows(/touch restarted\n[^\n]*\$\s*$/);
  await terminal.enter('ls restarted');
  await terminal.shows(/^restarted$/m);
  assert.equal(existsSync(join(folder, 'restarted')), true);
  await take(ana.page, 'approved');
});

test('the number of a card does not leave the host', async () => {
  await terminal.enter('cat orders.log');
  const text = await terminal.shows(/paid with/);
  assert.match(text, /^paid with \[card\] today$/m);
  await take(ana.page, 'masked');
});

test('vi and top have the terminal while they run', async () => {
  await terminal.enter('vi notes.txt');
  await terminal.shows(/"notes\.txt"/);
  await terminal.type('iwritten in vi');
  await terminal.shows(/^written in vi$/m);
  await take(ana.page, 'vi');
  await terminal.press('Escape');
  await terminal.type(':wq\n');
  await terminal.shows(PROMPT);
  await terminal.enter('cat notes.txt');
  await terminal.shows(/^written in vi$/m);
  await terminal.enter('top');
  await terminal.shows(/load average[\s\S]*COMMAND\n\s*\d+ \S+/);
  await take(ana.page, 'top');
  await terminal.type('q');
  await terminal.shows(PROMPT);
});

test('a dropped network is taken up where it was', async () => {
  await terminal.enter('echo "it runs"; sleep 8; echo "still here"');
  await terminal.shows(/^it runs$/m);
  relay.cut();
  await ana.statusBar().getByText('reconnecting').waitFor();
  await take(ana.page, 'network-dropped');
  relay.mend();
  await terminal.shows(/^still here$/m);
  await ana.statusBar().getByText('reconnecting').waitFor({ state: 'hidden' });
  await terminal.enter('pwd');
  await terminal.shows(new RegExp(`^${folder}$`, 'm'));
  await take(ana.page, 'network-is-back');
});

test('files of the host are browsed and read, and nothing else is', async () => {
  await ana.treeItem('web').hover();
  await ana
    .treeItem('web')
    .getByRole('button', { name: /Browse Files/ })
    .click();
  await ana.typeInto('Which folder?', `${folder}/shared`);
  await ana.treeItem('hello.txt').waitFor();
  await ana.treeItem('hello.txt').click();
  await ana.page.locator('.tab.active', { hasText: 'hello.txt' }).waitFor();
  await ana.page.locator('.view-line', { hasText: 'hello from the host' }).waitFor();
  await take(ana.page, 'file');
  await ana.treeItem('secret').click();
  const notice = ana.notifications().filter({ hasText: 'no rule lets you read' });
  await notice.getByRole('button', { name: 'Copy a Request' }).hover();
  await take(ana.page, 'file-refused');
});

test('the terminal’s own drop-down opens one too', async () => {
  await ana.page
    .getByRole('button', { name: /Launch Profile/ })
    .first()
    .click();
  const entry = ana.page.locator('.monaco-menu').getByRole('menuitem', { name: 'Sluice', exact: true });
  await entry.hover();
  await take(ana.page, 'drop-down');
  await entry.click();
  await terminal.shows(new RegExp(`@web:${homedir()}\\$$`, 'm'));
  await take(ana.page, 'by-profile');
  await terminal.press('Control+d');
  await terminal.shows(new RegExp(`^${folder}$`, 'm'));
});

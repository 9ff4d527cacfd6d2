/** `npm start`: a real PostgreSQL with the shop, the gateway over it, and an editor with the extension. */
import { appendFileSync, cpSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { bootSample } from '../../sample/boot-sample.ts';
import { openEditor } from '../editor/open-editor.ts';
import { build } from '../package/build.ts';
import { packageExtension } from '../package/package-extension.ts';
import { askedToStop, type Running } from '../processes/supervise.ts';
import { root } from '../setup/root.ts';
import { startGateway } from '../stack/gateway.ts';
import { databaseFolder, keptSecret, makeStateFolder, stateFolder } from '../stack/state-folder.ts';
import { checkMachine } from './check-machine.ts';
import { type StartOptions, startOptions, usage } from './options.ts';
import { say } from './progress.ts';
import { editorGuide, terminalGuide } from './things-to-try.ts';

const running: Pick<Running, 'name' | 'stop' | 'exited'>[] = [];
const stopAsked = askedToStop();

try {
  const options = startOptions(process.argv.slice(2), process.env);
  if (options === 'help') console.log(usage);
  else await Promise.race([startAndStay(options), stopAsked]);
} catch (error) {
  console.error(`\n${error instanceof Error ? error.message : String(error)}`);
  process.exitCode = 1;
}
if (running.length > 0) say('Stopping …');
for (const one of running.reverse()) await one.stop();
process.exit();

async function startAndStay(options: StartOptions): Promise<void> {
  makeStateFolder();
  await checkMachine(options, stateFolder);
  say('Building …');
  await build();

  const dataDir = databaseFolder();
  if (!dataDir.startsWith(stateFolder)) say(`PostgreSQL cannot run as root: its data is in ${dataDir}`);
  say('Starting PostgreSQL (the first time it is filled with 50,000 customers) …');
  const sample = await bootSample({ dataDir, port: options.databasePort });
  running.push({
    name: 'PostgreSQL',
    stop: sample.stop,
    exited: sample.postgres.exited.then(() => 'it has stopped'),
  });

  say('Starting the gateway …');
  const serviceKey = keptSecret(join(stateFolder, 'service-key'));
  const gateway = await startGateway({
    sample,
    stateDir: join(stateFolder, 'gateway'),
    httpPort: options.httpPort,
    postgresPort: options.postgresPort,
    serviceKey,
    log: logTo('gateway.log'),
  });
  running.push(gateway);

  const access = { gatewayUrl: gateway.url, postgresPort: gateway.postgresPort, serviceKey };
  if (options.editor) {
    const workspace = join(stateFolder, 'workspace');
    cpSync(join(root, 'sample/workspace'), workspace, { recursive: true, force: false });
    say('Packaging the extension …');
    const vsix = join(stateFolder, 'sluice.vsix');
    packageExtension(vsix);
    const editor = await openEditor({
      vsix,
      workspace,
      stateDir: join(stateFolder, 'editor'),
      port: options.editorPort,
      settings: { 'sluice.gateway.url': gateway.url },
      say,
      log: logTo('editor.log'),
    });
    running.push(editor);
    say('Ready.');
    console.log(editorGuide(editor.address, access));
  } else {
    say('Ready.');
    console.log(terminalGuide(access));
  }
  const lost = await Promise.race(
    running.map(async ({ name, exited }) => `${name} has ended (${await exited})`),
  );
  throw new Error(`${lost}; what it said is in ${stateFolder}. Start again with npm start.`);
}

function logTo(name: string): (line: string) => void {
  const file = join(stateFolder, name);
  writeFileSync(file, '', { mode: 0o600 });
  return (line) => appendFileSync(file, `${line}\n`);
}

/** `npm run dev`: sample database, watch builds, and a gateway that starts again whenever its bundle changes. */
import { spawn } from 'node:child_process';
import { watch } from 'node:fs';
import { join } from 'node:path';
import { bootSample } from '../../sample/boot-sample.ts';
import { build } from '../package/build.ts';
import { askedToStop } from '../processes/supervise.ts';
import { root } from '../setup/root.ts';
import { type RunningGateway, startGateway } from '../stack/gateway.ts';
import { databaseFolder, keptSecret, makeStateFolder, stateFolder } from '../stack/state-folder.ts';
import { startOptions } from '../start/options.ts';
import { say } from '../start/progress.ts';
import { terminalGuide } from '../start/things-to-try.ts';

const SETTLE_MS = 300;

const chosen = startOptions([...process.argv.slice(2), '--no-editor'], process.env);
if (chosen === 'help') throw new Error('npm run dev takes the ports of npm start -- --help');
const options = chosen;
const stopAsked = askedToStop();
await using opened = new AsyncDisposableStack();

makeStateFolder();
say('Building …');
await build();
const builder = spawn(process.execPath, [join(root, 'esbuild.mjs'), '--watch'], {
  cwd: root,
  stdio: 'inherit',
});
opened.defer(() => void builder.kill());
const sample = await bootSample({ dataDir: databaseFolder(), port: options.databasePort });
opened.defer(() => sample.stop());
const serviceKey = keptSecret(join(stateFolder, 'service-key'));

let gateway: RunningGateway | null = null;
opened.defer(async () => gateway?.stop());
await restart();
let settling: NodeJS.Timeout | undefined;
const changes = watch(join(root, 'dist/gateway'), () => {
  clearTimeout(settling);
  settling = setTimeout(() => void restart(), SETTLE_MS);
});
opened.defer(() => changes.close());
await stopAsked;

/** A gateway that cannot start says why, and the next build tries again. */
async function restart(): Promise<void> {
  await gateway?.stop();
  gateway = null;
  try {
    gateway = await startGateway({
      sample,
      stateDir: join(stateFolder, 'gateway'),
      httpPort: options.httpPort,
      postgresPort: options.postgresPort,
      serviceKey,
      log: console.log,
    });
    console.log(terminalGuide({ gatewayUrl: gateway.url, postgresPort: gateway.postgresPort, serviceKey }));
    say('Ready.');
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
  }
}

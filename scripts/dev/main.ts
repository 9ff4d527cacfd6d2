/** `npm run dev`: sample database, watch builds, and a gateway that starts again whenever its bundle changes. */
import { spawn } from 'node:child_process';
import { watch } from 'node:fs';
import { join } from 'node:path';
import { bootSample, type RunningSample } from '../../sample/boot-sample.ts';
import { build } from '../package/build.ts';
import { askedToStop } from '../processes/supervise.ts';
import { root } from '../setup/root.ts';
import { type RunningGateway, startGateway } from '../stack/gateway.ts';
import { databaseFolder, keptSecret, makeStateFolder, stateFolder } from '../stack/state-folder.ts';
import { type StartOptions, startOptions, usage } from '../start/options.ts';
import { say } from '../start/progress.ts';
import { terminalGuide } from '../start/things-to-try.ts';

const SETTLE_MS = 300;

await using opened = new AsyncDisposableStack();
const stopAsked = askedToStop();
try {
  const options = startOptions([...process.argv.slice(2), '--no-editor'], process.env);
  if (options === 'help') console.log(usage);
  else await develop(options);
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}

async function develop(options: StartOptions): Promise<void> {
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

  // One restart after the other, and none once it is time to stop.
  let current: Promise<RunningGateway | null> = Promise.resolve(null);
  let stopping = false;
  const restart = () => {
    current = current.then(async (running) => {
      await running?.stop();
      return stopping ? null : gatewayOrWhyNot(sample, options);
    });
    return current;
  };
  opened.defer(async () => {
    stopping = true;
    await restart();
  });
  await restart();
  let settling: NodeJS.Timeout | undefined;
  const changes = watch(join(root, 'dist/gateway'), () => {
    clearTimeout(settling);
    settling = setTimeout(() => void restart(), SETTLE_MS);
  });
  opened.defer(() => changes.close());
  await stopAsked;
}

/** A gateway that cannot start says why, and the next build tries again. */
async function gatewayOrWhyNot(sample: RunningSample, options: StartOptions): Promise<RunningGateway | null> {
  const serviceKey = keptSecret(join(stateFolder, 'service-key'));
  try {
    const gateway = await startGateway({
      sample,
      stateDir: join(stateFolder, 'gateway'),
      httpPort: options.httpPort,
      postgresPort: options.postgresPort,
      serviceKey,
      log: console.log,
    });
    console.log(terminalGuide({ gatewayUrl: gateway.url, postgresPort: gateway.postgresPort, serviceKey }));
    say('Ready.');
    return gateway;
  } catch (error) {
    console.error(error instanceof Error ? error.message : error);
    return null;
  }
}

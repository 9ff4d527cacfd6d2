import { appendFileSync, cpSync, existsSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { bootSample, type RunningSample } from '../../../sample/boot-sample.ts';
import { type RunningCodeServer, startCodeServer } from '../../../scripts/editor/code-server.ts';
import { build } from '../../../scripts/package/build.ts';
import { packageExtension } from '../../../scripts/package/package-extension.ts';
import { freePort } from '../../../scripts/processes/free-port.ts';
import { root } from '../../../scripts/setup/root.ts';
import { type RunningGateway, startGateway } from '../../../scripts/stack/gateway.ts';
import { noteSecret, removeWritten, writtenFolder } from '../../../scripts/test/written.ts';
import type { Relay } from './relay.ts';

export type Stack = {
  sample: RunningSample;
  gateway: RunningGateway;
  editor: RunningCodeServer;
  serviceKey: string;
  /** The folder with SQL files that the editor opens. */
  workspace: string;
  /** Ends the gateway, and starts it again over the same state, on the same ports. */
  restartGateway(): Promise<void>;
  stop(): Promise<void>;
};

export type StackOptions = {
  customers?: number;
  /** Starts the editor so that suites can run inside its extension host. */
  smokeTestDriver?: boolean;
  /** Policy file or folder, and the folder to open; the examples' and the sample's by default. */
  policy?: string;
  workspace?: string;
  /** Hosts for SSH, as the configuration file has them. */
  hosts?: readonly object[];
  /** What lies between the editor and the gateway; nothing by default. */
  relay?: Relay;
};

/** Everything that `npm start` starts, afresh: built, packaged, installed, on free ports, in a temporary folder. */
export async function startStack(options: StackOptions = {}): Promise<Stack> {
  const { customers, smokeTestDriver = false, policy, hosts, relay } = options;
  const publicUrl = relay === undefined ? undefined : `http://127.0.0.1:${relay.port}`;
  await using opened = new AsyncDisposableStack();
  // Short: sockets of the editor stand in it, and their paths are bounded.
  const suite = policy === undefined ? 'example' : basename(dirname(policy)).slice(0, 12);
  const folder = mkdtempSync(join(tmpdir(), `e2e-${suite}-`));
  opened.defer(() => removeWritten(folder));
  const logTo = (name: string) => (line: string) => appendFileSync(join(folder, name), `${line}\n`);
  await build();
  const vsix = join(folder, 'sluice.vsix');
  packageExtension(vsix);
  const sample = await bootSample(customers === undefined ? {} : { customers });
  opened.defer(() => sample.stop());
  const serviceKey = 'a service key for tests';
  noteSecret('the key of a service account', serviceKey);
  const boot = (httpPort: number, postgresPort: number) =>
    startGateway({
      sample,
      stateDir: join(folder, 'gateway'),
      httpPort,
      postgresPort,
      serviceKey,
      log: logTo('gateway.log'),
      ...(policy === undefined ? {} : { policy }),
      ...(hosts === undefined ? {} : { hosts }),
      ...(publicUrl === undefined ? {} : { publicUrl }),
    });
  let gateway = await boot(0, 0);
  opened.defer(() => gateway.stop());
  relay?.leadTo(Number(new URL(gateway.url).port));
  const editor = await startCodeServer({
    port: await freePort(),
    stateDir: join(folder, 'editor'),
    vsix: [vsix],
    settings: { 'sluice.gateway.url': publicUrl ?? gateway.url },
    smokeTestDriver,
    log: logTo('editor.log'),
  });
  opened.defer(() => editor.stop());
  // Rows that wait on disk are removed as the editor closes: what they held is looked into too.
  opened.defer(() => {
    const stored = join(folder, 'editor/user/User/globalStorage');
    if (writtenFolder() !== null && existsSync(stored))
      cpSync(stored, join(folder, 'editor-while-open'), { recursive: true });
  });
  // What is typed is saved by itself.
  const workspace = join(folder, 'workspace');
  cpSync(options.workspace ?? join(root, 'sample/workspace'), workspace, { recursive: true });
  const running = opened.move();
  return {
    sample,
    gateway,
    editor,
    serviceKey,
    workspace,
    restartGateway: async () => {
      await gateway.stop();
      gateway = await boot(Number(new URL(gateway.url).port), gateway.postgresPort);
    },
    stop: () => running.disposeAsync(),
  };
}

import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { BundledGateway } from './bundled-gateway.ts';
import { httpAddressOf } from './listening-line.ts';

let folder = '';
before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sluice-bundled-'));
});
after(() => rm(folder, { recursive: true, force: true }));

async function program(source: string): Promise<string> {
  const path = join(folder, `${Math.random()}.mjs`);
  await writeFile(path, source);
  return path;
}

const LISTENS = `console.log('hello'); console.log(JSON.stringify({ listening: { http: '127.0.0.1:4321' } }));`;

test('reads the address from the one JSON line', () => {
  assert.equal(
    httpAddressOf('{"listening":{"http":"127.0.0.1:1","postgres":"127.0.0.1:2"}}'),
    'http://127.0.0.1:1',
  );
  assert.equal(httpAddressOf('{"listening":{"http":"https://g.example"}}'), 'https://g.example');
  assert.equal(httpAddressOf('{"listening":{}}'), null);
  assert.equal(httpAddressOf('ready'), null);
});

test('starts, says where it listens, and stops', async () => {
  const logged: string[] = [];
  let gateway: BundledGateway | undefined;
  const url = await new Promise<string>((onListening, onLost) => {
    const options = { args: ['--x'], cwd: folder, env: {}, log: (line: string) => logged.push(line) };
    void program(`${LISTENS} setInterval(() => {}, 1000);`).then((path) => {
      gateway = new BundledGateway({ ...options, program: path, onListening, onLost });
      gateway.start();
    });
  });
  assert.equal(url, 'http://127.0.0.1:4321');
  assert.deepEqual(logged, ['hello']);
  await gateway?.stop();
});

test('one that ends starts again, later each time, and its last words are told', async () => {
  const waits: number[] = [];
  const path = await program(`console.error('the port is taken'); process.exit(3);`);
  const why = await new Promise<string>((resolve) => {
    const gateway: BundledGateway = new BundledGateway({
      program: path,
      args: [],
      cwd: folder,
      env: {},
      log: () => undefined,
      onListening: () => undefined,
      schedule: (action, ms) => {
        const isRetry = ms < 60_000;
        if (isRetry && waits.length < 4) setImmediate(action);
        return () => undefined;
      },
      onLost: (error, retryMs) => {
        waits.push(retryMs);
        if (waits.length < 4) return;
        void gateway.stop();
        resolve(error.message);
      },
    });
    gateway.start();
  });
  assert.deepEqual(waits, [500, 1000, 2000, 4000]);
  assert.match(why, /exit code 3.*the port is taken/);
});

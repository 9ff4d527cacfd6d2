import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { signCheckpoint } from '../../../core/audit/checkpoint.ts';
import { signerOf } from '../../../core/audit/note.ts';
import { EMPTY_ROOT } from '../../../core/audit/tree-hash.ts';
import { listen } from '../../../listen.ts';
import { Witness } from './witness.ts';

const root = mkdtempSync(join(tmpdir(), 'sluice-witness-'));
after(() => rmSync(root, { recursive: true, force: true }));
const signer = signerOf('sluice/test', Buffer.alloc(32, 1));
const checkpoint = (size: number) => signCheckpoint({ size, root: EMPTY_ROOT }, [signer]);

test('a folder gets a file for the newest checkpoint', async () => {
  const where = join(root, 'folder');
  const witness = new Witness({ where, tell: assert.fail });
  witness.take(checkpoint(1));
  witness.take(checkpoint(2));
  await witness.close();
  assert.deepEqual(readdirSync(where), ['sluice-test-2']);
  assert.equal(readFileSync(join(where, 'sluice-test-2'), 'utf8'), checkpoint(2));
});

test('a server that fails is told of once, tried again, and given the newest', async () => {
  const told: string[] = [];
  const taken: string[] = [];
  const twice = Promise.withResolvers<void>();
  const server = createServer((request, response) => {
    taken.push(`${request.method} ${request.url}`);
    response.writeHead(taken.length < 3 ? 503 : 204).end();
    if (taken.length === 3) twice.resolve();
  });
  const { port } = await listen(server, 'http', { host: '127.0.0.1', port: 0 });
  const witness = new Witness({
    where: `http://127.0.0.1:${port}/log/`,
    tell: (line) => told.push(line),
    everyMs: 5,
  });
  witness.take(checkpoint(1));
  await twice.promise;
  await witness.close();
  server.closeAllConnections();
  server.close();
  assert.deepEqual(taken, Array(3).fill('PUT /log/sluice-test-1'));
  assert.match(told[0] ?? '', /did not take a checkpoint \(it answered 503\)/);
  assert.match(told[1] ?? '', /again/);
  assert.equal(told.length, 2);
});

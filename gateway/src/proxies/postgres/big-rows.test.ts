import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Client } from 'pg';
import { encode } from '../../wire/postgres/index.ts';
import { clientParts } from './testing/client-parts.ts';
import { type Lab, openLab } from './testing/lab.ts';

const ROW_BYTES = 200_000_000;
const TIMES = 5;

let lab: Lab;
before(async () => {
  lab = await openLab();
});
after(() => lab.close());

/** Reads one row of 200 MB to the end of its answer; gives the bytes that came. */
async function readBigRow(client: Client): Promise<number> {
  const { stream } = clientParts(client);
  stream.removeAllListeners('data');
  let bytes = 0;
  const answered = new Promise<number>((resolve, reject) => {
    stream.on('close', () => reject(new Error(`closed after ${bytes} bytes`)));
    stream.on('data', (chunk: Buffer) => {
      bytes += chunk.length;
      if (bytes > ROW_BYTES && chunk.at(-6) === 0x5a && chunk.at(-1) === 0x49) resolve(bytes);
    });
  });
  stream.write(encode({ type: 'query', query: `select repeat('x', ${ROW_BYTES})` }));
  return answered;
}

test(`a row of 200 MB comes whole, ${TIMES} times`, { timeout: 170_000 }, async () => {
  for (let time = 0; time < TIMES; time += 1) {
    const client = new Client({ connectionString: lab.url('dora') });
    client.on('error', () => undefined);
    await client.connect();
    assert.ok((await readBigRow(client)) > ROW_BYTES);
    clientParts(client).stream.destroy();
  }
});

test(`a row of 200 MB comes whole over TLS, ${TIMES} times`, { timeout: 170_000 }, async () => {
  for (let time = 0; time < TIMES; time += 1) {
    const client = await lab.client('dora');
    assert.ok((await readBigRow(client)) > ROW_BYTES);
    clientParts(client).stream.destroy();
  }
});

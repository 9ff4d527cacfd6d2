import assert from 'node:assert/strict';
import { once } from 'node:events';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { after, test } from 'node:test';
import type { Counts } from '../redact.ts';
import { ScanThread } from './scan-thread.ts';
import { Scanning } from './scanning.ts';

const WANTED = [{ detect: ['cards', 'secrets'], patterns: [], replace: 'label' as const }];
const thread = new ScanThread();
after(() => thread.close());

function cut(text: Buffer, bytes: number): Buffer[] {
  return Array.from({ length: Math.ceil(text.byteLength / bytes) }, (_, index) =>
    text.subarray(index * bytes, (index + 1) * bytes),
  );
}

test('what is found is replaced, wherever pieces end, and the rest leaves as it was', async () => {
  const line = `${'all is well '.repeat(100)}4111 1111 1111 1111 and -----BEGIN RSA PRIVATE KEY-----\nMIIE\n-----END RSA PRIVATE KEY-----\n`;
  const text = Buffer.from(line.repeat(40));
  const expected = line
    .replace('4111 1111 1111 1111', '[card]')
    .replace(/-----BEGIN[\s\S]*END.*-----/, '[secret]');
  for (const size of [7, 1000, 32_768, text.byteLength]) {
    const counts: Counts = new Map();
    const shown = await buffer(Readable.from(cut(text, size)).pipe(new Scanning(thread, WANTED, counts)));
    assert.equal(shown.toString(), expected.repeat(40));
    assert.deepEqual(
      counts,
      new Map([
        ['cards', 40],
        ['secrets', 40],
      ]),
    );
  }
});

test('what streams leaves in the pieces that it came in, and what pauses does not wait for more', async () => {
  const scanning = new Scanning(thread, WANTED, new Map());
  const line = Buffer.alloc(32_768, 'all is well ');
  for (let count = 0; count < 20; count += 1) scanning.write(line);
  const left: Buffer[] = [];
  const bytes = () => left.reduce((sum, { byteLength }) => sum + byteLength, 0);
  const allBut = 20 * line.byteLength - 511;
  await new Promise<void>((resolve) => {
    scanning.on('data', (chunk: Buffer) => {
      left.push(chunk);
      if (bytes() === allBut) resolve();
    });
  });
  const whole = left.filter(({ byteLength }) => byteLength === line.byteLength);
  assert.ok(whole.length >= 17, `${whole.length} of ${left.length} pieces are whole`);
  scanning.end(' 4111 1111 1111 1111');
  await once(scanning, 'end');
  assert.ok(Buffer.concat(left).equals(Buffer.concat([...Array(20).fill(line), Buffer.from(' [card]')])));
});

test('an empty text ends, and one that ends within a match', async () => {
  const empty = new Scanning(thread, WANTED, new Map());
  empty.end();
  assert.equal((await buffer(empty)).byteLength, 0);
  const open = new Scanning(thread, WANTED, new Map());
  open.end('-----BEGIN PRIVATE KEY-----\nMIIE');
  assert.equal((await buffer(open)).toString(), '[secret]');
});

test('nobody who takes nothing is sent ever more', async () => {
  const scanning = new Scanning(thread, WANTED, new Map());
  let sent = 0;
  while (sent < 64 * 1024 * 1024) {
    sent += 65_536;
    if (!scanning.write(Buffer.alloc(65_536, 'x')) && scanning.readableLength >= 1024 * 1024) break;
    if (scanning.writableLength > 4 * 1024 * 1024) break;
  }
  assert.ok(sent < 16 * 1024 * 1024, `${sent} bytes are taken`);
  scanning.destroy();
});

test('a thread that dies fails its texts, and the next has another', async () => {
  const mortal = new ScanThread();
  const scanning = new Scanning(mortal, WANTED, new Map());
  const failed = once(scanning, 'error');
  scanning.write('4111 1111 1111 1111');
  await mortal.close();
  const [why] = await failed;
  assert.match(String(why), /has ended/);
  const next = new Scanning(mortal, WANTED, new Map());
  next.end('4111 1111 1111 1111');
  assert.equal((await buffer(next)).toString(), '[card]');
  await mortal.close();
});

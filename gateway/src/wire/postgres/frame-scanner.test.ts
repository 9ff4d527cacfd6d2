import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { frame, untypedFrame } from './bytes/frame-builder.ts';
import { FrameScanner } from './frame-scanner.ts';
import {
  BACKEND_STREAMED,
  BACKEND_TYPES,
  FRONTEND_STREAMED,
  FRONTEND_TYPES,
  typeSet,
} from './frame-types.ts';
import { BACKEND_SAMPLES, FRONTEND_SAMPLES, START_UP_SAMPLES } from './testing/samples.ts';

const MAX_FRAME_BYTES = 1 << 20;
const malformed = { code: 'wire.protocolViolation' };
const tooLarge = { code: 'wire.frameTooLarge' };
const ofServer = { known: BACKEND_TYPES, streamed: BACKEND_STREAMED, startsUp: false };
const ofClient = { known: FRONTEND_TYPES, streamed: FRONTEND_STREAMED, startsUp: false };
type Peer = typeof ofServer;

const scannerOf = (peer: Peer, maxFrameBytes = MAX_FRAME_BYTES) =>
  new FrameScanner({ ...peer, maxFrameBytes });

/** Everything that comes out: whole frames, the streamed bytes joined, and how many streamed frames ended. */
function scan(scanner: FrameScanner, chunks: readonly Buffer[]) {
  const frames: string[] = [];
  const all: Buffer[] = [];
  const streamed: Buffer[] = [];
  let ended = 0;
  for (const chunk of chunks) {
    scanner.push(chunk);
    for (let piece = scanner.next(); piece !== 'none'; piece = scanner.next()) {
      const bytes = Buffer.from(scanner.bytes.subarray(scanner.start, scanner.end));
      all.push(bytes);
      if (piece === 'frame') {
        assert.equal(bytes[0], scanner.type);
        assert.equal(scanner.body().remaining, bytes.length - 5);
        frames.push(bytes.toString('latin1'));
      } else {
        assert.ok(bytes.length > 0);
        streamed.push(bytes);
        ended += scanner.ended;
      }
    }
  }
  return {
    frames,
    ended,
    streamed: Buffer.concat(streamed).toString('latin1'),
    all: Buffer.concat(all).toString('latin1'),
  };
}

function cutAt(bytes: Buffer, cuts: readonly number[]): Buffer[] {
  const edges = [0, ...[...cuts].sort((a, b) => a - b), bytes.length];
  return edges.slice(1).map((edge, index) => bytes.subarray(edges[index] ?? 0, edge));
}

const streams = [
  { peer: ofServer, samples: BACKEND_SAMPLES.map((sample) => sample.bytes) },
  { peer: ofClient, samples: FRONTEND_SAMPLES.map((sample) => sample.bytes) },
];

describe('FrameScanner', () => {
  it('cuts every sample whole, byte by byte, and split at every byte', () => {
    for (const { peer, samples } of streams) {
      for (const sample of samples) {
        const whole = scan(scannerOf(peer), [sample]);
        assert.equal(whole.all, sample.toString('latin1'));
        assert.equal(whole.frames.length + whole.ended, 1);
        assert.deepEqual(scan(scannerOf(peer), cutAt(sample, [...sample.keys()])), whole);
        for (const cut of sample.keys()) assert.deepEqual(scan(scannerOf(peer), cutAt(sample, [cut])), whole);
      }
    }
  });

  it('cuts pipelined frames alike, however the stream is split', () => {
    for (const { peer, samples } of streams) {
      const pipelined = Buffer.concat([...samples, ...samples]);
      const whole = scan(scannerOf(peer), [pipelined]);
      assert.equal(whole.all, pipelined.toString('latin1'));
      assert.equal(whole.frames.length + whole.ended, samples.length * 2);
      assert.deepEqual(scan(scannerOf(peer), cutAt(pipelined, [...pipelined.keys()])), whole);
      const cuts = fc.array(fc.nat(pipelined.length), { maxLength: 20 });
      fc.assert(
        fc.property(cuts, (at) => assert.deepEqual(scan(scannerOf(peer), cutAt(pipelined, at)), whole)),
        { numRuns: 300 },
      );
    }
  });

  it('copies nothing that came in one chunk', () => {
    const rows = BACKEND_SAMPLES.map((sample) => sample.bytes);
    const chunk = Buffer.concat(rows);
    const scanner = scannerOf(ofServer);
    scanner.push(chunk);
    while (scanner.next() !== 'none') assert.equal(scanner.bytes, chunk);
  });

  it('gives a run of streamed frames as one piece', () => {
    const row = frame('D').int16(1).int32(3).text('abc').end();
    const end = frame('C').cstring('SELECT 3').end();
    const scanner = scannerOf(ofServer);
    scanner.push(Buffer.concat([row, row, row, end]));
    assert.equal(scanner.next(), 'passed');
    assert.deepEqual([scanner.start, scanner.end, scanner.ended], [0, row.length * 3, 3]);
    assert.equal(scanner.next(), 'frame');
    assert.equal(scanner.next(), 'none');
    assert.ok(scanner.idle);
  });

  it('streams a row of 2 GB without holding it', () => {
    const scanner = scannerOf(ofServer, 100);
    const header = Buffer.from([0x44, 0x7f, 0xff, 0xff, 0xff]);
    const chunk = Buffer.alloc(1 << 20);
    scanner.push(header);
    assert.equal(scanner.next(), 'passed');
    assert.ok(scanner.midStream);
    for (let left = 0x7fffffff - 4; left > 0; left -= chunk.length) {
      const part = chunk.subarray(0, Math.min(left, chunk.length));
      scanner.push(part);
      assert.equal(scanner.next(), 'passed');
      assert.equal(scanner.bytes, part);
      assert.equal(scanner.next(), 'none');
    }
    assert.equal(scanner.ended, 1);
    assert.ok(scanner.idle);
  });

  it('keeps what was not consumed in front of the next chunk', () => {
    const [first, second] = [frame('Z').text('I').end(), frame('Z').text('T').end()];
    const scanner = scannerOf(ofServer);
    scanner.push(Buffer.concat([first, second.subarray(0, 2)]));
    scanner.push(second.subarray(2));
    assert.equal(scanner.next(), 'frame');
    assert.equal(scanner.next(), 'frame');
    assert.equal(scanner.body().restAsText(), 'T');
    assert.equal(scanner.next(), 'none');
  });

  it('lets the answers be changed while a frame is partly there', () => {
    const bytes = frame('Q').cstring('select 1').end();
    const scanner = scannerOf(ofClient);
    scanner.push(bytes.subarray(0, 3));
    assert.equal(scanner.next(), 'none');
    assert.ok(!scanner.idle);
    scanner.maxFrameBytes = 8;
    scanner.push(bytes.subarray(3));
    assert.throws(() => scanner.next(), tooLarge);
  });
});

describe('FrameScanner, start-up', () => {
  it('cuts packets without a type, then frames with one', () => {
    const query = frame('Q').cstring('select 1').end();
    for (const { bytes } of START_UP_SAMPLES) {
      const both = Buffer.concat([bytes, query]);
      for (const cuts of [[], [...both.keys()], ...[...both.keys()].map((cut) => [cut])]) {
        const scanner = scannerOf({ ...ofClient, startsUp: true });
        const seen: string[] = [];
        for (const chunk of cutAt(both, cuts)) {
          scanner.push(chunk);
          while (scanner.next() === 'frame') {
            seen.push(scanner.bytes.toString('latin1', scanner.start, scanner.end));
            scanner.startedUp();
          }
        }
        assert.deepEqual(seen, [bytes.toString('latin1'), query.toString('latin1')]);
      }
    }
  });

  it('refuses hostile lengths before anything is kept', () => {
    for (const length of [0, 7, -1, -2147483648]) {
      const scanner = scannerOf({ ...ofClient, startsUp: true });
      scanner.push(untypedFrame().end().fill(0).subarray(0, 0));
      const header = Buffer.alloc(4);
      header.writeInt32BE(length);
      scanner.push(header);
      assert.throws(() => scanner.next(), malformed);
    }
    for (const length of [10_001, 0x7fffffff]) {
      const header = Buffer.alloc(4);
      header.writeInt32BE(length);
      const scanner = scannerOf({ ...ofClient, startsUp: true });
      scanner.push(header);
      assert.throws(() => scanner.next(), tooLarge);
    }
  });
});

describe('FrameScanner, hostile input', () => {
  const header = (type: string, length: number) => {
    const bytes = Buffer.alloc(5);
    bytes.write(type, 'latin1');
    bytes.writeInt32BE(length, 1);
    return bytes;
  };

  it('refuses lengths below 4, too large ones and unknown types, whole and byte by byte', () => {
    const hostile: [Buffer, object][] = [
      ...[3, 0, -1, -2147483648].map((length): [Buffer, object] => [header('Q', length), malformed]),
      ...[3, 0, -1].map((length): [Buffer, object] => [header('d', length), malformed]),
      ...[MAX_FRAME_BYTES, 0x7fffffff].map((length): [Buffer, object] => [header('Q', length), tooLarge]),
      [Buffer.from('GET / HTTP/1.1\r\n'), malformed],
      [header('\0', 4), malformed],
      [header('Z', 5), malformed],
    ];
    for (const [bytes, expected] of hostile) {
      assert.throws(() => scan(scannerOf(ofClient), [bytes]), expected);
      assert.throws(() => scan(scannerOf(ofClient), cutAt(bytes, [...bytes.keys()])), expected);
    }
    const largest = header('Q', MAX_FRAME_BYTES - 1);
    assert.equal(scan(scannerOf(ofClient), [largest]).frames.length, 0);
  });

  it('survives anything: it cuts, waits or refuses', () => {
    const anything = fc.array(fc.uint8Array({ maxLength: 64 }), { maxLength: 8 });
    const everyType = { known: typeSet(String.fromCharCode(...Array(256).keys())), streamed: typeSet('Dd') };
    const survives = (chunks: Uint8Array[], peer: Peer) => {
      const buffers = chunks.map((chunk) => Buffer.from(chunk));
      try {
        const { all } = scan(scannerOf(peer, 1000), buffers);
        assert.ok(Buffer.concat(buffers).toString('latin1').startsWith(all));
      } catch (error) {
        if (!(error instanceof Error) || !('code' in error)) throw error;
        assert.match(String(error.code), /^wire\./);
      }
    };
    for (const peer of [ofClient, ofServer, { ...everyType, startsUp: false }]) {
      fc.assert(
        fc.property(anything, (chunks) => survives(chunks, peer)),
        { numRuns: 500 },
      );
    }
  });
});

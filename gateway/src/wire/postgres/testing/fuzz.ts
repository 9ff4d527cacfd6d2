import assert from 'node:assert/strict';
import fc from 'fast-check';
import { SluiceError } from '../../../../contract/error.ts';
import { BodyReader } from '../bytes/body-reader.ts';
import { FrameScanner } from '../frame-scanner.ts';
import { BACKEND_STREAMED, BACKEND_TYPES, FRONTEND_STREAMED, FRONTEND_TYPES } from '../frame-types.ts';
import { decodeBackend, decodeFrontend, encode } from '../index.ts';
import { decodeStartUpPacket, encodeStartUpPacket } from '../messages/frontend/start-up.ts';
import { madeUpVerifier } from '../scram/scram-keys.ts';
import { beginScramServer, finishScramServer } from '../scram/scram-server.ts';
import { BACKEND_SAMPLES, FRONTEND_SAMPLES, START_UP_SAMPLES } from './samples.ts';

const MAX_FRAME_BYTES = 4096;
const PEERS = {
  server: { known: BACKEND_TYPES, streamed: BACKEND_STREAMED, startsUp: false },
  client: { known: FRONTEND_TYPES, streamed: FRONTEND_STREAMED, startsUp: false },
  newClient: { known: FRONTEND_TYPES, streamed: FRONTEND_STREAMED, startsUp: true },
};
const SAMPLES = [...BACKEND_SAMPLES, ...FRONTEND_SAMPLES, ...START_UP_SAMPLES].map(({ bytes }) => bytes);

/** What a step gave, or the code with which it refused. Anything else that is thrown is a bug. */
function outcomeOf<Result>(step: () => Result): { done: Result } | { refused: string } {
  try {
    return { done: step() };
  } catch (error) {
    if (error instanceof SluiceError && error.code.startsWith('wire.')) return { refused: error.code };
    throw error;
  }
}

type Edit = { at: number; remove: number; insert: Uint8Array };
const edit: fc.Arbitrary<Edit> = fc.record({
  at: fc.nat(200),
  remove: fc.nat(4),
  insert: fc.oneof(
    fc.uint8Array({ maxLength: 5 }),
    fc.integer({ min: -2147483648, max: 2147483647 }).map((value) => {
      const bytes = Buffer.alloc(4);
      bytes.writeInt32BE(value);
      return bytes;
    }),
  ),
});

/** Samples in a row with bytes changed, removed and put in. */
const damaged: fc.Arbitrary<Buffer> = fc
  .tuple(
    fc.array(fc.constantFrom(...SAMPLES), { minLength: 1, maxLength: 6 }),
    fc.array(edit, { maxLength: 4 }),
  )
  .map(([samples, edits]) =>
    edits.reduce(
      (bytes, { at, remove, insert }) =>
        Buffer.concat([bytes.subarray(0, at), insert, bytes.subarray(at + remove)]),
      Buffer.concat(samples),
    ),
  );

function scan(peer: keyof typeof PEERS, chunks: readonly Buffer[]) {
  const scanner = new FrameScanner({ ...PEERS[peer], maxFrameBytes: MAX_FRAME_BYTES });
  const out: Buffer[] = [];
  let frames = 0;
  let ended = 0;
  const end = outcomeOf(() => {
    for (const chunk of chunks) {
      scanner.push(chunk);
      for (let piece = scanner.next(); piece !== 'none'; piece = scanner.next()) {
        out.push(Buffer.from(scanner.bytes.subarray(scanner.start, scanner.end)));
        if (piece === 'frame') frames += 1;
        else ended += scanner.ended;
        if (scanner.type === 0) scanner.startedUp();
      }
    }
    return scanner.idle;
  });
  return { bytes: Buffer.concat(out), frames, ended, end };
}

function split(bytes: Buffer, cuts: readonly number[]): Buffer[] {
  const edges = [0, ...cuts.map((cut) => cut % (bytes.length + 1)).sort((a, b) => a - b), bytes.length];
  return edges.slice(1).map((edge, index) => bytes.subarray(edges[index] ?? 0, edge));
}

const peers = fc.constantFrom<keyof typeof PEERS>('server', 'client', 'newClient');

/** However a stream is split, the same frames come out, and never a byte that did not come in. */
const scanning = fc.property(
  peers,
  damaged,
  fc.array(fc.nat(1000), { maxLength: 30 }),
  (peer, bytes, cuts) => {
    const whole = scan(peer, [bytes]);
    const parts = scan(peer, split(bytes, cuts));
    assert.deepEqual(parts.end, whole.end);
    assert.equal(parts.frames, whole.frames);
    assert.ok(bytes.subarray(0, parts.bytes.length).equals(parts.bytes));
    // A streamed run is given up to the last byte that came, so that only its end may be cut differently.
    if ('done' in whole.end) assert.equal(parts.ended, whole.ended);
  },
);

/** Whatever is decoded can be encoded, and means the same again. */
const decoding = fc.property(fc.nat(255), damaged, (type, bytes) => {
  for (const decode of [decodeBackend, decodeFrontend]) {
    const from = bytes[0] === undefined ? type : bytes[0];
    const outcome = outcomeOf(() => decode(from, new BodyReader(bytes, Math.min(5, bytes.length))));
    if (!('done' in outcome)) continue;
    const again = encode(outcome.done);
    assert.deepEqual(decode(from, new BodyReader(again, 5)), outcome.done);
  }
  const packet = outcomeOf(() => decodeStartUpPacket(new BodyReader(bytes, Math.min(4, bytes.length))));
  if ('done' in packet) {
    const again = encodeStartUpPacket(packet.done);
    assert.deepEqual(decodeStartUpPacket(new BodyReader(again, 4)), packet.done);
  }
});

const scramWord = fc.constantFrom(
  'n',
  'y',
  'p=tls-server-end-point',
  ',',
  'n=',
  'r=abc',
  'c=biws',
  'p=AA==',
  '=',
  'm=',
  'é',
);
const scramText = fc
  .array(fc.oneof(scramWord, fc.string({ maxLength: 4 })), { maxLength: 10 })
  .map((parts) => parts.join(''));

/** No sequence of messages proves a login that doesn't exist. */
const login = fc.property(scramText, scramText, fc.boolean(), (first, final, bound) => {
  const verifier = madeUpVerifier('nobody', Buffer.from('secret'));
  const begun = outcomeOf(() =>
    beginScramServer({
      mechanism: bound ? 'SCRAM-SHA-256-PLUS' : 'SCRAM-SHA-256',
      data: Buffer.from(first),
      verifier,
      endPoint: bound ? Buffer.alloc(32) : null,
      nonce: 'server',
    }),
  );
  if (!('done' in begun)) return;
  const { awaiting } = begun.done;
  const proof = Buffer.alloc(32).toString('base64');
  for (const text of [final, `c=${awaiting.binding},r=${awaiting.nonce},${final},p=${proof}`]) {
    const end = outcomeOf(() => finishScramServer(awaiting, Buffer.from(text)));
    assert.ok(!('done' in end) || end.done.kind === 'refused');
  }
});

/** Runs each property `runs` times from `seed`. Throws with the smallest counterexample. */
export function fuzz(seed: number, runs: number): void {
  const parameters = { seed, numRuns: runs };
  fc.assert(scanning, parameters);
  fc.assert(decoding, parameters);
  fc.assert(login, parameters);
}

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { BodyReader } from '../bytes/body-reader.ts';
import { frame, untypedFrame } from '../bytes/frame-builder.ts';
import { decodeBackend, decodeFrontend, encode } from '../index.ts';
import { BACKEND_SAMPLES, FRONTEND_SAMPLES, START_UP_SAMPLES } from '../testing/samples.ts';
import { rowsOfTag } from './backend/command-complete.ts';
import { DataRowCells } from './backend/data-row.ts';
import { decodeBindNames } from './frontend/bind.ts';
import { decodeStartUpPacket, encodeStartUpPacket } from './frontend/start-up.ts';

const malformed = { code: 'wire.protocolViolation' };
const typeOf = (bytes: Buffer) => bytes[0] ?? 0;
const bodyOf = (bytes: Buffer, end = bytes.length) => new BodyReader(bytes, 5, end);

describe('every message', () => {
  it('is decoded and encoded as the manual lists it', () => {
    for (const { bytes, message } of BACKEND_SAMPLES) {
      assert.deepEqual(decodeBackend(typeOf(bytes), bodyOf(bytes)), message);
      assert.deepEqual(encode(message), bytes);
    }
    for (const { bytes, message, reply } of FRONTEND_SAMPLES) {
      assert.deepEqual(decodeFrontend(typeOf(bytes), bodyOf(bytes), reply), message);
      assert.deepEqual(encode(message), bytes);
    }
    for (const { bytes, message } of START_UP_SAMPLES) {
      assert.deepEqual(decodeStartUpPacket(new BodyReader(bytes, 4)), message);
      assert.deepEqual(encodeStartUpPacket(message), bytes);
    }
  });

  it('is refused or told apart when it is cut short, and when it is too long', () => {
    const opaque = new Set(['d', 'p', 'R', 'K']);
    for (const { bytes } of [
      ...BACKEND_SAMPLES,
      ...FRONTEND_SAMPLES.filter((sample) => sample.reply === undefined),
    ]) {
      if (opaque.has(String.fromCharCode(typeOf(bytes)))) continue;
      const isBackend = BACKEND_SAMPLES.some((sample) => sample.bytes === bytes);
      const decode = isBackend ? decodeBackend : decodeFrontend;
      for (let end = 5; end < bytes.length; end += 1) {
        assert.throws(() => decode(typeOf(bytes), bodyOf(bytes, end)), malformed, bytes.toString('latin1'));
      }
      const longer = Buffer.concat([bytes, Buffer.from([0])]);
      assert.throws(() => decode(typeOf(bytes), bodyOf(longer)), malformed, bytes.toString('latin1'));
    }
  });

  it('refuses unknown types, codes and lengths', () => {
    const nothing = () => new BodyReader(Buffer.alloc(0));
    assert.throws(() => decodeBackend(0x51, nothing()), malformed);
    assert.throws(() => decodeFrontend(0x5a, nothing()), malformed);
    const wrong = [
      frame('Z').text('X').end(),
      frame('R').int32(1).end(),
      frame('G').uint8(2).int16(0).end(),
      frame('K').int32(1).bytes(Buffer.alloc(3)).end(),
      frame('K').int32(1).bytes(Buffer.alloc(257)).end(),
      frame('D').int16(1).int32(-2).end(),
      frame('D').int16(1).int32(0x7fffffff).end(),
    ];
    for (const bytes of wrong) assert.throws(() => decodeBackend(typeOf(bytes), bodyOf(bytes)), malformed);
    const object = frame('D').text('X').cstring('').end();
    assert.throws(() => decodeFrontend(typeOf(object), bodyOf(object)), malformed);
  });
});

describe('text', () => {
  const query = (bytes: number[]) => decodeFrontend(0x51, new BodyReader(Buffer.from(bytes)));

  it('takes the words of an error though the server cuts them in the middle of a character', () => {
    const cut = frame('E')
      .text('M')
      .bytes(Buffer.from([0x22, 0xe2, 0x80, 0x22, 0]))
      .uint8(0)
      .end();
    assert.deepEqual(decodeBackend(typeOf(cut), bodyOf(cut)), {
      type: 'errorResponse',
      fields: { message: '"\uFFFD"' },
    });
  });

  it('is strict UTF-8', () => {
    assert.deepEqual(query([0xef, 0xbf, 0xbd, 0]), { type: 'query', query: '\ufffd' });
    assert.deepEqual(query([0xef, 0xbb, 0xbf, 0]), { type: 'query', query: '\ufeff' });
    for (const bad of [[0xff], [0xc0, 0x80], [0xed, 0xa0, 0x80], [0xe2, 0x82], [0xef, 0xbf, 0xbd, 0xfe]]) {
      assert.throws(() => query([...bad, 0]), malformed);
    }
  });

  it('holds no NUL and no half of a surrogate pair', () => {
    for (const text of ['a\0b', '\ud800'])
      assert.throws(() => encode({ type: 'query', query: text }), malformed);
    assert.throws(() => new BodyReader(Buffer.from('a\0b')).restAsText(), malformed);
    assert.equal(new BodyReader(Buffer.from('ab')).restAsText(), 'ab');
  });
});

describe('start-up', () => {
  const decode = (bytes: Buffer) => decodeStartUpPacket(new BodyReader(bytes, 4));

  it('refuses another protocol in words', () => {
    for (const version of [0x20000, 0x40000, 0]) {
      assert.throws(() => decode(untypedFrame().int32(version).uint8(0).end()), { code: 'wire.unsupported' });
    }
  });

  it('refuses doubled parameters, a missing end and hostile cancel keys', () => {
    const doubled = untypedFrame()
      .int32(196608)
      .cstring('user')
      .cstring('a')
      .cstring('user')
      .cstring('b')
      .uint8(0);
    const open = untypedFrame().int32(196608).cstring('user').cstring('a');
    const odd = untypedFrame().int32(196608).cstring('user').uint8(0);
    const key = (bytes: number) => untypedFrame().int32(80877102).int32(1).bytes(Buffer.alloc(bytes));
    for (const packet of [doubled, open, odd, key(0), key(3), key(257)]) {
      assert.throws(() => decode(packet.end()), malformed);
    }
  });
});

describe('reading in place', () => {
  it('walks over the cells of a row', () => {
    const row = frame('D').int16(3).int32(2).text('ab').int32(-1).int32(0).end();
    const cells = new DataRowCells();
    cells.read(row, 5, row.length);
    const seen: (string | null)[] = [];
    while (cells.next()) {
      const text = row.toString('utf8', cells.start, cells.start + Math.max(cells.length, 0));
      seen.push(cells.length === -1 ? null : text);
    }
    assert.deepEqual(seen, ['ab', null, '']);
    assert.equal(cells.count, 3);
    for (let end = 5; end < row.length; end += 1) {
      const walk = () => {
        cells.read(row, 5, end);
        while (cells.next());
      };
      assert.throws(walk, malformed);
    }
  });

  it('reads the names of a Bind and leaves the rest', () => {
    const bind = frame('B').cstring('p').cstring('s').bytes(Buffer.alloc(100)).end();
    assert.deepEqual(decodeBindNames(bodyOf(bind)), { portal: 'p', statement: 's' });
  });

  it('counts the rows of a tag', () => {
    assert.deepEqual(['INSERT 0 5', 'SELECT 42', 'BEGIN', 'COPY 7', ''].map(rowsOfTag), [5, 42, 0, 7, 0]);
  });
});

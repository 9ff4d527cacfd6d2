import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { Frames, MAX_PACKET_BYTES } from './frames.ts';
import { readNames } from './names.ts';
import { PACKET } from './numbers.ts';
import { dataBytesOf, dataPacket, namePacket, readReply, statusPacket, versionPacket } from './reply.ts';
import { readRequest } from './request.ts';
import { extendedPacket, idOf, packetOf, requestPacket, setId } from './write-request.ts';

function framed(chunks: readonly Buffer[]): { packets: Buffer[]; isGood: boolean } {
  const packets: Buffer[] = [];
  const frames = new Frames((packet) => packets.push(Buffer.from(packet)));
  return { isGood: chunks.every((chunk) => frames.push(chunk)), packets };
}

function cut(bytes: Buffer, cuts: readonly number[]): Buffer[] {
  const ends = [...cuts.map((at) => at % (bytes.length + 1)), bytes.length].sort((one, other) => one - other);
  return ends.map((end, index) => bytes.subarray(ends[index - 1] ?? 0, end));
}

test('a stream is cut into the same packets wherever its pieces end', () => {
  const packets = fc.array(fc.uint8Array({ minLength: 1, maxLength: 40 }), { maxLength: 8 });
  fc.assert(
    fc.property(packets, fc.array(fc.nat(400), { maxLength: 12 }), (bodies, cuts) => {
      const wanted = bodies.map((body) => {
        const packet = Buffer.alloc(4 + body.length);
        packet.writeUInt32BE(body.length);
        packet.set(body, 4);
        return packet;
      });
      const got = framed(cut(Buffer.concat(wanted), cuts));
      assert.deepEqual(got, { isGood: true, packets: wanted });
    }),
  );
});

test('what is empty or too large ends the stream, before it is gathered', () => {
  for (const length of [0, MAX_PACKET_BYTES + 1, 0xffffffff]) {
    const header = Buffer.alloc(4);
    header.writeUInt32BE(length);
    assert.deepEqual(framed([header]), { isGood: false, packets: [] });
    assert.deepEqual(framed([header.subarray(0, 3), header.subarray(3)]), { isGood: false, packets: [] });
  }
});

test('requests are read as they are written', () => {
  const read = (packet: Buffer) => {
    const request = readRequest(setId(packet, 7));
    return request.ok ? request.value : assert.fail(request.why);
  };
  assert.deepEqual(read(requestPacket('read', (writer) => writer.string('ab').uint64(5n).uint32(9))), {
    type: 'read',
    id: 7,
    handle: 'ab',
    offset: 5,
    length: 9,
  });
  assert.deepEqual(
    read(extendedPacket('posix-rename@openssh.com', (writer) => writer.string('/é').string('b'))),
    {
      type: 'posixRename',
      id: 7,
      from: '/é',
      to: 'b',
    },
  );
  assert.equal(read(extendedPacket('copy-data', (writer) => writer.uint32(1))).type, 'unsupported');
  assert.equal(read(extendedPacket('hardlink@openssh.com', (writer) => writer)).type, 'unsupported');
  assert.equal(read(packetOf(99, (writer) => writer.uint32(7))).type, 'unsupported');
});

test('paths that two would read differently, and numbers beyond reason, are refused', () => {
  for (const packet of [
    requestPacket('stat', (writer) => writer.string(Buffer.from([0x2f, 0xff]))),
    requestPacket('stat', (writer) => writer.string('/a\0b')),
    requestPacket('stat', (writer) => writer.string('/a').uint8(1)),
    requestPacket('stat', (writer) => writer.uint32(100).bytes(Buffer.from('/a'))),
    requestPacket('read', (writer) =>
      writer
        .string('a')
        .uint64(2n ** 60n)
        .uint32(1),
    ),
  ])
    assert.equal(readRequest(packet).ok, false);
});

test('nothing that is read throws', () => {
  fc.assert(
    fc.property(fc.constantFrom(...Object.values(PACKET)), fc.uint8Array({ maxLength: 60 }), (type, body) => {
      const packet = packetOf(type, (writer) => writer.bytes(body));
      readRequest(packet);
      readReply(packet);
      readNames(packet);
      dataBytesOf(packet);
    }),
    { numRuns: 2000 },
  );
});

test('replies are read as they are written', () => {
  const read = (packet: Buffer) => {
    const reply = readReply(packet);
    return reply.ok ? reply.value : assert.fail(reply.why);
  };
  assert.deepEqual(read(versionPacket(['fsync@openssh.com'])), {
    type: 'version',
    version: 3,
    extensions: ['fsync@openssh.com'],
  });
  assert.deepEqual(read(statusPacket(1, { code: 3, message: 'no' })), {
    type: 'status',
    status: { code: 3, message: 'no' },
  });
  assert.deepEqual(read(namePacket(1, '/home')), { type: 'name', count: 1, first: '/home' });
  const data = dataPacket(3, Buffer.from('abc'));
  assert.deepEqual([dataBytesOf(data), idOf(data)], [3, 3]);
});

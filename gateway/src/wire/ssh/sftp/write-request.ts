import { Writer } from '../bytes/writer.ts';
import { PACKET } from './numbers.ts';

/** A packet with its length before it. `id` 0 is overwritten by whoever sends it. */
export function packetOf(type: number, fields: (writer: Writer) => Writer): Buffer {
  const body = fields(new Writer().uint8(type)).end();
  return new Writer().string(body).end();
}

/** A request of a client; its id is filled in when it is sent. */
export function requestPacket(type: keyof typeof PACKET, fields: (writer: Writer) => Writer): Buffer {
  return packetOf(PACKET[type], (writer) => fields(writer.uint32(0)));
}

/** A request that one of OpenSSH's extensions adds. */
export function extendedPacket(name: string, fields: (writer: Writer) => Writer): Buffer {
  return requestPacket('extended', (writer) => fields(writer.string(name)));
}

const ID_AT = 5;

/** The id of a packet that has one. */
export function idOf(packet: Buffer): number {
  return packet.readUInt32BE(ID_AT);
}

/** Puts another id into a packet, in place. */
export function setId(packet: Buffer, id: number): Buffer {
  packet.writeUInt32BE(id, ID_AT);
  return packet;
}

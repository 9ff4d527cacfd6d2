import { once } from 'node:events';
import { connect } from 'node:net';
import { encodeStartUpPacket } from '../../../wire/postgres/messages/frontend/start-up.ts';

/** Sends a CancelRequest for a key as node-postgres keeps it, and waits until the connection is closed. */
export async function cancelRequest(port: number, processId: number, secret: number): Promise<void> {
  const socket = connect(port, '127.0.0.1');
  const secretKey = Buffer.alloc(4);
  secretKey.writeInt32BE(secret);
  socket.end(encodeStartUpPacket({ type: 'cancelRequest', processId, secretKey }));
  socket.resume();
  await once(socket, 'close');
}

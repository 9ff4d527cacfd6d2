import type { Socket } from 'node:net';

/**
 * Sends what is written to a socket in one turn together. The library writes a packet in three parts (length, payload, tag),
 * each of which would be a call to the system, and a segment of its own to a socket without delay.
 */
export function writeTogether(socket: Socket): void {
  const write = socket.write.bind(socket);
  let isCorked = false;
  const send = () => {
    isCorked = false;
    socket.uncork();
  };
  Object.defineProperty(socket, 'write', {
    // Node puts another one in its place once the other side has ended.
    writable: true,
    value: (chunk: Uint8Array) => {
      if (!isCorked) {
        isCorked = true;
        socket.cork();
        process.nextTick(send);
      }
      return write(chunk);
    },
  });
}

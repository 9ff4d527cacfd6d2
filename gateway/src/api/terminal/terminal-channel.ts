import type { RawData, WebSocket } from 'ws';
import { assertNever } from '../../../contract/assert-never.ts';
import { TerminalRequest } from '../../../contract/terminal-channel.ts';
import { CLOSE, closeWith, keepAlive } from '../channel-socket.ts';
import type { KeptTerminal, Viewer } from './kept-terminal.ts';

/** Serves one WebSocket as what a terminal is shown on, until either of them ends. */
export function serveTerminalChannel(socket: WebSocket, terminal: KeptTerminal): void {
  const viewer: Viewer = {
    event: (event) => {
      if (socket.readyState !== socket.OPEN) return;
      socket.send(JSON.stringify(event));
      if (event.type === 'ended') socket.close(1000);
    },
    bytes: (bytes) => {
      if (socket.readyState === socket.OPEN) socket.send(bytes, { binary: true });
    },
    replaced: () => closeWith(socket, CLOSE.replaced, 'This terminal is shown somewhere else now.'),
  };
  const stopPings = keepAlive(socket);
  socket.on('error', () => undefined);
  socket.on('message', (data, isBinary) => {
    const understood = isBinary ? type(terminal, data) : act(terminal, data);
    if (!understood)
      closeWith(socket, CLOSE.unusable, 'The gateway did not understand a message of this client.');
  });
  socket.on('close', () => {
    stopPings();
    terminal.detach(viewer);
  });
  terminal.attach(viewer);
}

function type(terminal: KeptTerminal, data: RawData): true {
  terminal.typed(bytesOf(data));
  return true;
}

/** False for what is no message of this channel. */
function act(terminal: KeptTerminal, data: RawData): boolean {
  const request = TerminalRequest.safeParse(jsonOf(data)).data;
  switch (request?.type) {
    case undefined:
      return false;
    case 'resize':
      terminal.resize(request);
      return true;
    case 'seen':
      return terminal.seen(request.bytes);
    case 'close':
      terminal.close();
      return true;
    default:
      return assertNever(request);
  }
}

function jsonOf(data: RawData): unknown {
  try {
    return JSON.parse(bytesOf(data).toString('utf8'));
  } catch {
    return undefined;
  }
}

function bytesOf(data: RawData): Buffer {
  if (Array.isArray(data)) return Buffer.concat(data);
  return Buffer.isBuffer(data) ? data : Buffer.from(data);
}

import type { WebSocket } from 'ws';
import type { WatchEvent, WatchFrom } from '../../../contract/session-endpoints.ts';
import type { PrincipalHandle } from '../../core/access/principals.ts';
import type { OpenSession } from '../../core/sessions/open-session.ts';
import { CLOSE, closeWith, keepAlive, SIGNED_OUT } from '../channel-socket.ts';
import type { ApiServices } from '../services.ts';
import { recordingFor } from './handlers.ts';
import { maySee } from './view.ts';

export type Watched = { terminal: number; from: WatchFrom };

/**
 * Shows a terminal to somebody as it is recorded, until either of them ends. What is read is read from the disk, as
 * fast as this reader takes it, so that a slow one costs nobody anything.
 */
export async function serveWatchChannel(
  socket: WebSocket,
  session: OpenSession,
  { terminal, from }: Watched,
  handle: PrincipalHandle,
  services: ApiServices,
): Promise<void> {
  const left = new AbortController();
  const viewer = handle.current();
  const mayStill = (): boolean => {
    const now = handle.current();
    if (now !== null && maySee(now, session.who.id, services)) return true;
    closeWith(socket, CLOSE.signedOut, 'You may not watch this session any more.');
    return false;
  };
  const ends = [
    keepAlive(socket, () => void mayStill()),
    handle.onRevoked(() => closeWith(socket, CLOSE.signedOut, SIGNED_OUT)),
    () => left.abort(),
  ];
  socket.on('error', () => undefined);
  socket.on('close', () => {
    for (const end of ends.splice(0)) end();
  });
  socket.on('message', () => closeWith(socket, CLOSE.unusable, 'This channel only shows.'));
  if (viewer === null) return closeWith(socket, CLOSE.signedOut, SIGNED_OUT);
  try {
    const recording = await recordingFor(services, viewer, session.session.id, terminal);
    ends.push(session.watchedBy({ id: viewer.id, name: viewer.name }));
    if (socket.readyState !== socket.OPEN) for (const end of ends.splice(0)) end();
    let isLive = false;
    for await (const part of recording.follow(from, left.signal)) {
      if (part.isLive && !isLive) await send(socket, { type: 'live' });
      isLive = part.isLive;
      if (!mayStill()) return;
      if (part.lines !== '') await send(socket, { type: 'tape', lines: part.lines });
    }
    await send(socket, { type: 'ended' });
    socket.close(1000);
  } catch (error) {
    services.fault(error);
    closeWith(socket, CLOSE.lost, 'The recording can not be read.');
  }
}

/** Resolves once the socket has taken it. */
async function send(socket: WebSocket, event: WatchEvent): Promise<void> {
  if (socket.readyState !== socket.OPEN) return;
  await new Promise<void>((resolve) => {
    socket.send(JSON.stringify(event), () => resolve());
  });
}

import { parentPort } from 'node:worker_threads';
import type { WorkerMessage, WorkerRequest } from './worker-protocol.ts';

/** A worker that dies of its first question unless it was taught before: as one does whose memory is used up. */
let isTaught = false;

parentPort?.on('message', ({ id, ask }: WorkerRequest) => {
  if (ask === 'learn') isTaught = true;
  if (!isTaught) process.exit(1);
  const message: WorkerMessage = { id, reply: { kind: 'outline', outline: null } };
  parentPort?.postMessage(message);
});

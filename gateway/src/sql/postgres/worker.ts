import { parentPort } from 'node:worker_threads';
import { answer } from './answer.ts';
import { ready } from './parse/parser.ts';
import type { WorkerRequest } from './worker-protocol.ts';

/** The worker's whole life: one request in, one reply out, in order. Anything thrown ends it. */
const port = parentPort;
if (port === null) throw new Error('this module runs as a worker');
port.on('message', (request: WorkerRequest) => {
  void ready.then(() => port.postMessage({ id: request.id, reply: answer(request) }));
});

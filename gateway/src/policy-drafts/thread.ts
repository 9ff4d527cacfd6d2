import { parentPort } from 'node:worker_threads';
import { partAt } from '../core/policy/drafts/part.ts';
import { createPostgresEngine } from '../sql/postgres/engine.ts';
import { checkDraft } from './check-draft.ts';
import type { FromThread, ToThread } from './messages.ts';

const engine = createPostgresEngine();

parentPort?.on('message', (message: ToThread) => {
  void answer(message)
    .catch((error): FromThread => ({ kind: 'failed', why: String(error) }))
    .then((reply) => parentPort?.postMessage(reply));
});

async function answer(message: ToThread): Promise<FromThread> {
  if (message.kind === 'part') return { kind: 'part', part: partAt(message.wanted) };
  return { kind: 'checked', report: await checkDraft(message.documents, engine, new Date()) };
}

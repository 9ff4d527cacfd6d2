import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync, type SQLOutputValue } from 'node:sqlite';
import type { AuditEvent } from '../../../../contract/audit-event.ts';
import { PrincipalId, RecordId, SessionId } from '../../../../contract/ids.ts';
import { newRecordId } from '../../../core/flow/record-id.ts';
import { aRecord } from '../a-record.fixture.ts';
import { databaseFile } from '../database-file.ts';
import { openStore, type Store } from '../store.ts';

export const DONE = { status: 'done', sqlState: null, rows: 1, bytes: 10, durationMs: 1 } as const;
export const ADA = { id: PrincipalId.parse('person:ada@shop.example'), name: 'Ada' };

/** Records of these were made before this. */
export const OLD_BEFORE = new Date(0x0188_8000_0000);

/** The `n`-th of a series of records that are old. */
export function oldRecord(n: number, changes: Parameters<typeof aRecord>[1] = {}) {
  const id = RecordId.parse(`01880000-0000-7000-8000-${String(n).padStart(12, '0')}`);
  return aRecord(n, { id, outcome: DONE, ...changes });
}

export function anEvent(fact: AuditEvent['fact'], by: AuditEvent['by'] = null): AuditEvent {
  const at = new Date();
  return { id: newRecordId(at), at: at.toISOString(), by, fact };
}

/** A recording's file in the data folder, and the event that tells of it. */
export function recordingIn(dir: string, name: string, principal: string = ADA.id): AuditEvent {
  const session = SessionId.parse(name);
  const header = JSON.stringify({ version: 2, sluice: { session, terminal: 1, principal, target: 'shop' } });
  const text = `${header}\n[0.1,"o","hello from ${name}"]\n`;
  mkdirSync(join(dir, 'recordings'), { recursive: true });
  writeFileSync(join(dir, 'recordings', `${session}-1.cast`), text);
  const sha256 = createHash('sha256').update(text).digest('hex');
  return anEvent({ kind: 'recording', session, terminal: 1, bytes: Buffer.byteLength(text), sha256 });
}

/** What a purge took, as it was before. */
export type Taken = {
  rows: ReadonlyArray<Record<string, SQLOutputValue>>;
  recording: { file: string; bytes: Buffer };
};

/**
 * Fills a folder with a log that has everything in it: ends, events, recordings, a purge, two changes of keys. Resolves with
 * what the purge took.
 */
export async function filledLog(dir: string, records: number): Promise<Taken> {
  const store = await openStore({ dir });
  for (let n = 0; n < 20; n++) await store.recorder.keep(oldRecord(n));
  await store.recorder.note({ ...recordingIn(dir, 'session-0'), id: oldRecord(20).id });
  await store.audit.checkpoint();
  const taken = takenLater(dir);
  await store.audit.purge({ before: OLD_BEFORE, reason: 'a test', by: ADA });
  await fill(store, 0, records / 2);
  await store.audit.rotateKey(ADA);
  await store.recorder.note(recordingIn(dir, 'session-1'));
  await fill(store, records / 2, records);
  await store.audit.rotateKey(ADA);
  await fill(store, records, records + 5);
  await store.close();
  return taken;
}

function takenLater(dir: string): Taken {
  const raw = new DatabaseSync(databaseFile(dir), { readOnly: true });
  const rows = raw.prepare("select seq, body, salt, principal, target from log where kind = 'kept'").all();
  raw.close();
  const file = join(dir, 'recordings', 'session-0-1.cast');
  return { rows, recording: { file, bytes: readFileSync(file) } };
}

async function fill(store: Store, from: number, to: number): Promise<void> {
  const all: Promise<void>[] = [];
  for (let n = from; n < to; n++) {
    if (n % 10 === 0) {
      const { outcome: _, ...opening } = aRecord(n);
      await store.recorder.open(opening).durable();
      all.push(store.recorder.close(opening.id, DONE));
    } else all.push(store.recorder.keep(aRecord(n, { outcome: DONE })));
  }
  await Promise.all(all);
  await store.audit.checkpoint();
}

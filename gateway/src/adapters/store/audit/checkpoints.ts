import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import { z } from 'zod';
import type { AuditEvent } from '../../../../contract/audit-event.ts';
import { SluiceError } from '../../../../contract/error.ts';
import { parseCheckpoint, signCheckpoint } from '../../../core/audit/checkpoint.ts';
import type { Signer } from '../../../core/audit/note.ts';
import { rootOf } from '../../../core/audit/proofs.ts';
import { sameHash } from '../../../core/audit/tree-hash.ts';
import { NEWEST } from '../../../core/audit/verify.ts';
import { newRecordId } from '../../../core/flow/record-id.ts';
import { isFile } from './file-digest.ts';
import { KeyFiles } from './key-files.ts';
import type { TreeLog } from './tree-log.ts';

/** While records come in, no more than one checkpoint is signed in this time. */
export const CHECKPOINT_EVERY_MS = 1000;

const Last = z.object({ size: z.int(), key: z.string(), note: z.string() }).optional();

export type CheckpointsOptions = {
  raw: DatabaseSync;
  dir: string;
  log: TreeLog;
  nowMs: () => number;
  /** Told of every checkpoint once it is in the database. */
  onSigned(note: string): void;
};

/** Signs the tree, and keeps what was signed. */
export class Checkpoints {
  readonly #options: CheckpointsOptions;
  readonly #keys: KeyFiles;
  readonly #insert;
  #signer: Signer;
  #size: number;
  #newest: string;
  #atMs = Number.NEGATIVE_INFINITY;
  /** Signed in a transaction that has not ended. */
  #unpublished: string | null = null;

  /** @throws SluiceError `store.corrupt` when the key is not there, or the log is not what was signed */
  constructor(options: CheckpointsOptions) {
    const { raw, dir, log } = options;
    this.#options = options;
    this.#keys = new KeyFiles(dir);
    this.#insert = raw.prepare('insert into checkpoints (size, key, note) values (?, ?, ?)');
    const last = Last.parse(
      raw.prepare('select size, key, note from checkpoints order by number desc limit 1').get(),
    );
    if (last !== undefined) mustBeOf(log, last.note);
    // It is written once its commit is on disk, so a log that lacks what it signs has lost something, maybe all.
    const beside = this.#beside();
    if (beside !== null) mustBeOf(log, beside);
    this.#size = last?.size ?? 0;
    this.#newest = last?.note ?? '';
    this.#signer = this.#keys.inForce(last?.key ?? null);
    if (last === undefined) this.#begin();
    else this.#writeNewest(last.note);
  }

  /** The newest checkpoint; empty before the first. */
  get newest(): string {
    return this.#newest;
  }

  /** In a transaction that appends: signs what it appended when the last time is long enough ago. */
  signIfDue(): void {
    if (this.#options.nowMs() - this.#atMs >= CHECKPOINT_EVERY_MS) this.#sign([this.#signer]);
  }

  /** Once that transaction has ended. */
  publish(): void {
    if (this.#unpublished === null) return;
    this.#newest = this.#unpublished;
    this.#writeNewest(this.#unpublished);
    this.#options.onSigned(this.#unpublished);
    this.#unpublished = null;
  }

  /** Signs what is not signed yet, outside of any transaction. */
  catchUp(): void {
    if (this.#size === this.#options.log.size) return;
    this.#inTransaction(() => this.#sign([this.#signer]));
  }

  /** Goes over to a new key: the log tells of it, and both keys sign the tree that does. Returns the new one. */
  rotate(by: AuditEvent['by']): string {
    const next = this.#keys.next(this.#signer.verifier.name);
    const before = this.#signer;
    this.#inTransaction(() => {
      this.#tellOf(next, before, by);
      this.#signer = next;
      this.#sign([before, next]);
    });
    this.#keys.take();
    return next.verifier.text;
  }

  #begin(): void {
    this.#inTransaction(() => {
      this.#tellOf(this.#signer, null, null);
      this.#sign([this.#signer]);
    });
  }

  #tellOf({ verifier }: Signer, before: Signer | null, by: AuditEvent['by']): void {
    const at = new Date(this.#options.nowMs());
    const event: AuditEvent = {
      id: newRecordId(at),
      at: at.toISOString(),
      by,
      fact: { kind: 'auditKey', key: verifier.text, before: before?.verifier.text ?? null },
    };
    this.#options.log.append({ type: 'event', record: event.id, body: JSON.stringify(event) });
  }

  #sign(signers: readonly [Signer, ...Signer[]]): void {
    const { log, nowMs } = this.#options;
    if (log.size === this.#size) return;
    const note = signCheckpoint({ size: log.size, root: log.root() }, signers);
    this.#insert.run(log.size, this.#signer.verifier.text, note);
    this.#size = log.size;
    this.#atMs = nowMs();
    this.#unpublished = note;
  }

  #inTransaction(work: () => void): void {
    const { raw } = this.#options;
    raw.exec('begin immediate');
    work();
    raw.exec('commit');
    this.publish();
  }

  get #file(): string {
    return join(this.#options.dir, NEWEST);
  }

  /** What stands beside the database; null where that is no checkpoint, as a power cut may leave it. */
  #beside(): string | null {
    const note = isFile(this.#file) ? readFileSync(this.#file, 'utf8') : '';
    return parseCheckpoint(note) === null ? null : note;
  }

  /** Without a flush: after a power cut an older one may stand here, and the next start writes it again. */
  #writeNewest(note: string): void {
    const file = this.#file;
    writeFileSync(`${file}.tmp`, note, { mode: 0o600 });
    renameSync(`${file}.tmp`, file);
  }
}

/** Nothing is signed on top of a log that was changed. */
function mustBeOf({ size, stored }: TreeLog, note: string): void {
  const checkpoint = parseCheckpoint(note)?.checkpoint;
  if (checkpoint !== undefined && checkpoint.size <= size) {
    if (sameHash(rootOf(checkpoint.size, stored.subtreeAt), checkpoint.root)) return;
  }
  throw new SluiceError(
    'store.corrupt',
    'The log is not the one that its last checkpoint was signed for: it was changed or cut off.',
    'Keep the folder for examination: `sluice audit verify` says where. Start with a copy from your backup.',
  );
}

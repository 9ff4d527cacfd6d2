import type { DatabaseSync } from 'node:sqlite';
import { assertNever } from '../../../contract/assert-never.ts';
import type { Write } from './messages.ts';

/** Commits batches of writes: one transaction, and so one fsync, for all of a batch. */
export class Writer {
  readonly #raw: DatabaseSync;
  readonly #append;
  readonly #put;
  readonly #delete;

  constructor(raw: DatabaseSync) {
    this.#raw = raw;
    this.#append = raw.prepare(
      'insert into log (kind, record, principal, target, body) values (?, ?, ?, ?, ?)',
    );
    this.#put = raw.prepare(
      `insert into documents (collection, key, value, expires_at_ms) values (?, ?, ?, ?)
       on conflict (collection, key) do update set value = excluded.value, expires_at_ms = excluded.expires_at_ms`,
    );
    this.#delete = raw.prepare('delete from documents where collection = ? and key = ?');
  }

  commit(writes: readonly Write[]): void {
    this.#raw.exec('begin immediate');
    for (const write of writes) this.#apply(write);
    this.#raw.exec('commit');
  }

  #apply(write: Write): void {
    switch (write.type) {
      case 'opened':
      case 'kept':
        this.#append.run(write.type, write.record, write.principal, write.target, write.body);
        return;
      case 'closed':
        this.#append.run(write.type, write.record, null, null, write.body);
        return;
      case 'put':
        this.#put.run(write.collection, write.key, write.value, write.expiresAtMs);
        return;
      case 'delete':
        this.#delete.run(write.collection, write.key);
        return;
      default:
        assertNever(write);
    }
  }
}

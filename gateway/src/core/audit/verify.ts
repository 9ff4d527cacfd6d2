import { AuditEvent } from '../../../contract/audit-event.ts';
import { madeAtMs } from '../flow/record-id.ts';
import { parseCheckpoint } from './checkpoint.ts';
import { CompactRange, type OnSubtree } from './compact-range.ts';
import { KeyChain } from './key-chain.ts';
import { isEntryKind, Kinds } from './kinds.ts';
import { commitmentTo, type EntryKind, hashOfEntry } from './leaf.ts';
import { Purges } from './purges.ts';
import { type Subject, subjectOf } from './subject.ts';
import { HASH_BYTES, type Hash, sameHash } from './tree-hash.ts';

/** An entry of a log as somebody kept it. `body` and `salt` are null once they were purged. */
export type KeptLeaf = {
  /** From 1 on. */
  seq: number;
  kind: string;
  record: string;
  body: string | null;
  salt: Uint8Array | null;
  commitment: Uint8Array;
  /** What is kept beside the body to find it by; absent where nothing is. */
  subject?: Subject;
};

/** `number` counts from 1 on. `key`: which one it is kept as signed by; absent where that is not kept. */
export type KeptCheckpoint = { number: number; size: number; note: string; key?: string };

export type RecordingName = { session: string; terminal: number };
export type RecordingFile = { bytes: number; sha256: string };

/** All of a log, from wherever it is read. */
export type KeptLog = LogPart & LogSurroundings;

export type LogPart = {
  /** In the order of `seq`. */
  leaves: Iterable<KeptLeaf>;
  /** In the order of their numbers. */
  checkpoints: Iterable<KeptCheckpoint>;
  /** Checkpoints that are kept elsewhere, with where: the newest in a file, a witness's. */
  copies: ReadonlyArray<{ where: string; note: string }>;
};

export type LogSurroundings = {
  /** Hashes of subtrees that are kept at some levels; null where none are. */
  tiles: { levels: number; count(): number; at(level: number, index: number): Hash | null } | null;
  /** What a terminal's recording is; null when it is not there. Absent where recordings are not at hand. */
  recording?(session: string, terminal: number): RecordingFile | null;
  /** Recordings that are complete, by their files. Absent also where the log may not tell of all of them yet. */
  recordings?(): Iterable<RecordingName>;
  /** Whether a purge that is under way, or that the next start goes on with, has yet to delete it. */
  isBeingDeleted?(session: string, terminal: number): boolean;
  /** Which records entries are of: asked where only their numbers are known. */
  recordsAt?(seqs: readonly number[]): ReadonlyMap<number, string>;
};

/** Something wrong. `seq` and `record` where it is one entry. */
export type Problem = { seq: number | null; record: string | null; what: string };

export type Verdict = {
  /** In the order of the log; of very many the first. Empty: the log is sound. */
  problems: Problem[];
  size: number;
  /** Leaves that a checkpoint covers. */
  signed: number;
  /** How much time passed, by their ids, while those behind were made. */
  unsignedMs: number;
  checkpoints: number;
  purged: number;
  recordings: number;
  /** The keys that signed it, the first one first. */
  keys: readonly string[];
  /** The newest checkpoint that is right. */
  newest: string | null;
};

const MAX_PROBLEMS = 100;

/**
 * Reads a whole log and says what is wrong in it: leaves that are missing, changed or in another order, checkpoints that
 * do not fit them or that another key has signed, tiles, purges and recordings that do not fit what is told of them.
 *
 * @param key a verifier key that is known to have signed this log; null takes the log's word for it
 */
export function verifyLog(log: KeptLog, key: string | null): Verdict {
  const verifier = new LogVerifier(log);
  verifier.take(log);
  return verifier.verdict(key);
}

type Claim = { where: string; size: number; note: string; key?: string | undefined };

/** As `verifyLog`, over a log that is read part by part: each `take` brings what came behind. */
export class LogVerifier {
  readonly #log: LogSurroundings;
  readonly #problems: Problem[] = [];
  readonly #keys = new KeyChain();
  readonly #kinds = new Kinds();
  readonly #purges = new Purges();
  readonly #recordings: Array<{ seq: number; record: string } & RecordingName & RecordingFile> = [];
  readonly #deleted = new Set<string>();
  #claims: Claim[] = [];
  #lastCheckpoint: KeptCheckpoint = { number: 0, size: 0, note: '' };
  readonly #range: CompactRange;
  #nextClaim = 0;
  /** Leaves before this one came with an earlier part. */
  #partBegins = 0;
  #tiles = 0;
  #checkpoints = 0;
  #signed = 0;
  /** When the leaves that are not signed were made: the first and the last, in milliseconds since the epoch. */
  #unsigned: [number, number] | null = null;
  #newest: string | null = null;
  #isTreeRight = true;

  /** `onSubtree` is told of every full subtree of the tree. */
  constructor(log: LogSurroundings, onSubtree: OnSubtree = () => undefined) {
    this.#log = log;
    this.#range = new CompactRange((level, index, hash) => {
      this.#subtree(level, index, hash);
      onSubtree(level, index, hash);
    });
  }

  take(part: LogPart): void {
    this.#claims = this.#claimsOf(part);
    this.#partBegins = this.#range.size;
    this.#nextClaim = 0;
    this.#checkClaims();
    for (const leaf of part.leaves) {
      if (!this.#isNext(leaf)) return;
      this.#leaf(leaf);
      this.#checkClaims();
    }
  }

  verdict(key: string | null): Verdict {
    this.#checkEnd();
    if (key !== null && !this.#keys.keys.includes(key.trim())) {
      this.#wrong(null, `the log is not signed by ${key.trim()}`);
    }
    return {
      problems: this.#problems,
      size: this.#range.size,
      signed: this.#signed,
      unsignedMs: this.#unsigned === null ? 0 : this.#unsigned[1] - this.#unsigned[0],
      checkpoints: this.#checkpoints,
      purged: this.#purges.count,
      recordings: this.#recordings.length,
      keys: this.#keys.keys,
      newest: this.#newest,
    };
  }

  #claimsOf({ checkpoints, copies }: LogPart): Claim[] {
    const claims: Claim[] = [];
    let before = this.#lastCheckpoint;
    for (const checkpoint of checkpoints) {
      const { number, size, note, key } = checkpoint;
      if (number !== before.number + 1) this.#wrong(null, `checkpoint ${before.number + 1} is missing`);
      else if (size <= before.size)
        this.#wrong(null, `checkpoint ${number} is of no larger tree than the one before`);
      claims.push({ where: `checkpoint ${number}`, size, note, key });
      before = checkpoint;
      this.#checkpoints += 1;
    }
    const notes = new Set([this.#lastCheckpoint.note, ...claims.map(({ note }) => note)]);
    this.#lastCheckpoint = before;
    for (const { where, note } of copies) {
      const size = parseCheckpoint(note)?.checkpoint.size;
      if (size === undefined) this.#wrong(null, `${where} holds no checkpoint`);
      else claims.push({ where, size, note });
      if (where === NEWEST && !notes.has(note))
        this.#wrong(null, `${where} is no checkpoint that the log has`);
    }
    return claims.sort((one, other) => one.size - other.size);
  }

  #isNext({ seq, kind, record }: KeptLeaf): boolean {
    const expected = this.#range.size + 1;
    if (seq === expected) return true;
    const missing = seq - expected > 1 ? `records ${expected} to ${seq - 1} are` : `record ${expected} is`;
    this.#isTreeRight = false;
    this.#problems.push({ seq, record, what: `${missing} missing before this one (${kind})` });
    return false;
  }

  #leaf(leaf: KeptLeaf): void {
    const { kind, record, body, commitment } = leaf;
    if (!isEntryKind(kind) || commitment.length !== HASH_BYTES) {
      this.#wrong(leaf, 'it is no entry of a log');
      this.#range.append(new Uint8Array(HASH_BYTES));
      return;
    }
    this.#wrongIf(leaf, this.#kinds.take(kind, record));
    if (body === null) this.#gone(leaf);
    else this.#body(leaf, kind, body);
    if (kind !== 'closed') this.#madeAt(madeAtMs(record));
    this.#range.append(hashOfEntry(kind, record, commitment));
  }

  #gone(leaf: KeptLeaf): void {
    this.#purges.gone(leaf.seq - 1);
    if (leaf.salt !== null) this.#wrong(leaf, 'its content is gone, and its salt is still kept');
    const { principal = null, target = null } = leaf.subject ?? {};
    if (principal !== null || target !== null) {
      this.#wrong(leaf, 'its content is gone, and a person or target is still kept beside it');
    }
  }

  #madeAt(ms: number | null): void {
    if (ms === null) return;
    const [first, last] = this.#unsigned ?? [ms, ms];
    this.#unsigned = [Math.min(first, ms), Math.max(last, ms)];
  }

  #body(leaf: KeptLeaf, kind: EntryKind, body: string): void {
    const { salt, commitment, subject } = leaf;
    if (salt === null || !sameHash(commitmentTo(salt, body), commitment)) {
      this.#wrong(leaf, 'it is not what it was: its content does not have its hash');
      return;
    }
    try {
      if (subject !== undefined) this.#wrongIf(leaf, differs(subject, subjectOf(kind, body)));
      if (kind === 'event') this.#event(leaf, AuditEvent.parse(JSON.parse(body)));
    } catch {
      this.#wrong(leaf, 'it is not as gateways write records');
    }
  }

  #event(leaf: KeptLeaf, { fact }: AuditEvent): void {
    const { seq, record } = leaf;
    if (fact.kind === 'auditKey') this.#wrongIf(leaf, this.#keys.take(fact, seq));
    if (fact.kind === 'recording') this.#recordings.push({ ...fact, seq, record });
    if (fact.kind !== 'purged') return;
    this.#purges.told(fact, this.#partBegins);
    for (const { session, terminal } of fact.recordings ?? []) this.#deleted.add(`${session} ${terminal}`);
  }

  #subtree(level: number, index: number, hash: Hash): void {
    const { tiles } = this.#log;
    if (tiles === null || level === 0 || level % tiles.levels !== 0) return;
    this.#tiles += 1;
    const kept = tiles.at(level, index);
    if (kept !== null && sameHash(kept, hash)) return;
    const leaves = 2 ** level;
    const range = `${index * leaves + 1} to ${(index + 1) * leaves}`;
    this.#wrong(null, `the hash that is kept over records ${range} is not theirs`);
  }

  #checkClaims(): void {
    const { size } = this.#range;
    for (;;) {
      const claim = this.#claims[this.#nextClaim];
      if (claim === undefined || claim.size > size) return;
      this.#nextClaim += 1;
      if (claim.size === size) this.#check(claim);
      else
        this.#wrong(
          null,
          `${claim.where} is of a tree of ${claim.size} records, and stands where it can not`,
        );
    }
  }

  #check({ where, size, note: text, key }: Claim): void {
    const parsed = parseCheckpoint(text);
    if (parsed === null || parsed.checkpoint.size !== size) {
      this.#wrong(null, `${where} is no checkpoint of ${size} records`);
      return;
    }
    const { checkpoint, note } = parsed;
    const against = this.#keys.check(note, checkpoint.origin, size);
    if (against !== null) {
      this.#wrong(null, `${where}, of ${size} records, does not count: ${against}`);
      return;
    }
    if (key !== undefined && key !== this.#keys.keys.at(-1))
      this.#wrong(null, `${where} is kept as signed by another key than it is`);
    if (sameHash(checkpoint.root, this.#range.root())) {
      this.#signed = size;
      this.#unsigned = null;
      this.#newest = text;
      return;
    }
    // One that was changed makes all later trees others too.
    if (this.#isTreeRight) {
      this.#wrong(
        null,
        `of records ${this.#signed + 1} to ${size} one was changed, left out, added or moved after ${where} was signed`,
      );
    }
    this.#isTreeRight = false;
  }

  #checkEnd(): void {
    const { size } = this.#range;
    const ahead = this.#claims.slice(this.#nextClaim).at(-1);
    if (ahead !== undefined && this.#isTreeRight) {
      this.#wrong(
        null,
        `records ${size + 1} to ${ahead.size} are missing at the end: ${ahead.where} was signed with them`,
      );
    }
    if (size > 0 && this.#checkpoints + this.#claims.length === 0)
      this.#wrong(null, 'no checkpoint has signed it');
    this.#wrongIf(null, this.#keys.unconfirmed());
    const { tiles } = this.#log;
    if (tiles !== null && this.#isTreeRight && tiles.count() !== this.#tiles) {
      this.#wrong(null, `${tiles.count()} hashes of subtrees are kept where ${this.#tiles} belong`);
    }
    this.#checkPurges();
    this.#checkRecordings();
  }

  #checkPurges(): void {
    const untold = this.#purges.untold();
    if (untold !== null)
      this.#wrong(null, `the content of record ${untold + 1} is gone, and no purge took it`);
    else if (this.#purges.excess() > 0) {
      this.#wrong(null, `the contents of ${this.#purges.excess()} records more are gone than purges took`);
    }
    this.#checkRestored(this.#purges.restored(this.#range.size, MAX_PROBLEMS).map((leaf) => leaf + 1));
  }

  #checkRestored(seqs: readonly number[]): void {
    if (seqs.length === 0) return;
    const records = this.#log.recordsAt?.(seqs);
    for (const seq of seqs) {
      const record = records?.get(seq);
      if (record === undefined)
        this.#wrong(null, `a purge took the content of record ${seq}, and it is there`);
      else this.#wrong({ seq, record }, 'a purge took its content, and it is there');
    }
  }

  #checkRecordings(): void {
    const { recording, isBeingDeleted } = this.#log;
    if (recording === undefined) return;
    for (const told of this.#recordings) {
      const { session, terminal } = told;
      const isDeleted = this.#deleted.has(`${session} ${terminal}`);
      if (isDeleted && isBeingDeleted?.(session, terminal)) continue;
      const against = wrongWithFile(recording(session, terminal), told, isDeleted);
      const name = `the recording of terminal ${terminal} of session ${session}`;
      if (against !== null) this.#wrong(told, `${name} ${against}`);
    }
    this.#checkUntold();
  }

  /** A recording that nobody told of could be anybody's. */
  #checkUntold(): void {
    if (!this.#isTreeRight) return;
    const told = new Set(this.#recordings.map(({ session, terminal }) => `${session} ${terminal}`));
    for (const { session, terminal } of this.#log.recordings?.() ?? []) {
      if (told.has(`${session} ${terminal}`)) continue;
      this.#wrong(
        null,
        `the recording of terminal ${terminal} of session ${session} is in no entry of the log`,
      );
    }
  }

  #wrongIf(leaf: { seq: number; record: string } | null, what: string | null): void {
    if (what !== null) this.#wrong(leaf, what);
  }

  #wrong(leaf: { seq: number; record: string } | null, what: string): void {
    if (this.#problems.length >= MAX_PROBLEMS) return;
    this.#problems.push({ seq: leaf?.seq ?? null, record: leaf?.record ?? null, what });
  }
}

/** Where the newest checkpoint is kept beside the database. */
export const NEWEST = 'audit/checkpoint';

function differs(kept: Subject, own: Subject): string | null {
  if (kept.principal === own.principal && kept.target === own.target) return null;
  return 'it is kept under another person or target than it is of';
}

function wrongWithFile(file: RecordingFile | null, told: RecordingFile, isDeleted: boolean): string | null {
  if (isDeleted) return file === null ? null : 'was deleted by a purge, and is there again';
  if (file === null) return 'is missing';
  return file.sha256 === told.sha256 && file.bytes === told.bytes ? null : 'is not what it was';
}

/** A problem as a line: "record 0198… (17, 2026-01-01T00:00:00.000Z): …". */
export function problemInWords({ seq, record, what }: Problem): string {
  if (record === null) return what;
  const ms = madeAtMs(record);
  return `record ${record} (${seq}${ms === null ? '' : `, ${new Date(ms).toISOString()}`}): ${what}`;
}

import { closeSync, existsSync, mkdirSync, openSync, readSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { SluiceError } from '../../../../contract/error.ts';
import { type Proof, prove } from '../../../core/audit/proof.ts';
import type { Hash } from '../../../core/audit/tree-hash.ts';
import { type KeptCheckpoint, type KeptLeaf, LogVerifier } from '../../../core/audit/verify.ts';
import type { LogReader } from './kept-folder.ts';

const LEAVES = 'leaves.jsonl';
const CHECKPOINTS = 'checkpoints.jsonl';
const CHUNK_BYTES = 1024 * 1024;

const Base64 = z.base64().transform((text) => Buffer.from(text, 'base64'));
const Leaf = z.object({
  seq: z.int(),
  kind: z.string(),
  record: z.string(),
  body: z.string().nullable(),
  salt: Base64.nullable(),
  commitment: Base64,
});
const Checkpoint = z.object({ number: z.int(), size: z.int(), note: z.string() });

export function isExport(dir: string): boolean {
  return existsSync(join(dir, LEAVES));
}

/** Writes a log as JSON Lines: leaves and checkpoints, which `readExport` reads. Returns how many leaves there are. */
export function writeExport(log: LogReader, dir: string): number {
  mkdirSync(dir, { recursive: true, mode: 0o700 });
  let count = 0;
  writeLines(join(dir, LEAVES), log.leaves, ({ seq, kind, record, body, salt, commitment }: KeptLeaf) => {
    count += 1;
    return {
      seq,
      kind,
      record,
      body,
      salt: salt === null ? null : base64(salt),
      commitment: base64(commitment),
    };
  });
  writeLines(join(dir, CHECKPOINTS), log.checkpoints, (checkpoint: KeptCheckpoint) => checkpoint);
  return count;
}

export function readExport(dir: string): LogReader {
  const leaves = () => linesOf(join(dir, LEAVES), Leaf);
  return {
    leaves: leaves(),
    checkpoints: linesOf(join(dir, CHECKPOINTS), Checkpoint),
    copies: [],
    tiles: null,
    recordsAt: (seqs) => recordsAt(leaves(), new Set(seqs)),
    waiting: 0,
    damage: () => [],
    prove: (record) => proveFrom(leaves(), linesOf(join(dir, CHECKPOINTS), Checkpoint), record),
    close: () => undefined,
  };
}

function recordsAt(leaves: Iterable<KeptLeaf>, wanted: ReadonlySet<number>): Map<number, string> {
  const records = new Map<number, string>();
  for (const { seq, record } of leaves) if (wanted.has(seq)) records.set(seq, record);
  return records;
}

/** An export has no tiles: the whole tree is made for one proof. */
function proveFrom(
  leaves: Iterable<KeptLeaf>,
  checkpoints: Iterable<KeptCheckpoint>,
  record: string,
): Proof | null {
  const hashes = new Map<string, Hash>();
  const own: KeptLeaf[] = [];
  const keep = function* (): Generator<KeptLeaf> {
    for (const leaf of leaves) {
      if (leaf.record === record) own.push(leaf);
      yield leaf;
    }
  };
  const verifier = new LogVerifier({ tiles: null }, (level, index, hash) =>
    hashes.set(`${level} ${index}`, hash),
  );
  verifier.take({ leaves: keep(), checkpoints, copies: [] });
  const { problems, newest, signed, keys } = verifier.verdict(null);
  const key = keys.at(-1);
  if (newest === null || key === undefined || problems.length > 0) return null;
  const covered = own.filter(({ seq }) => seq <= signed);
  const subtreeAt = (level: number, index: number): Hash => {
    const hash = hashes.get(`${level} ${index}`);
    if (hash === undefined) throw new Error('a subtree of the export is not full');
    return hash;
  };
  return covered.length === 0 ? null : prove(covered, { note: newest, size: signed, key }, subtreeAt);
}

function writeLines<Row>(path: string, rows: Iterable<Row>, shown: (row: Row) => unknown): void {
  const file = openSync(path, 'wx', 0o600);
  try {
    let text = '';
    for (const row of rows) {
      text += `${JSON.stringify(shown(row))}\n`;
      if (text.length < CHUNK_BYTES) continue;
      writeFileSync(file, text);
      text = '';
    }
    writeFileSync(file, text);
  } finally {
    closeSync(file);
  }
}

function* linesOf<Row>(path: string, row: z.ZodType<Row>): Generator<Row> {
  const file = openSync(path, 'r');
  const decoder = new TextDecoder();
  const chunk = Buffer.allocUnsafe(CHUNK_BYTES);
  try {
    let rest = '';
    let number = 0;
    for (let read = readSync(file, chunk); read > 0; read = readSync(file, chunk)) {
      const lines = (rest + decoder.decode(chunk.subarray(0, read), { stream: true })).split('\n');
      rest = lines.pop() ?? '';
      for (const line of lines) yield parsed(line, row, path, ++number);
    }
    if (rest !== '') yield parsed(rest, row, path, number + 1);
  } finally {
    closeSync(file);
  }
}

function parsed<Row>(line: string, row: z.ZodType<Row>, path: string, number: number): Row {
  try {
    return row.parse(JSON.parse(line));
  } catch (cause) {
    throw new SluiceError('store.corrupt', `Line ${number} of ${path} is none of an export.`, '', { cause });
  }
}

function base64(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('base64');
}

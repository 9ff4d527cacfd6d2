import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { gunzipSync } from 'node:zlib';
import { z } from 'zod';

const SQLITE = Buffer.from('SQLite format 3\0');
const GZIP = Buffer.from([0x1f, 0x8b, 8]);

/** Every file below `folder`. Links are not followed: some labs have one that leads to itself. */
export function filesBelow(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return filesBelow(path);
    return entry.isFile() ? [path] : [];
  });
}

/** What stands in a file: its bytes, and what they hold in a form that a search over them would not see. */
export function contentsOf(file: string): Buffer[] {
  const bytes = readFileSync(file);
  return [bytes, ...unpacked(bytes), ...(startsWith(bytes, SQLITE) ? valuesOf(file) : [])];
}

function unpacked(bytes: Buffer): Buffer[] {
  if (!startsWith(bytes, GZIP)) return [];
  try {
    const inner = gunzipSync(bytes);
    return [inner, ...unpacked(inner)];
  } catch {
    // It only begins like one, or is cut: its bytes are looked into anyway.
    return [];
  }
}

/** Every value of a database: a long one is spread over pages, which need not be neighbours. */
function valuesOf(file: string): Buffer[] {
  try {
    using database = new DatabaseSync(file, { readOnly: true });
    const tables = z
      .array(z.object({ name: z.string() }))
      .parse(database.prepare(`select name from sqlite_master where type = 'table'`).all());
    return tables.flatMap(({ name }) => {
      const rows = database.prepare(`select * from "${name.replaceAll('"', '""')}"`).all();
      return rows.flatMap((row) => Object.values(row).flatMap(bytesOf));
    });
  } catch {
    // Some tests damage one on purpose: its bytes are looked into anyway.
    return [];
  }
}

function bytesOf(value: unknown): Buffer[] {
  if (typeof value === 'string') return [Buffer.from(value)];
  return value instanceof Uint8Array ? [Buffer.from(value)] : [];
}

function startsWith(bytes: Buffer, start: Buffer): boolean {
  return bytes.subarray(0, start.length).equals(start);
}

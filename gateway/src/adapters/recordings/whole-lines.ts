import type { FileHandle } from 'node:fs/promises';

const CHUNK_BYTES = 64 * 1024;
/** A line holds at most one chunk of output; JSON writes a byte as six characters at most. */
const MAX_LINE_BYTES = 16 * 1024 * 1024;
const LINE_END = 0x0a;

/** The bytes of a file from `from` to `to`, in chunks. */
export async function* bytesOf(file: FileHandle, from: number, to: number): AsyncIterable<Buffer> {
  for (let at = from; at < to; ) {
    const { bytesRead, buffer } = await file.read(
      Buffer.alloc(CHUNK_BYTES),
      0,
      Math.min(CHUNK_BYTES, to - at),
      at,
    );
    if (bytesRead === 0) return;
    yield buffer.subarray(0, bytesRead);
    at += bytesRead;
  }
}

/** The lines of a file from `from` to `to`, some at a time, whole ones; what stands behind the last end is left out. */
export async function* linesOf(file: FileHandle, from: number, to: number): AsyncIterable<string> {
  let rest = Buffer.alloc(0);
  for await (const chunk of bytesOf(file, from, to)) {
    const bytes = Buffer.concat([rest, chunk]);
    const end = bytes.lastIndexOf(LINE_END) + 1;
    if (end > 0) yield bytes.toString('utf8', 0, end);
    rest = bytes.subarray(end);
    if (rest.byteLength > MAX_LINE_BYTES) return;
  }
}

/** The first line with its end; null where there is none. */
export async function firstLine(file: FileHandle): Promise<string | null> {
  const { bytesRead, buffer } = await file.read(Buffer.alloc(CHUNK_BYTES), 0, CHUNK_BYTES, 0);
  const end = buffer.subarray(0, bytesRead).indexOf(LINE_END) + 1;
  return end === 0 ? null : buffer.toString('utf8', 0, end);
}

import {
  type FileContent,
  type FileEntry,
  type FileListing,
  MAX_FILE_BYTES,
  MAX_LISTED_FILES,
} from '../../../../contract/file-endpoints.ts';
import type { FileEntry as HostEntry } from '../../../wire/ssh/sftp/names.ts';
import type { FilesAnswer, HostFiles } from '../sftp/files.ts';

/** What is in a folder, folders first. */
export async function listFolder(files: HostFiles, path: string, left: AbortSignal): Promise<FileListing> {
  const answer = await files.list(path, MAX_LISTED_FILES, left);
  if (answer.kind !== 'done') return refusal(answer);
  const entries = answer.value.map(entryOf).sort(byKindAndName);
  return { kind: 'listing', entries, isCut: entries.length >= MAX_LISTED_FILES };
}

/** What is in a file; one that is too long is not begun. */
export async function fetchFile(files: HostFiles, path: string, left: AbortSignal): Promise<FileContent> {
  const looked = await files.stat(path, left);
  if (looked.kind === 'failed') return refusal(looked);
  // Who may not look is told that they may not read: that is what they want.
  const { bytes, mode, modifiedAtMs } = looked.kind === 'done' ? looked.value : UNKNOWN;
  if (kindOf(mode) === 'folder') return { kind: 'folder' };
  // To open a pipe the host would wait for somebody who writes, and answer nothing meanwhile.
  if (mode !== null && kindOf(mode) === 'other')
    return {
      kind: 'failed',
      sentence: `${path} is a device, a pipe or a socket, which has nothing to show.`,
    };
  if (bytes !== null && bytes > MAX_FILE_BYTES) return tooLong(path);
  const answer = await files.read(path, MAX_FILE_BYTES + 1, left);
  if (answer.kind !== 'done') return refusal(answer);
  // It may have grown meanwhile, and some files don't know their length.
  if (answer.value.byteLength > MAX_FILE_BYTES) return tooLong(path);
  return { kind: 'content', base64: answer.value.toString('base64'), changedAtMs: modifiedAtMs };
}

const UNKNOWN = { bytes: null, mode: null, modifiedAtMs: null };

/** The kind of a file stands in its mode, as POSIX has it. */
const KINDS: Readonly<Record<number, FileEntry['kind']>> = { 4: 'folder', 8: 'file', 10: 'link' };

function kindOf(mode: number | null): FileEntry['kind'] {
  return mode === null ? 'other' : (KINDS[(mode & 0o170000) >> 12] ?? 'other');
}

function entryOf({ name, bytes, mode, modifiedAtMs }: HostEntry): FileEntry {
  return { name, kind: kindOf(mode), bytes, changedAtMs: modifiedAtMs };
}

function byKindAndName(one: FileEntry, other: FileEntry): number {
  const first = Number(other.kind === 'folder') - Number(one.kind === 'folder');
  return first || (one.name < other.name ? -1 : 1);
}

type Refusal = Extract<FilesAnswer<unknown>, { words: string }>;

/** In a terminal words say whose they are; in the editor that is seen. */
function refusal({ kind, words }: Refusal): { kind: Refusal['kind']; sentence: string } {
  return { kind, sentence: words.replace(/^sluice: /, '') };
}

function tooLong(path: string): FileContent {
  const limit = `${MAX_FILE_BYTES / 1024 / 1024} MiB`;
  return { kind: 'failed', sentence: `${path} is longer than ${limit}, which is as much as is shown.` };
}

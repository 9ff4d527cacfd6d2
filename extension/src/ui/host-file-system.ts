import * as vscode from 'vscode';
import type { FileEntry } from '../../../gateway/contract/file-endpoints.ts';
import type { HostFiles } from '../files/host-files.ts';
import { addressOf, HOST_SCHEME, type HostPlace, placeOf } from '../files/host-place.ts';
import { asSluiceError } from './errors.ts';

const TYPES = {
  file: vscode.FileType.File,
  folder: vscode.FileType.Directory,
  // What it leads to is not known before it is read.
  link: vscode.FileType.SymbolicLink | vscode.FileType.File,
  other: vscode.FileType.Unknown,
} as const satisfies Record<FileEntry['kind'], vscode.FileType>;

/** Files of hosts, to be read: `sluice-host:/HOST/path`. Each look is decided by the gateway. */
export class HostFileSystem implements vscode.FileSystemProvider {
  readonly #files: HostFiles;
  /** Files that were read to find out what they are, until they are read. */
  readonly #read = new Map<string, Uint8Array>();
  // Nothing is told of changes on hosts.
  readonly onDidChangeFile = new vscode.EventEmitter<vscode.FileChangeEvent[]>().event;

  constructor(files: HostFiles) {
    this.#files = files;
  }

  /** Shows a file that was read just now. */
  async show(place: HostPlace, bytes: Uint8Array): Promise<void> {
    const uri = vscode.Uri.from(addressOf(place));
    this.#read.clear();
    this.#read.set(uri.toString(), bytes);
    await vscode.commands.executeCommand('vscode.open', uri);
  }

  register(): vscode.Disposable {
    const options = { isReadonly: true, isCaseSensitive: true };
    return vscode.workspace.registerFileSystemProvider(HOST_SCHEME, this, options);
  }

  watch(): vscode.Disposable {
    return { dispose: () => undefined };
  }

  async stat(uri: vscode.Uri): Promise<vscode.FileStat> {
    const place = hostPlaceOf(uri);
    const known = this.#files.known(place);
    if (place.path === '/') return { type: vscode.FileType.Directory, ctime: 0, mtime: 0, size: 0 };
    if (known !== undefined) return statOf(TYPES[known.kind], known.bytes, known.changedAtMs);
    const content = await asked(() => this.#files.read(place));
    if (content.kind === 'folder') return statOf(vscode.FileType.Directory, 0, 0);
    const bytes = Buffer.from(content.base64, 'base64');
    this.#read.clear();
    this.#read.set(uri.toString(), bytes);
    return statOf(vscode.FileType.File, bytes.byteLength, content.changedAtMs);
  }

  async readDirectory(uri: vscode.Uri): Promise<[string, vscode.FileType][]> {
    const { entries } = await asked(() => this.#files.list(hostPlaceOf(uri)));
    return entries.map(({ name, kind }) => [name, TYPES[kind]]);
  }

  async readFile(uri: vscode.Uri): Promise<Uint8Array> {
    const read = this.#read.get(uri.toString());
    this.#read.delete(uri.toString());
    if (read !== undefined) return read;
    const content = await asked(() => this.#files.read(hostPlaceOf(uri)));
    if (content.kind === 'folder') throw vscode.FileSystemError.FileIsADirectory(uri);
    return Buffer.from(content.base64, 'base64');
  }

  createDirectory(): never {
    throw readOnly();
  }

  writeFile(): never {
    throw readOnly();
  }

  delete(): never {
    throw readOnly();
  }

  rename(): never {
    throw readOnly();
  }
}

function hostPlaceOf(uri: vscode.Uri): HostPlace {
  const place = placeOf(uri);
  if (place === null) throw vscode.FileSystemError.FileNotFound(uri);
  return place;
}

function statOf(type: vscode.FileType, size: number | null, mtime: number | null): vscode.FileStat {
  return { type, size: size ?? 0, mtime: mtime ?? 0, ctime: 0, permissions: vscode.FilePermission.Readonly };
}

function readOnly(): vscode.FileSystemError {
  return vscode.FileSystemError.NoPermissions(
    'Files of hosts are only read here. Change them in a terminal, where each command is decided.',
  );
}

/** In its own window the editor keeps these words to the log; programs that ask are told them. */
async function asked<Result>(ask: () => Promise<Result>): Promise<Result> {
  try {
    return await ask();
  } catch (error) {
    const { code, message, next } = asSluiceError(error);
    const words = `${message} ${next}`.trim();
    throw code === 'statement.blocked'
      ? vscode.FileSystemError.NoPermissions(words)
      : vscode.FileSystemError.Unavailable(words);
  }
}

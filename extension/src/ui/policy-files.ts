import * as vscode from 'vscode';
import { SluiceError } from '../../../gateway/contract/error.ts';
import type { PolicyFile } from '../../../gateway/contract/policy-endpoints.ts';

const MAX_FILES = 500;
const YAML = /\.ya?ml$/;
const TESTS = /\.test\.ya?ml$/;
const LEFT_OUT: ReadonlySet<string> = new Set(['node_modules', '.git']);

/** Where a policy is: one file, or all below a folder. */
export type PolicyPlace = { readonly uri: vscode.Uri; readonly isFolder: boolean };

/** A file of a policy as the editor has it now. */
export type HeldFile = PolicyFile & { readonly uri: vscode.Uri; readonly isUnsaved: boolean };

/** All files of a policy: what is open counts as it stands in the editor, saved or not. */
export async function filesOf({ uri, isFolder }: PolicyPlace): Promise<HeldFile[]> {
  if (!isFolder) return [await heldFile(uri, baseName(uri))];
  const found = (await yamlBelow(uri)).filter(({ path }) => !TESTS.test(path));
  if (found.length === 0) {
    throw new SluiceError(
      'request.invalid',
      `${baseName(uri)} holds no policy file.`,
      'Put .yaml or .yml files there, or choose another folder.',
    );
  }
  return Promise.all(
    found.map((file) => heldFile(file, file.path.slice(uri.path.replace(/\/$/, '').length + 1))),
  );
}

export function baseName({ path }: vscode.Uri): string {
  return path.split('/').at(-1) ?? path;
}

/** A file as the editor has it now, by the name `file`. */
export async function heldFile(uri: vscode.Uri, file: string): Promise<HeldFile> {
  const open = openDocument(uri);
  if (open !== undefined) return { uri, file, text: open.getText(), isUnsaved: open.isDirty };
  const bytes = await vscode.workspace.fs.readFile(uri);
  return { uri, file, text: new TextDecoder().decode(bytes), isUnsaved: false };
}

function openDocument(uri: vscode.Uri): vscode.TextDocument | undefined {
  const address = uri.toString();
  return vscode.workspace.textDocuments.find((open) => open.uri.toString() === address);
}

/**
 * The YAML files below a folder, by their names; expectations are some of them.
 * @throws SluiceError where there are more than a policy has
 */
export async function yamlBelow(folder: vscode.Uri): Promise<vscode.Uri[]> {
  const found: vscode.Uri[] = [];
  const folders = [folder];
  for (let next = folders.shift(); next !== undefined; next = folders.shift()) {
    for (const [name, type] of await vscode.workspace.fs.readDirectory(next)) {
      const uri = vscode.Uri.joinPath(next, name);
      if (type === vscode.FileType.Directory && !LEFT_OUT.has(name)) folders.push(uri);
      else if ((type & vscode.FileType.File) !== 0 && YAML.test(name)) found.push(uri);
    }
    if (found.length > MAX_FILES) throw tooMany(folder);
  }
  return found.sort((one, other) => (one.path < other.path ? -1 : 1));
}

function tooMany(folder: vscode.Uri): SluiceError {
  return new SluiceError(
    'request.invalid',
    `${baseName(folder)} holds more than ${MAX_FILES} YAML files, which no policy does.`,
    'Choose the folder of the policy itself.',
  );
}

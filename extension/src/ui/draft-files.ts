import * as vscode from 'vscode';
import { SluiceError } from '../../../gateway/contract/error.ts';
import type { PolicyFile } from '../../../gateway/contract/policy-endpoints.ts';
import { belongsTo, type DraftRoot, nameIn } from '../policy-language/policy-files.ts';

const MAX_FILES = 500;
const LEFT_OUT: ReadonlySet<string> = new Set(['node_modules', '.git']);

/**
 * Every file of a draft, with its expectations: what is open counts as it stands in the editor, saved or not. `uri` is
 * where the root is.
 * @throws SluiceError where there are more than a policy has
 */
export async function readDraft(uri: vscode.Uri, root: DraftRoot): Promise<PolicyFile[]> {
  const found = root.kind === 'folder' ? await below(uri) : await beside(uri);
  const files = found.filter(({ path }) => belongsTo(path, root));
  if (files.length > MAX_FILES) {
    throw new SluiceError(
      'request.invalid',
      `${root.path} holds more than ${MAX_FILES} YAML files, which no policy does.`,
      'Keep the policy in a folder of its own.',
    );
  }
  return Promise.all(
    files.map(async (file) => ({ file: nameIn(root, file.path), text: await textOf(file) })),
  );
}

async function textOf(uri: vscode.Uri): Promise<string> {
  const address = uri.toString();
  const open = vscode.workspace.textDocuments.find((document) => document.uri.toString() === address);
  if (open !== undefined) return open.getText();
  return new TextDecoder().decode(await vscode.workspace.fs.readFile(uri));
}

async function beside(uri: vscode.Uri): Promise<vscode.Uri[]> {
  const folder = vscode.Uri.joinPath(uri, '..');
  const entries = await vscode.workspace.fs.readDirectory(folder);
  return entries
    .filter(([, type]) => type !== vscode.FileType.Directory)
    .map(([name]) => vscode.Uri.joinPath(folder, name));
}

async function below(folder: vscode.Uri): Promise<vscode.Uri[]> {
  const found: vscode.Uri[] = [];
  const folders = [folder];
  for (let next = folders.shift(); next !== undefined && found.length <= MAX_FILES; next = folders.shift()) {
    for (const [name, type] of await vscode.workspace.fs.readDirectory(next)) {
      const uri = vscode.Uri.joinPath(next, name);
      if (type === vscode.FileType.Directory && !LEFT_OUT.has(name)) folders.push(uri);
      else if (type === vscode.FileType.File && /\.ya?ml$/.test(name)) found.push(uri);
    }
  }
  return found.sort((one, other) => (one.path < other.path ? -1 : 1));
}

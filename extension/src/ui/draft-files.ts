import * as vscode from 'vscode';
import type { PolicyFile } from '../../../gateway/contract/policy-endpoints.ts';
import { belongsTo, type DraftRoot, nameIn } from '../policy-language/policy-files.ts';
import { heldFile, yamlBelow } from './policy-files.ts';

/**
 * Every file of a draft, with its expectations: what is open counts as it stands in the editor, saved or not. `uri` is
 * where the root is.
 * @throws SluiceError where there are more than a policy has
 */
export async function readDraft(uri: vscode.Uri, root: DraftRoot): Promise<PolicyFile[]> {
  const found = root.kind === 'folder' ? await yamlBelow(uri) : await beside(uri);
  const files = found.filter(({ path }) => belongsTo(path, root));
  const held = await Promise.all(files.map((file) => heldFile(file, nameIn(root, file.path))));
  return held.map(({ file, text }) => ({ file, text }));
}

async function beside(uri: vscode.Uri): Promise<vscode.Uri[]> {
  const folder = vscode.Uri.joinPath(uri, '..');
  const entries = await vscode.workspace.fs.readDirectory(folder);
  return entries
    .filter(([, type]) => type !== vscode.FileType.Directory)
    .map(([name]) => vscode.Uri.joinPath(folder, name));
}

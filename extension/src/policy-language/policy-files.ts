/** Which YAML files are policies, as globs of the editor: the manifest and every registration say the same. */
export const POLICY_GLOBS = [
  '**/policy.{yaml,yml}',
  '**/*.policy.{yaml,yml}',
  '**/policy/**/*.{yaml,yml}',
] as const;

/** And which hold expectations of one; those below a folder `policy` are among the above. */
export const TEST_GLOBS = ['**/policy.test.{yaml,yml}', '**/*.policy.test.{yaml,yml}'] as const;

export type PolicyFileKind = 'policy' | 'tests';

/** A policy of one file, with the expectations beside it, or of all files below a folder. `path` has slashes. */
export type DraftRoot = { kind: 'file'; path: string } | { kind: 'folder'; path: string };

const YAML = /\.ya?ml$/;
const TESTS = /\.test\.ya?ml$/;

/** What a file is by its name; null: no file of a policy. */
export function kindOfFile(path: string): PolicyFileKind | null {
  if (!YAML.test(path)) return null;
  const isOne = /(^|\/)policy\//.test(path) || /(^|[/.])policy(\.test)?\.ya?ml$/.test(path);
  if (!isOne) return null;
  return TESTS.test(path) ? 'tests' : 'policy';
}

/** Whether a text is somebody else's policy: of Kubernetes, or of whatever its first lines name a schema of. */
export function isForeign(text: string): boolean {
  const schema = /^#\s*yaml-language-server:\s*\$schema=(\S+)/m.exec(text.slice(0, 2000))?.[1];
  if (schema !== undefined) return !/policy(-test)?\.schema\.json$/.test(schema);
  return /^apiVersion:/m.test(text);
}

/**
 * What a file belongs to: the outermost folder `policy` around it, or it alone. `base` is where the workspace lies: folders
 * above say nothing.
 */
export function rootOf(path: string, base = ''): DraftRoot {
  const folder = /^(?:.*?\/)??policy(?=\/)/.exec(path.slice(base.length))?.[0];
  if (folder !== undefined) return { kind: 'folder', path: base + folder };
  return { kind: 'file', path: path.replace(TESTS, '.yaml') };
}

/** Whether a file of the editor counts for a root. */
export function belongsTo(path: string, root: DraftRoot): boolean {
  if (root.kind === 'folder') return YAML.test(path) && path.startsWith(`${root.path}/`);
  return YAML.test(path) && path.replace(TESTS, '.yaml').replace(YAML, '') === root.path.replace(YAML, '');
}

/** A file's name in a draft: below its folder, or its own. */
export function nameIn(root: DraftRoot, path: string): string {
  return root.kind === 'folder' ? path.slice(root.path.length + 1) : path.slice(path.lastIndexOf('/') + 1);
}

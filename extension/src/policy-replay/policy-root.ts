/** What is known of a policy file's surroundings. */
export type Surroundings = {
  /** The file's own name: "masks.yaml". */
  name: string;
  /** Files of the policy in force, by their names below its folder; empty where nothing is known. */
  inForce: readonly string[];
  /** Folders around the file, the nearest first, and how many of the names above are there. */
  folders: readonly { path: string; hits: number }[];
  /** Whether other policy files stand beside it. */
  hasSiblings: boolean;
};

/** Which files a policy consists of: the one, all below a folder, or only the person knows. */
export type PolicyRoot = { kind: 'file' } | { kind: 'folder'; path: string } | { kind: 'unknown' };

/**
 * Finds the folder that a gateway would read: there, files are called as those of the policy in force. A part of a policy
 * taken for the whole would tell of changes that nobody makes.
 */
export function policyRoot({ name, inForce, folders, hasSiblings }: Surroundings): PolicyRoot {
  const best = folders.reduce<{ path: string; hits: number } | null>(
    (most, one) => (one.hits > (most?.hits ?? 0) ? one : most),
    null,
  );
  const [only, ...others] = inForce;
  if (only === name && others.length === 0 && !hasSiblings) return { kind: 'file' };
  if (best !== null && others.length > 0) return { kind: 'folder', path: best.path };
  return hasSiblings ? { kind: 'unknown' } : { kind: 'file' };
}

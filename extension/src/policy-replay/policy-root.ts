import type { DraftRoot } from '../policy-language/policy-files.ts';

/** What is known of a policy file's surroundings. */
export type Surroundings = {
  /** Files of the policy in force, by their names below its folder; empty where nothing is known. */
  inForce: readonly string[];
  /** Folders around the file, the nearest first, and how many of the names above are there. */
  folders: readonly { path: string; hits: number }[];
  /** What files of policies are called says so. */
  byName: DraftRoot;
};

/**
 * Finds the folder that a gateway would read: there, files are called as those of the policy in force; otherwise what its name
 * says. A part of a policy taken for the whole would tell of changes that nobody makes.
 */
export function policyRoot({ inForce, folders, byName }: Surroundings): DraftRoot {
  // One name alone tells a folder's only file from a policy of one file as little as its name does.
  if (inForce.length < 2) return byName;
  const [best] = folders.toSorted((one, other) => other.hits - one.hits);
  return best !== undefined && best.hits > 0 ? { kind: 'folder', path: best.path } : byName;
}

import { mkdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { dirname, isAbsolute, join, normalize, relative } from 'node:path';
import type { PolicyFile } from '../../contract/policy-endpoints.ts';
import { UsageError } from './command.ts';

export type Step = { act: 'write'; file: string; text: string } | { act: 'remove'; file: string };

/**
 * What must be written and removed so that a policy's file or folder has these files and no others. Files of tests stay.
 * @param there the policy's files as they are
 */
export async function plannedRestore(
  path: string,
  files: readonly PolicyFile[],
  there: readonly string[],
): Promise<Step[]> {
  const isFolder = await stat(path).then(
    (found) => found.isDirectory(),
    () => files.length > 1,
  );
  const [only] = files;
  if (!isFolder && (files.length > 1 || only === undefined)) {
    throw new UsageError(`This version has ${files.length} files, and ${path} is no folder.`);
  }
  const wanted = new Map(files.map(({ file, text }) => [isFolder ? below(path, file) : path, text]));
  const steps: Step[] = there
    .filter((file) => !wanted.has(file))
    .map((file): Step => ({ act: 'remove', file }));
  for (const [file, text] of wanted) {
    if ((await readFile(file, 'utf8').catch(() => null)) !== text) steps.push({ act: 'write', file, text });
  }
  return steps;
}

/** Each file is replaced at once; a gateway that reads in between finds a policy that is partly the old one. */
export async function restore(steps: readonly Step[]): Promise<void> {
  for (const step of steps) {
    if (step.act === 'remove') {
      await rm(step.file);
      continue;
    }
    await mkdir(dirname(step.file), { recursive: true });
    const beside = `${step.file}.new`;
    await writeFile(beside, step.text);
    await rename(beside, step.file);
  }
}

/** What a gateway answers must not lead out of the folder. */
function below(folder: string, file: string): string {
  const path = join(folder, normalize(file));
  const way = relative(folder, path);
  if (!isAbsolute(file) && !way.startsWith('..') && way !== '') return path;
  throw new UsageError(`The version has a file "${file}", which is not below ${folder}.`);
}

import { createHash } from 'node:crypto';
import * as z from 'zod';
import type { PolicyVersion } from '../../../../contract/ids.ts';
import { PolicyActivation, PolicyFile } from '../../../../contract/policy-endpoints.ts';
import type { Documents } from '../../documents/documents.ts';

const ACTIVATIONS = 'policy-activations';
const FILES = 'policy-files';
/** The files of a version, whatever time it came into force. */
const Files = z.array(PolicyFile);

/** Who wrote what came into force, and why, where a repository knows. */
export type Origin = { by: string | null; reason: string };

export type PolicyHistoryParts = {
  documents: Documents;
  now: () => Date;
  /** What the repository says of these files; called once for each activation. */
  originOf: (files: readonly PolicyFile[]) => Promise<Origin>;
};

/** Every policy that was in force: its files, when, by whom and why. */
export class PolicyHistory {
  readonly #parts: PolicyHistoryParts;
  #last: Promise<unknown> = Promise.resolve();

  constructor(parts: PolicyHistoryParts) {
    this.#parts = parts;
  }

  /**
   * Keeps that a policy is in force. One that already was when the gateway stopped begins nothing new: null then.
   *
   * @throws SluiceError `record.unavailable`
   */
  activated(version: PolicyVersion, files: readonly PolicyFile[]): Promise<PolicyActivation | null> {
    const kept = this.#last.then(() => this.#keep(version, files));
    // One after the other, so that each is told from the one before it.
    this.#last = kept.catch(() => undefined);
    return kept;
  }

  /** The newest first. */
  async list(): Promise<PolicyActivation[]> {
    const kept = await this.#parts.documents.list(ACTIVATIONS);
    return kept
      .flatMap(({ value }) => {
        const read = PolicyActivation.safeParse(value);
        return read.success ? [read.data] : [];
      })
      .toReversed();
  }

  /** The newest activation of the version that begins like this, with its files; null where none or several do. */
  async find(part: string): Promise<{ activation: PolicyActivation; files: PolicyFile[] } | null> {
    const found = (await this.list()).filter(({ version }) => version.startsWith(part));
    const [activation] = found;
    if (activation === undefined || found.some(({ version }) => version !== activation.version)) return null;
    return { activation, files: await this.#filesOf(activation.version) };
  }

  async #keep(version: PolicyVersion, files: readonly PolicyFile[]): Promise<PolicyActivation | null> {
    const { documents, now, originOf } = this.#parts;
    const [last] = await this.list();
    if (last?.version === version) return null;
    const before = last === undefined ? [] : await this.#filesOf(last.version);
    const changed = changedFiles(before, files);
    const [commented] = changed.flatMap(({ text }) => COMMENT.exec(text)?.[1] ?? []);
    const origin = await originOf(files);
    const at = now().toISOString();
    const activation: PolicyActivation = {
      version,
      at,
      before: last?.version ?? null,
      by: origin.by,
      reason: commented?.trim() ?? origin.reason,
      changed: [...new Set([...changed.map(({ file }) => file), ...goneFiles(before, files)])].toSorted(),
      files: Object.fromEntries(files.map(({ file, text }) => [file, sha256(text)])),
    };
    await documents.put(FILES, version, [...files]);
    // Several in a millisecond keep their order.
    const place = String((await documents.list(ACTIVATIONS, at)).length).padStart(4, '0');
    await documents.put(ACTIVATIONS, `${at}-${place}`, activation);
    return activation;
  }

  async #filesOf(version: PolicyVersion): Promise<PolicyFile[]> {
    const read = Files.safeParse(await this.#parts.documents.get(FILES, version));
    return read.success ? read.data : [];
  }
}

/** "# reason: why it was changed", on a line of its own. */
const COMMENT = /^#\s*reason:\s*(\S.*)$/im;

function changedFiles(before: readonly PolicyFile[], files: readonly PolicyFile[]): PolicyFile[] {
  const old = new Map(before.map(({ file, text }) => [file, text]));
  return files.filter(({ file, text }) => old.get(file) !== text);
}

function goneFiles(before: readonly PolicyFile[], files: readonly PolicyFile[]): string[] {
  return before.map(({ file }) => file).filter((file) => !files.some((one) => one.file === file));
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

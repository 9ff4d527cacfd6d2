import { type FSWatcher, statSync, watch } from 'node:fs';
import { basename, dirname } from 'node:path';
import type { PolicyFile } from '../../../../contract/policy-endpoints.ts';
import type { Problem } from '../language/problem.ts';
import type { Policy, PolicyInForce } from '../policy.ts';
import { checkPolicy, invalidPolicy, type LoadedPolicy } from './load.ts';

/** What is told about candidates: the last good policy stays in force until one compiles. */
export type WatchOptions = {
  onActivated?: (policy: Policy) => void;
  onRejected?: (problems: readonly Problem[]) => void;
  /** How often the files are read again, as file events are not to be relied on (network drives, containers). */
  pollMs?: number;
};

export type WatchedPolicy = PolicyInForce & {
  /** Reads the files now; resolves when what they say is in force or was rejected. */
  reload(): Promise<void>;
  /** The files of the policy in force. */
  files(): readonly PolicyFile[];
  close(): void;
};

/**
 * Loads a policy and keeps it in step with its file or folder. A candidate that does not compile is never
 * activated.
 *
 * @throws SluiceError `policy.invalid` when there is no good policy to begin with
 */
export async function watchPolicy(path: string, options: WatchOptions = {}): Promise<WatchedPolicy> {
  const first = await checkPolicy(path);
  if (first.kind === 'invalid') throw invalidPolicy(first.problems);
  return new PolicyWatch(path, first, options);
}

class PolicyWatch implements WatchedPolicy {
  readonly #path: string;
  readonly #options: WatchOptions;
  readonly #listeners = new Set<(policy: Policy) => void>();
  readonly #poll: NodeJS.Timeout;
  readonly #watcher: FSWatcher | null;
  #loaded: LoadedPolicy;
  #rejected = '';
  #reading: Promise<void> = Promise.resolve();

  constructor(path: string, loaded: LoadedPolicy, options: WatchOptions) {
    this.#path = path;
    this.#loaded = loaded;
    this.#options = options;
    this.#poll = setInterval(() => void this.reload(), options.pollMs ?? 5_000).unref();
    this.#watcher = startWatching(path, () => void this.reload());
  }

  current(): Policy {
    return this.#loaded.policy;
  }

  files(): readonly PolicyFile[] {
    return this.#loaded.files;
  }

  onChange(listener: (policy: Policy) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** One reading at a time, so that an older one never overtakes a newer one. */
  reload(): Promise<void> {
    this.#reading = this.#reading.then(() => this.#read());
    return this.#reading;
  }

  close(): void {
    clearInterval(this.#poll);
    this.#watcher?.close();
    this.#listeners.clear();
  }

  async #read(): Promise<void> {
    const candidate = await checkPolicy(this.#path);
    if (candidate.kind === 'invalid') {
      const told = JSON.stringify(candidate.problems);
      if (told !== this.#rejected) this.#options.onRejected?.(candidate.problems);
      this.#rejected = told;
      return;
    }
    this.#rejected = '';
    if (candidate.policy.version === this.#loaded.policy.version) return;
    this.#loaded = candidate;
    this.#options.onActivated?.(candidate.policy);
    for (const listener of this.#listeners) listener(candidate.policy);
  }
}

/**
 * File events only make the next poll come sooner; where there are none, the poll is enough. Of a single file the
 * folder is watched, as editors put a new file in the old one's place.
 */
function startWatching(path: string, onEvent: () => void): FSWatcher | null {
  try {
    if (statSync(path).isDirectory()) return watchQuietly(path, { recursive: true }, onEvent);
    return watchQuietly(dirname(path), {}, (file) => {
      if (file === null || file === basename(path)) onEvent();
    });
  } catch {
    return null;
  }
}

function watchQuietly(
  path: string,
  options: { recursive?: boolean },
  onEvent: (file: string | null) => void,
): FSWatcher {
  const watcher = watch(path, { ...options, persistent: false }, (_event, file) => onEvent(file));
  watcher.on('error', () => watcher.close());
  return watcher;
}

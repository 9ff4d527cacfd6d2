import { createHash } from 'node:crypto';
import { dirname, join } from 'node:path';
import { z } from 'zod';
import { readPrivateFile, writePrivateFile } from '../adapters/certificates/private-file.ts';
import { defaultDataDir } from '../config-load.ts';

const Tokens = z.object({ accessToken: z.string(), refreshToken: z.string(), expiresAtMs: z.number() });
const Kept = z.record(z.string(), Tokens);

/** What a sign-in gave, for one gateway. */
export type Tokens = z.infer<typeof Tokens>;

/** What this person's command line keeps, in files that only they can read. */
export class KeptFiles {
  readonly #folder: string;

  constructor(environment: NodeJS.ProcessEnv) {
    this.#folder = join(dirname(defaultDataDir(environment)), 'sluice-cli');
  }

  tokens(gateway: string): Tokens | null {
    return this.#all()[gateway] ?? null;
  }

  keepTokens(gateway: string, tokens: Tokens | null): void {
    const { [gateway]: _replaced, ...others } = this.#all();
    const all = tokens === null ? others : { ...others, [gateway]: tokens };
    writePrivateFile(this.#tokensFile(), JSON.stringify(all));
  }

  /** Keeps a certificate authority, and says in which file, for clients that want a path. */
  keepAuthority(pem: string): string {
    const name = createHash('sha256').update(pem).digest('hex').slice(0, 16);
    const file = join(this.#folder, `authority-${name}.crt`);
    if (readPrivateFile(file) !== pem) writePrivateFile(file, pem);
    return file;
  }

  /** Keeps what an SSH client logs in to one gateway with, in the place of what was kept before. */
  keepIdentity(
    gateway: string,
    parts: { privateKey: string; certificate: string; knownHost: string },
  ): { identity: string; knownHosts: string } {
    const name = createHash('sha256').update(gateway).digest('hex').slice(0, 16);
    const identity = join(this.#folder, `ssh-${name}`);
    const knownHosts = `${identity}-known_hosts`;
    writePrivateFile(identity, parts.privateKey);
    writePrivateFile(`${identity}-cert.pub`, parts.certificate);
    writePrivateFile(knownHosts, parts.knownHost);
    return { identity, knownHosts };
  }

  #tokensFile(): string {
    return join(this.#folder, 'tokens.json');
  }

  /** A file that can't be understood holds no sign-in: the person signs in again. */
  #all(): z.infer<typeof Kept> {
    try {
      return Kept.parse(JSON.parse(readPrivateFile(this.#tokensFile()) ?? '{}'));
    } catch {
      return {};
    }
  }
}

import { z } from 'zod';
import { Principal } from '../../../contract/principal.ts';
import { Secret } from '../../core/access/secret.ts';
import type { Documents } from '../../core/documents/documents.ts';
import type { People, Person } from './people.ts';
import { seal, unseal } from './seal.ts';
import type { Reading, Upstreams } from './upstream.ts';

const COLLECTION = 'identity.federated';
/** As long as a sign-in can last at most. */
const KEPT_MS = 31 * 86_400_000;

const Kept = z.object({
  provider: z.string(),
  subject: z.string(),
  person: Principal.omit({ epoch: true }),
  sealedRefreshToken: z.string().nullable(),
  readAtMs: z.number(),
  endsAtMs: z.number().nullable(),
});
type Kept = z.infer<typeof Kept>;

export type FederatedSettings = {
  documents: Documents;
  people: People;
  sealKey: Uint8Array;
  nowMs: () => number;
  /** A reading older than this is taken again before it counts for a renewal. */
  freshMs: number;
  /** A person whose provider did not answer for this long is signed out. */
  graceMs: number;
};

/** People from upstream providers: kept across restarts with their sealed refresh token, and read again. */
export class Federated {
  readonly #settings: FederatedSettings;
  readonly #reading = new Map<string, Promise<Person | null>>();

  constructor(settings: FederatedSettings) {
    this.#settings = settings;
  }

  async keep(provider: string, reading: Reading): Promise<Person> {
    const { documents, people, sealKey, nowMs } = this.#settings;
    const kept: Kept = {
      provider,
      subject: reading.person.id.slice(`person:${provider}/`.length),
      person: reading.person,
      sealedRefreshToken: reading.refreshToken === null ? null : seal(sealKey, reading.refreshToken.reveal()),
      readAtMs: nowMs(),
      endsAtMs: reading.endsAtMs,
    };
    await documents.put(COLLECTION, reading.person.id, kept, new Date(nowMs() + KEPT_MS));
    people.put(reading.person);
    return reading.person;
  }

  /** The person, read again when the last reading is no longer fresh; null ends their sign-ins. */
  account(id: string, upstreams: Upstreams): Promise<Person | null> {
    const running = this.#reading.get(id);
    if (running !== undefined) return running;
    const reading = this.#account(id, upstreams).finally(() => this.#reading.delete(id));
    this.#reading.set(id, reading);
    return reading;
  }

  async #account(id: string, upstreams: Upstreams): Promise<Person | null> {
    const { documents, people, nowMs, freshMs } = this.#settings;
    const found = Kept.safeParse(await documents.get(COLLECTION, id));
    if (!found.success) return this.#forget(id);
    const kept = found.data;
    if (kept.endsAtMs !== null && kept.endsAtMs <= nowMs()) return this.#forget(id);
    if (kept.sealedRefreshToken === null || nowMs() - kept.readAtMs < freshMs) {
      people.put(kept.person);
      return kept.person;
    }
    return this.#reread(id, kept, kept.sealedRefreshToken, upstreams);
  }

  async #reread(id: string, kept: Kept, sealed: string, upstreams: Upstreams): Promise<Person | null> {
    const { sealKey, nowMs, graceMs, people } = this.#settings;
    try {
      const refreshToken = new Secret(unseal(sealKey, sealed));
      const reading = await upstreams.reread(kept.provider, kept.subject, refreshToken);
      return reading === null ? await this.#forget(id) : await this.keep(kept.provider, reading);
    } catch {
      // No answer: what was last said counts for a little longer, then the person is out.
      if (nowMs() - kept.readAtMs > graceMs) return this.#forget(id);
      people.put(kept.person);
      return kept.person;
    }
  }

  async #forget(id: string): Promise<null> {
    this.#settings.people.remove(id);
    await this.#settings.documents.delete(COLLECTION, id);
    return null;
  }
}

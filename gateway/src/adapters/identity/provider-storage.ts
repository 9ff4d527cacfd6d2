import { createHash } from 'node:crypto';
import type { Adapter, AdapterFactory, AdapterPayload } from 'oidc-provider';
import { z } from 'zod';
import type { Documents, Json } from '../../core/documents/documents.ts';
import { seal, unseal } from './seal.ts';

const Payload = z.record(z.string(), z.json());
const Members = z.array(z.tuple([z.string(), z.string()]));
const Reference = z.object({ sealedId: z.string() });

/**
 * Two windows that share a sign-in may renew it at the same moment. For this long a used refresh token is taken
 * once more; later its use means that it was stolen, and the sign-in is revoked.
 */
const REUSE_GRACE_SECONDS = 20;

/** As long as a sign-in can last at most. */
const MEMBERS_LIFE_MS = 31 * 86_400_000;

/**
 * oidc-provider's storage over documents. Tokens are secrets, so documents are filed under the hash of their
 * id and hold the id nowhere: a copy of the store signs nobody in. What a user code leads to is sealed with `sealKey`.
 */
export function providerStorage(
  documents: Documents,
  sealKey: Uint8Array,
  nowMs: () => number,
): AdapterFactory {
  return (model) => new ModelStorage(model, documents, sealKey, nowMs);
}

class ModelStorage implements Adapter {
  readonly #model: string;
  readonly #documents: Documents;
  readonly #sealKey: Uint8Array;
  readonly #nowMs: () => number;

  constructor(model: string, documents: Documents, sealKey: Uint8Array, nowMs: () => number) {
    this.#model = model;
    this.#documents = documents;
    this.#sealKey = sealKey;
    this.#nowMs = nowMs;
  }

  async upsert(id: string, payload: AdapterPayload, expiresInSeconds?: number): Promise<void> {
    const expiresAt =
      expiresInSeconds === undefined ? undefined : new Date(Date.now() + expiresInSeconds * 1000);
    const { jti: _secret, ...rest } = payload;
    await this.#documents.put(
      this.#collection(),
      filed(id),
      Payload.parse(JSON.parse(JSON.stringify(rest))),
      expiresAt,
    );
    if (payload.uid !== undefined) await this.#refer('uid', payload.uid, id, expiresAt);
    if (payload.userCode !== undefined) await this.#refer('userCode', payload.userCode, id, expiresAt);
    if (payload.grantId !== undefined) await this.#join(payload.grantId, id);
  }

  async find(id: string): Promise<AdapterPayload | undefined> {
    const found = await this.#documents.get(this.#collection(), filed(id));
    if (found === undefined) return undefined;
    const payload: AdapterPayload = { ...Payload.parse(found), jti: id };
    return this.#usedJustNow(payload) ? { ...payload, consumed: undefined } : payload;
  }

  findByUserCode(userCode: string): Promise<AdapterPayload | undefined> {
    return this.#resolve('userCode', userCode);
  }

  findByUid(uid: string): Promise<AdapterPayload | undefined> {
    return this.#resolve('uid', uid);
  }

  async consume(id: string): Promise<void> {
    const found = await this.#documents.get(this.#collection(), filed(id));
    if (found === undefined) return;
    const payload: AdapterPayload = Payload.parse(found);
    const nowSeconds = Math.floor(Date.now() / 1000);
    const expiresInSeconds = payload.exp === undefined ? undefined : payload.exp - nowSeconds;
    const consumed = payload.consumed ?? Math.floor(this.#nowMs() / 1000);
    await this.upsert(id, { ...payload, consumed }, expiresInSeconds);
  }

  async destroy(id: string): Promise<void> {
    await this.#documents.delete(this.#collection(), filed(id));
  }

  async revokeByGrantId(grantId: string): Promise<void> {
    const members = Members.parse((await this.#documents.get('oidc.grantMembers', filed(grantId))) ?? []);
    const own = members.filter(([collection]) => collection === this.#collection());
    await Promise.all(own.map(([collection, file]) => this.#documents.delete(collection, file)));
  }

  #usedJustNow({ consumed }: AdapterPayload): boolean {
    if (this.#model !== 'RefreshToken' || typeof consumed !== 'number') return false;
    return this.#nowMs() / 1000 - consumed < REUSE_GRACE_SECONDS;
  }

  #collection(): string {
    return `oidc.${this.#model}`;
  }

  #refer(kind: string, value: string, id: string, expiresAt: Date | undefined): Promise<void> {
    const reference = { sealedId: seal(this.#sealKey, id) };
    return this.#documents.put(`${this.#collection()}.${kind}`, filed(value), reference, expiresAt);
  }

  async #resolve(kind: string, value: string): Promise<AdapterPayload | undefined> {
    const kept = await this.#documents.get(`${this.#collection()}.${kind}`, filed(value));
    const reference = Reference.safeParse(kept);
    // Those of an earlier version were not sealed: whoever is just signing in begins again.
    return reference.success ? this.find(unseal(this.#sealKey, reference.data.sealedId)) : undefined;
  }

  async #join(grantId: string, id: string): Promise<void> {
    const members = Members.parse((await this.#documents.get('oidc.grantMembers', filed(grantId))) ?? []);
    const member: [string, string] = [this.#collection(), filed(id)];
    const others = members.filter(([, file]) => file !== member[1]);
    const value: Json = [...others, member];
    const expiresAt = new Date(Date.now() + MEMBERS_LIFE_MS);
    await this.#documents.put('oidc.grantMembers', filed(grantId), value, expiresAt);
  }
}

function filed(id: string): string {
  return createHash('sha256').update(id).digest('base64url');
}

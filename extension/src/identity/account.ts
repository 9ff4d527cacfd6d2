import * as z from 'zod';
import type { AuthorizationClient } from './authorization-client.ts';
import { Tokens } from './tokens.ts';

/** Who is signed in at a gateway. `tokens` never leaves the host. */
export const Account = z.object({ id: z.string(), name: z.string(), tokens: Tokens });
export type Account = z.infer<typeof Account>;

/** Where accounts are kept: VS Code's SecretStorage, which every window shares. */
export type SecretStore = {
  get(key: string): PromiseLike<string | undefined>;
  store(key: string, value: string): PromiseLike<void>;
  delete(key: string): PromiseLike<void>;
};

/** An access token this close to its end is renewed before it is used. */
const RENEW_BEFORE_MS = 30_000;

/** The account at one gateway: kept, renewed with rotation, and forgotten. */
export class AccountStore {
  readonly #key: string;
  readonly #secrets: SecretStore;
  readonly #client: () => Promise<AuthorizationClient>;
  readonly #now: () => number;
  #renewal: Promise<Account | null> | null = null;

  constructor(
    gateway: string,
    secrets: SecretStore,
    client: () => Promise<AuthorizationClient>,
    now: () => number = Date.now,
  ) {
    this.#key = `sluice.account:${gateway}`;
    this.#secrets = secrets;
    this.#client = client;
    this.#now = now;
  }

  isKey(key: string): boolean {
    return key === this.#key;
  }

  async load(): Promise<Account | null> {
    const text = await this.#secrets.get(this.#key);
    if (text === undefined) return null;
    const account = z.string().transform(parseJson).pipe(Account).safeParse(text);
    return account.success ? account.data : null;
  }

  async save(account: Account): Promise<void> {
    await this.#secrets.store(this.#key, JSON.stringify(account));
  }

  /** Forgets the account, and tells the server so that the tokens end there too. */
  async forget(): Promise<void> {
    const account = await this.load();
    await this.#secrets.delete(this.#key);
    const token = account?.tokens.refreshToken ?? account?.tokens.accessToken;
    if (token === undefined) return;
    await this.#client()
      .then((client) => client.revoke(token))
      .catch(() => undefined);
  }

  /**
   * An access token that is good for `aheadMs`, or null when nobody is signed in any more. Who looks further
   * ahead renews first: a refresh token that two windows use at once ends the sign-in.
   */
  async accessToken(aheadMs: number = RENEW_BEFORE_MS): Promise<string | null> {
    const account = await this.load();
    if (account === null) return null;
    if (account.tokens.expiresAtMs - this.#now() > aheadMs) return account.tokens.accessToken;
    this.#renewal ??= this.#renew(account).finally(() => {
      this.#renewal = null;
    });
    return (await this.#renewal)?.tokens.accessToken ?? null;
  }

  async #renew(account: Account): Promise<Account | null> {
    const { refreshToken } = account.tokens;
    if (refreshToken === null) return this.#end(account);
    const client = await this.#client();
    try {
      const tokens = await client.refresh(refreshToken);
      const renewed = {
        ...account,
        tokens: { ...tokens, refreshToken: tokens.refreshToken ?? refreshToken },
      };
      await this.save(renewed);
      return renewed;
    } catch (error) {
      if (!client.isRefused(error)) throw error;
      return this.#end(account);
    }
  }

  /** Another window may have renewed with the same refresh token: then its account is the one to use. */
  async #end(account: Account): Promise<Account | null> {
    const stored = await this.load();
    if (stored !== null && stored.tokens.accessToken !== account.tokens.accessToken) return stored;
    await this.#secrets.delete(this.#key);
    return null;
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

import { randomBytes } from 'node:crypto';
import { PrincipalId, type TargetName } from '../../../contract/ids.ts';
import type { Principal } from '../../../contract/principal.ts';
import type { MintedCredential } from '../../core/access/authentication.ts';
import type { LoginCredential, LoginDirectory, PrincipalHandle } from '../../core/access/principals.ts';
import { Secret } from '../../core/access/secret.ts';
import { scramVerifier } from './scram-verifier.ts';

export type ServiceAccount = { name: string; groups: readonly string[]; key: Secret };

type PersonalLogin = { credential: LoginCredential; target: TargetName; expiresAtMs: number };

const PASSWORD_BYTES = 24;
const LOGIN_SUFFIX_BYTES = 5;

/** Logins of the wire protocols: service accounts for good, people's for minutes and one target each. */
export class Logins implements LoginDirectory {
  readonly #services: ReadonlyMap<string, LoginCredential>;
  readonly #personal = new Map<string, PersonalLogin>();
  readonly #nowMs: () => number;

  private constructor(services: ReadonlyMap<string, LoginCredential>, nowMs: () => number) {
    this.#services = services;
    this.#nowMs = nowMs;
  }

  /** Computes the verifiers; the keys are not kept. */
  static async load(accounts: readonly ServiceAccount[], nowMs: () => number): Promise<Logins> {
    const services = await Promise.all(
      accounts.map(async (account): Promise<[string, LoginCredential]> => {
        const verifier = await scramVerifier(account.key);
        return [account.name, { verifier, principal: serviceHandle(account) }];
      }),
    );
    return new Logins(new Map(services), nowMs);
  }

  lookup(login: string, target: string): LoginCredential | null {
    const service = this.#services.get(login);
    if (service !== undefined) return service;
    const personal = this.#personal.get(login);
    if (personal === undefined || personal.target !== target) return null;
    if (personal.expiresAtMs <= this.#nowMs() || personal.credential.principal.current() === null)
      return null;
    return personal.credential;
  }

  /** A login for one target that can be used for `lifeMs`; its sessions live as long as `principal`. */
  async mint(principal: PrincipalHandle, target: TargetName, lifeMs: number): Promise<MintedCredential> {
    this.#forgetExpired();
    const password = new Secret(randomBytes(PASSWORD_BYTES).toString('base64url'));
    const login = `${loginStem(principal.current())}-${randomBytes(LOGIN_SUFFIX_BYTES).toString('hex')}`;
    const expiresAtMs = this.#nowMs() + lifeMs;
    const credential = { verifier: await scramVerifier(password), principal };
    this.#personal.set(login, { credential, target, expiresAtMs });
    return { login, password, expiresAt: new Date(expiresAtMs) };
  }

  #forgetExpired(): void {
    const nowMs = this.#nowMs();
    for (const [login, { expiresAtMs }] of this.#personal) {
      if (expiresAtMs <= nowMs) this.#personal.delete(login);
    }
  }
}

/** Readable in the target's logs and plain in a URL: "ana" of ana@shop.example. */
function loginStem(principal: Principal | null): string {
  const local = (principal?.email ?? principal?.name ?? '').split('@')[0] ?? '';
  return (
    local
      .toLowerCase()
      .replace(/[^a-z0-9]+/g, '-')
      .replace(/^-|-$/g, '')
      .slice(0, 30) || 'person'
  );
}

/** Service accounts change with the configuration alone, so their handle never ends while the gateway runs. */
function serviceHandle(account: ServiceAccount): PrincipalHandle {
  const principal: Principal = {
    id: PrincipalId.parse(`service:${account.name}`),
    kind: 'service',
    name: account.name,
    groups: [...account.groups],
    claims: {},
    epoch: 1,
  };
  return { current: () => principal, onRevoked: () => () => undefined };
}

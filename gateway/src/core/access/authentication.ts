import type { TargetName } from '../../../contract/ids.ts';
import type { PrincipalHandle } from './principals.ts';
import type { Secret } from './secret.ts';

/** A login for clients that speak a target's own protocol. It opens sessions until `expiresAt`. */
export type MintedCredential = { login: string; password: Secret; expiresAt: Date };

/** What an access token is good for: everything, or requests for approval alone (the approval page's). */
export type Reach = 'everything' | 'requests';

/** Who stands behind an accepted access token. */
export interface Authenticated {
  /** Ends when the sign-in ends, or when its access token runs out and was not renewed. */
  readonly principal: PrincipalHandle;
  readonly reach: Reach;
  /** Ends when the sign-in ends, renewed or not. */
  readonly signIn: PrincipalHandle;
  /** A login for `target` alone; the sessions it opens end when the sign-in ends. */
  mint(target: TargetName): Promise<MintedCredential>;
}

/** Checks the API's bearer tokens. */
export interface Authentication {
  /** Null for a token that is unknown, expired, revoked or not meant for the API. */
  authenticate(accessToken: string): Promise<Authenticated | null>;
}

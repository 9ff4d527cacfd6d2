import type { PrincipalHandle } from '../../../core/access/principals.ts';
import type { PublicKey } from '../../../wire/ssh/keys/public-key.ts';

/** Who may log in by SSH. */
export interface SshDirectory {
  /** Keys whose certificates count; the first signs new ones. */
  readonly authorities: readonly PublicKey[];
  /** The sign-in that a certificate was issued in, by its key id; null once that has ended. */
  signIn(keyId: string): SignIn | null;
}

export type SignIn = {
  principal: PrincipalHandle;
  /** The principal that its certificates must name. */
  name: string;
};

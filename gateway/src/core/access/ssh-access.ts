import type { SshCertificate } from '../../../contract/ssh-endpoints.ts';
import type { PrincipalHandle } from './principals.ts';

/** Lets people log in to the SSH surface. */
export interface SshAccess {
  /**
   * Signs a public key (one line of a `.pub` file); who logs in with it is `principal` as long as that lasts.
   * @throws SluiceError `request.invalid` for what is no key, or a weak one.
   */
  certify(publicKey: string, principal: PrincipalHandle): SshCertificate;
}

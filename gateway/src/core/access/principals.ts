import type { Principal } from '../../../contract/principal.ts';

/**
 * A session's hold on who it acts for. Groups are re-read, so `current()` is asked for every action: it gives
 * the principal as of now, or null once access was revoked or the credential's session ended.
 */
export interface PrincipalHandle {
  current(): Principal | null;
  /** Calls back once when `current()` turns null, so that open sessions can be killed. Returns an unsubscribe. */
  onRevoked(listener: () => void): () => void;
}

/** What a SCRAM server keeps of a password (RFC 5802 section 3), never the password. */
export type ScramVerifier = {
  iterations: number;
  salt: Uint8Array;
  storedKey: Uint8Array;
  serverKey: Uint8Array;
};

export type LoginCredential = { verifier: ScramVerifier; principal: PrincipalHandle };

/** Login names and verifiers for wire protocols: service accounts and short-lived credentials of people. */
export interface LoginDirectory {
  /**
   * `target` is the name the client asked for: a person's credential is good for one target alone. Null for an
   * unknown or expired login; the caller then runs the exchange to its end with a made-up one.
   */
  lookup(login: string, target: string): LoginCredential | null;
}

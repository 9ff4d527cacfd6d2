import type { PrincipalHandle } from './principals.ts';

/** Signs people in by a browser where their client can't: they open a page and compare a code (RFC 8628). */
export interface DeviceSignIns {
  /**
   * @param asking what the page says of who asks: "An SSH client at 10.0.0.7"
   * @param network where they ask from: "10.0.0.7"
   * @returns null while too many others wait
   */
  begin(asking: string, network: string): Promise<DeviceSignIn | null>;
}

export type DeviceSignIn = {
  /** The page, with the code in it. */
  url: string;
  /** What the page shows, to compare. */
  code: string;
  /** Who signed in, once that is recorded; null when they refused, gave up, or it has run out or can't be recorded. */
  signedIn: Promise<SignedInDevice | null>;
  giveUp(): void;
};

export type SignedInDevice = {
  principal: PrincipalHandle;
  /** Ends the sign-in: it was for one client alone. */
  end(): void;
};

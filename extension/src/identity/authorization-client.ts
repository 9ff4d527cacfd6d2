import type { Tokens } from './tokens.ts';

/** A device authorization under way (RFC 8628). */
export type DeviceFlow = {
  userCode: string;
  verificationUri: string;
  /** With the code filled in, when the server offers it. */
  verificationUriComplete: string;
  expiresInS: number;
  /** Resolves when the person has confirmed; rejects when they refuse, or when it is aborted or too late. */
  poll(): Promise<Tokens>;
};

/** An authorization code flow under way: open `url`, then `finish` with the address it came back to. */
export type CodeFlow = { url: string; finish(callback: string): Promise<Tokens> };

/** One authorization server, for one client. */
export interface AuthorizationClient {
  device(signal: AbortSignal): Promise<DeviceFlow>;
  code(redirectUri: string): Promise<CodeFlow>;
  refresh(refreshToken: string): Promise<Tokens>;
  revoke(token: string): Promise<void>;
  /** True when the server said no, as opposed to not answering. */
  isRefused(error: unknown): boolean;
}

/** Loads the OAuth library and reads the issuer's metadata. */
export type OpenAuthorizationClient = (issuer: string, clientId: string) => Promise<AuthorizationClient>;

import type { Target } from '../../../contract/target.ts';
import type { Secret } from '../../core/access/secret.ts';
import type { SshServices } from './context.ts';
import type { SshSettings } from './settings.ts';
import type { ReadLine } from './shell/read-line.ts';

/** An account of a host, and the key that opens it: the gateway's alone. */
export type Account = { name: string; privateKey: Secret };

/** A host behind the gateway. */
export type SshTarget = {
  target: Target;
  host: string;
  port: number;
  /** The first is meant where a client names none. */
  accounts: readonly [Account, ...Account[]];
  /** Whether the key that the host shows is its own (RFC 4253 section 8). */
  isItsKey: (key: Buffer) => boolean;
  /** How its terminals read lines. */
  readLine: ReadLine;
  services: SshServices;
  settings: SshSettings;
};

import type { GovernServices } from '../../core/flow/govern.ts';

/** What is run on a host once it was granted. */
export type Granted = { kind: 'exec'; command: string };

export type SshServices = GovernServices<Granted>;

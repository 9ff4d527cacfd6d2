import type { Hello } from '../../contract/hello.ts';
import type { TargetName } from '../../contract/ids.ts';
import type { DeadLetter } from '../../contract/webhook-endpoints.ts';
import type { Authentication } from '../core/access/authentication.ts';
import type { SshAccess } from '../core/access/ssh-access.ts';
import type { Approvals } from '../core/approvals/approvals.ts';
import type { AuditControl } from '../core/audit/audit-control.ts';
import type { Holds } from '../core/audit/holds.ts';
import type { GovernedHost } from '../core/flow/governed-host.ts';
import type { GovernedTarget } from '../core/flow/governed-target.ts';
import type { PolicyDrafts } from '../core/policy/drafts/drafts.ts';
import type { PolicyHistory } from '../core/policy/history/history.ts';
import type { PolicyInForce } from '../core/policy/policy.ts';
import type { EventLog } from '../core/recording/event-log.ts';
import type { RecordReader } from '../core/recording/recorder.ts';
import type { Recordings } from '../core/recording/tape.ts';
import type { Sessions } from '../core/sessions/sessions.ts';

/** Where other clients reach the targets; null when nothing listens for them. */
export type WireEndpoint = { host: string; port: number; caCertificate: string };

/** Everything the API asks for. `main` hands it over. */
export type ApiServices = {
  hello: Hello;
  authentication: Authentication;
  targets: ReadonlyMap<TargetName, GovernedTarget>;
  /** Hosts for SSH. */
  hosts: ReadonlyMap<TargetName, GovernedHost>;
  /** Null where nothing listens for SSH clients. */
  ssh: SshAccess | null;
  policy: PolicyInForce;
  /** Policies that were in force; absent where nobody keeps them. */
  policyHistory?: Pick<PolicyHistory, 'list' | 'find'>;
  /** Judges drafts of policies. */
  policyDrafts: PolicyDrafts;
  records: RecordReader;
  /** Keeps what people do to others' sessions. */
  /** Keeps what happens besides actions. */
  events: EventLog;
  /** What administrators do to the log as a whole. */
  audit: { control: AuditControl; holds: Holds };
  sessions: Sessions;
  recordings: Recordings;
  approvals: Approvals;
  /** Messages that webhooks did not take. */
  deadLetters(): Promise<DeadLetter[]>;
  /** What the approval page runs; null where it was not built. */
  pageScript: string | null;
  wire: WireEndpoint;
  /** Groups whose members may read everybody's records, requests and recordings, and watch sessions. */
  auditorGroups: readonly string[];
  /** Groups of those who run the gateway, and end, lock and watch sessions. */
  adminGroups: readonly string[];
  maxRequestBytes: number;
  maxChannelsPerPerson: number;
  /** How long a terminal outlives the connection to it. */
  terminalKeepMs: number;
  now(): Date;
  /** Told about faults, which clients are only told of in general words. */
  fault(error: unknown): void;
};

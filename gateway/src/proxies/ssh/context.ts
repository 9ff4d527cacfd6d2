import { SluiceError } from '../../../contract/error.ts';
import type { Grant } from '../../core/access/grant.ts';
import type { ScanThread } from '../../core/detectors/thread/scan-thread.ts';
import type { GovernServices } from '../../core/flow/govern.ts';
import type { TapeRecorder } from '../../core/recording/tape.ts';
import type { Sessions } from '../../core/sessions/sessions.ts';
import type { FileOperation } from './sftp/operation.ts';

/** What is done with a host once it was granted. */
export type Granted =
  | { kind: 'exec'; command: string }
  | { kind: 'file'; operation: FileOperation }
  /** A connection that the host is asked to make, or to listen for (RFC 4254 section 7). */
  | { kind: 'forward'; host: string; port: number }
  | { kind: 'remoteForward'; host: string; port: number }
  | { kind: 'agent' };

export type SshServices = GovernServices<Granted> & {
  /** Where sessions are listed, for others to end, lock and watch. */
  sessions: Sessions;
  /** Records terminals. */
  tapes: TapeRecorder;
  /** Looks through what commands print. */
  scans: ScanThread;
};

type GrantedAs<Kind extends Granted['kind']> = Extract<Granted, { kind: Kind }>;

/** What a grant lets happen. @throws SluiceError `internal.fault` when that is of another kind */
export function payloadOf<Kind extends Granted['kind']>(
  { payload }: Grant<Granted>,
  kind: Kind,
): GrantedAs<Kind> {
  if (isA(payload, kind)) return payload;
  throw new SluiceError('internal.fault', `What was granted is ${payload.kind}, not ${kind}.`, '');
}

function isA<Kind extends Granted['kind']>(granted: Granted, kind: Kind): granted is GrantedAs<Kind> {
  return granted.kind === kind;
}

import type { Person } from '../../../contract/approval-request.ts';
import type { FileContent, FileListing } from '../../../contract/file-endpoints.ts';
import type { SessionId } from '../../../contract/ids.ts';
import type { Target } from '../../../contract/target.ts';
import type { PrincipalHandle } from '../access/principals.ts';

/** What the API asks of a host's proxy. The proxy implements it; `main` hands it over. */
export interface GovernedHost {
  readonly target: Target;
  /** Accounts that may be logged in to; the first is meant where none is named. */
  readonly accounts: readonly string[];
  /**
   * A shell whose lines are decided as they are entered.
   * @throws SluiceError `target.unreachable`, `target.certificateRefused`, `target.credentialRefused`
   */
  openTerminal(
    principal: PrincipalHandle,
    session: SessionId,
    wanted: WantedTerminal,
    screen: Screen,
  ): Promise<HostTerminal>;
  /**
   * What is in a folder; waits where somebody has to agree, until `left` aborts: then the request is withdrawn.
   * @throws as `openTerminal`, `record.unavailable`
   */
  listFiles(principal: PrincipalHandle, place: FilePlace, left: AbortSignal): Promise<FileListing>;
  /** What is in a file; waits, is given up, and throws as `listFiles`. */
  readFile(principal: PrincipalHandle, place: FilePlace, left: AbortSignal): Promise<FileContent>;
}

/** A file or folder of a host. `path` is absolute. */
export type FilePlace = { account: string; path: string };

export type WindowSize = { columns: number; rows: number };
export type WantedTerminal = WindowSize & { account: string };

/** What a shell shows itself on. */
export interface Screen {
  /** False when it takes no more for now; `drained` of the terminal says when it does again. */
  write(bytes: Uint8Array): boolean;
  /** What is typed is taken no more for now, until `resume`. */
  pause(): void;
  resume(): void;
  /** Who looks on, now and whenever that changes. */
  watched(watchers: readonly Person[]): void;
  /** Once, last. `why` is a sentence for people, empty when it ended as they wanted. */
  ended(exitCode: number, why: string): void;
}

/** A shell on a host, as whoever sits before it uses it. */
export interface HostTerminal {
  typed(bytes: Uint8Array): void;
  resize(size: WindowSize): void;
  drained(): void;
  /** Ends it. */
  close(): void;
}

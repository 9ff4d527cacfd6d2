import { SluiceError } from '../../../contract/error.ts';
import type { PrincipalId, SessionId } from '../../../contract/ids.ts';
import type { PrincipalHandle } from '../../core/access/principals.ts';
import type { GovernedHost, WantedTerminal } from '../../core/flow/governed-host.ts';
import { newSessionId } from '../../core/flow/session-id.ts';
import { KeptTerminal } from './kept-terminal.ts';

export type TerminalsParts = {
  /** How long a shell outlives the connection to it. */
  keepMs: number;
  /** Shells that one person may have, connected or not. */
  maxPerPerson: number;
  fault: (error: unknown) => void;
};

/** Every terminal of the editor's that is open, or that somebody may come back to. */
export class Terminals {
  readonly #parts: TerminalsParts;
  readonly #kept = new Map<SessionId, { terminal: KeptTerminal; owner: PrincipalId }>();

  constructor(parts: TerminalsParts) {
    this.#parts = parts;
  }

  /** @throws SluiceError `request.invalid` when this person has as many as they may */
  requireRoom(owner: PrincipalId): void {
    const { maxPerPerson } = this.#parts;
    const theirs = [...this.#kept.values()].filter((kept) => kept.owner === owner);
    if (theirs.length < maxPerPerson) return;
    throw new SluiceError(
      'request.invalid',
      `You have ${maxPerPerson} terminals open, which is as many as this gateway allows.`,
      'Close one of them, or have limits.maxChannelsPerPerson raised.',
    );
  }

  /** Starts a shell. */
  open(owner: PrincipalId, principal: PrincipalHandle, host: GovernedHost, wanted: WantedTerminal) {
    const { keepMs, fault } = this.#parts;
    const session = newSessionId();
    const onGone = () => this.#kept.delete(session);
    const terminal = new KeptTerminal({ session, host, principal, wanted, keepMs, onGone, fault });
    this.#kept.set(session, { terminal, owner });
    void terminal.start();
    return terminal;
  }

  /** One that was opened before. @throws SluiceError `request.notFound`, also when it is somebody else's */
  find(owner: PrincipalId, session: SessionId): KeptTerminal {
    const kept = this.#kept.get(session);
    if (kept?.owner === owner) return kept.terminal;
    throw new SluiceError(
      'request.notFound',
      'This terminal is over: it was closed, or nobody was connected to it for too long.',
      'Open a new one.',
    );
  }

  close(): void {
    for (const { terminal } of this.#kept.values()) terminal.close('The gateway is stopping.');
  }
}

import type { Person } from '../../../contract/approval-request.ts';
import { PrincipalId } from '../../../contract/ids.ts';
import type { SessionLock } from '../../../contract/session-endpoints.ts';
import type { Session } from '../flow/session.ts';

/** What others did to a session, for its person and its recordings. */
export type SessionNote = {
  /** Short, for a marker: "locked by Dana Berg: look at the screen". */
  marker: string;
  /** A sentence for the person whose session it is. */
  sentence: string;
  /** The session ends with it. */
  isLast: boolean;
};

export type NewSession = {
  session: Session;
  /** Account on a host; null where there is no such thing. */
  account: string | null;
  /** Whether the surface looks at `lock` before it takes anything. */
  canBeLocked: boolean;
  /** Ends it within a second. Whoever listens to notes has told its person why. */
  end: () => void;
  now: () => Date;
};

/** Whoever hears of changes: `why` says who ended the session and why; empty where it ended by itself. */
export interface SessionListener {
  changed(session: OpenSession): void;
  closed(session: OpenSession, why: string): void;
}

/** A session that is open: its surface tells what runs, others lock it, end it and look on. */
export class OpenSession {
  readonly session: Session;
  readonly account: string | null;
  readonly canBeLocked: boolean;
  readonly since: string;
  /** As they were called when the session was opened. */
  readonly who: Person;
  readonly actsFor: Person | null;
  readonly #parts: NewSession;
  readonly #listener: SessionListener;
  readonly #running = new Map<symbol, string>();
  readonly #watches = new Map<symbol, Person>();
  readonly #terminals: number[] = [];
  readonly #noteListeners = new Set<(note: SessionNote) => void>();
  #lock: SessionLock | null = null;
  #endedBecause = '';
  #isClosed = false;

  constructor(parts: NewSession, listener: SessionListener) {
    const { session, account, canBeLocked, now } = parts;
    const principal = session.principal.current();
    this.#parts = parts;
    this.#listener = listener;
    this.session = session;
    this.account = account;
    this.canBeLocked = canBeLocked;
    this.since = now().toISOString();
    this.who = principal === null ? UNKNOWN : { id: principal.id, name: principal.name };
    this.actsFor = principal?.actsFor ?? null;
  }

  /** While it stands nothing is taken from the session's person. */
  get lock(): SessionLock | null {
    return this.#lock;
  }

  get running(): string[] {
    return [...this.#running.values()];
  }

  get terminals(): readonly number[] {
    return this.#terminals;
  }

  /** Everybody who looks on, once each. */
  get watchers(): Person[] {
    return [...new Map([...this.#watches.values()].map((person) => [person.id, person])).values()];
  }

  get isClosed(): boolean {
    return this.#isClosed;
  }

  /** Something runs, or waits to; call what is returned when it has ended. */
  begin(statement: string): () => void {
    const key = Symbol();
    this.#running.set(key, statement);
    this.#changed();
    return () => {
      if (this.#running.delete(key)) this.#changed();
    };
  }

  /** A terminal more that is recorded; gives its number. */
  addTerminal(): number {
    const terminal = (this.#terminals.at(-1) ?? 0) + 1;
    this.#terminals.push(terminal);
    this.#changed();
    return terminal;
  }

  /** Tells what others do to it, for its person. Returns an unsubscribe. */
  onNote(listener: (note: SessionNote) => void): () => void {
    this.#noteListeners.add(listener);
    return () => this.#noteListeners.delete(listener);
  }

  /** Tells when it is locked, now too, and when it is no longer. Returns an unsubscribe. */
  onLock(listener: (isLocked: boolean) => void): () => void {
    let told = this.#lock !== null;
    if (told) listener(told);
    return this.onNote(() => {
      const isLocked = this.#lock !== null;
      if (isLocked !== told) listener(isLocked);
      told = isLocked;
    });
  }

  /** Ends the session. */
  end(by: Person, reason: string): void {
    this.#end(`ended by ${by.name}: ${reason}`, `${by.name} has ended this session: ${reason}`);
  }

  /** Ends the session of somebody whose access is gone. */
  endRevoked(): void {
    this.#end('access ended', 'Your access has ended. Sign in again.');
  }

  lockBy(by: Person, reason: string): void {
    this.#lock = { by, at: this.#parts.now().toISOString(), reason };
    this.#note(`locked by ${by.name}: ${reason}`, lockSentence(this.#lock));
    this.#changed();
  }

  unlock(by: Person, reason: string): void {
    if (this.#lock === null) return;
    this.#lock = null;
    this.#note(`unlocked by ${by.name}: ${reason}`, `${by.name} has unlocked this session: ${reason}`);
    this.#changed();
  }

  /** Somebody looks on, and the session's person is told so; call what is returned when they have left. */
  watchedBy(person: Person): () => void {
    const isNew = !this.#looksOn(person.id);
    const key = Symbol();
    this.#watches.set(key, person);
    if (isNew) this.#noteWatching(person, `watched by ${person.name}`, 'is watching this session now.');
    this.#changed();
    return () => {
      if (!this.#watches.delete(key)) return;
      if (!this.#looksOn(person.id))
        this.#noteWatching(person, `no longer watched by ${person.name}`, 'no longer watches this session.');
      this.#changed();
    };
  }

  /** Its surface says that it has ended. */
  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#listener.closed(this, this.#endedBecause);
  }

  #looksOn(id: PrincipalId): boolean {
    return [...this.#watches.values()].some((person) => person.id === id);
  }

  #end(marker: string, sentence: string): void {
    if (this.#isClosed) return;
    this.#endedBecause = sentence;
    this.#note(marker, sentence, true);
    this.#parts.end();
  }

  /** Who looks at their own session needs no telling. */
  #noteWatching({ id, name }: Person, marker: string, what: string): void {
    if (id !== this.who.id) this.#note(marker, `${name} ${what}`);
  }

  #note(marker: string, sentence: string, isLast = false): void {
    for (const listener of this.#noteListeners) listener({ marker, sentence, isLast });
  }

  #changed(): void {
    if (!this.#isClosed) this.#listener.changed(this);
  }
}

/** What somebody reads whose session is locked. */
export function lockSentence({ by, reason }: SessionLock): string {
  return `${by.name} has locked this session: ${reason}`;
}

/** A sign-in that ended while its session was being opened: it is about to be closed. */
const UNKNOWN: Person = { id: PrincipalId.parse('unknown'), name: 'unknown' };

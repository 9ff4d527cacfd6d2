import type { Principal } from '../../../contract/principal.ts';
import type { PrincipalHandle } from '../../core/access/principals.ts';
import type { People } from './people.ts';

/** One sign-in of one person: an OAuth grant with the tokens issued under it. Times in epoch milliseconds. */
export type SignInFacts = { grant: string; person: string; renewedUntilMs: number; endsAtMs: number };

/** How long a session lasts: while its sign-in is renewed in time, or for the sign-in's whole life. */
export type Bond = 'renewal' | 'signIn';

type Watcher = { bond: Bond; listener: () => void };
type SignIn = SignInFacts & { watchers: Set<Watcher> };

/**
 * The sign-ins that are alive. Sessions hang on them through handles: a revoked, ended or unrenewed sign-in,
 * or a person who is gone, ends every session. `sweep` is called every second to notice what time alone ended.
 */
export class SignIns {
  readonly #alive = new Map<string, SignIn>();
  readonly #people: People;
  readonly #nowMs: () => number;

  constructor(people: People, nowMs: () => number) {
    this.#people = people;
    this.#nowMs = nowMs;
  }

  /** A token was issued or seen: the sign-in lives, and is renewed until the latest of its tokens ends. */
  seen(facts: SignInFacts): void {
    const known = this.#alive.get(facts.grant);
    if (known === undefined) {
      this.#alive.set(facts.grant, { ...facts, watchers: new Set() });
      return;
    }
    known.renewedUntilMs = Math.max(known.renewedUntilMs, facts.renewedUntilMs);
    known.endsAtMs = facts.endsAtMs;
  }

  end(grant: string): void {
    const signIn = this.#alive.get(grant);
    if (signIn === undefined) return;
    this.#alive.delete(grant);
    for (const { listener } of [...signIn.watchers]) listener();
  }

  endPerson(person: string): void {
    for (const signIn of [...this.#alive.values()]) if (signIn.person === person) this.end(signIn.grant);
  }

  /** Ids of the people who are signed in. */
  people(): string[] {
    return [...new Set([...this.#alive.values()].map(({ person }) => person))];
  }

  handle(grant: string, bond: Bond): PrincipalHandle {
    return {
      current: () => this.#current(grant, bond),
      onRevoked: (listener) => this.#watch(grant, { bond, listener: once(listener) }),
    };
  }

  sweep(): void {
    const nowMs = this.#nowMs();
    for (const signIn of [...this.#alive.values()]) {
      if (signIn.endsAtMs <= nowMs || this.#people.get(signIn.person) === null) this.end(signIn.grant);
      else if (signIn.renewedUntilMs <= nowMs) lapse(signIn);
    }
  }

  #current(grant: string, bond: Bond): Principal | null {
    const signIn = this.#alive.get(grant);
    if (signIn === undefined) return null;
    const untilMs = bond === 'renewal' ? Math.min(signIn.renewedUntilMs, signIn.endsAtMs) : signIn.endsAtMs;
    return untilMs > this.#nowMs() ? this.#people.get(signIn.person) : null;
  }

  #watch(grant: string, watcher: Watcher): () => void {
    const signIn = this.#alive.get(grant);
    if (signIn === undefined || this.#current(grant, watcher.bond) === null) {
      queueMicrotask(watcher.listener);
      return () => undefined;
    }
    signIn.watchers.add(watcher);
    return () => signIn.watchers.delete(watcher);
  }
}

function lapse(signIn: SignIn): void {
  for (const watcher of [...signIn.watchers].filter(({ bond }) => bond === 'renewal')) {
    signIn.watchers.delete(watcher);
    watcher.listener();
  }
}

function once(listener: () => void): () => void {
  let called = false;
  return () => {
    if (called) return;
    called = true;
    listener();
  };
}

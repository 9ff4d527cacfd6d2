import { Client, type ClientConfig } from 'pg';
import { type Attack, type Step, textOfAttack } from '../attack.ts';
import { comparable, shownSecrets } from '../twins.ts';
import { errorsIn, type Frame, WireSession } from './session.ts';
import { take, type Way } from './ways.ts';

export type Side = 'left' | 'right';
export const SIDES: readonly Side[] = ['left', 'right'];
export type Both<T> = Readonly<Record<Side, T>>;

/** What a lane works on: how a client connects, how the owner does, and how the databases are made new. */
export type Lane = {
  client: Both<ClientConfig>;
  owner: Both<ClientConfig>;
  /** What `{name}` stands for in attacks. */
  names: ReadonlyMap<string, string>;
  renew(): Promise<void>;
};

/** What became of an attack. */
export type Outcome = {
  /** `refused` for policy's or masking's sake, `failed` for another reason, or `ran`. */
  kind: 'refused' | 'failed' | 'ran';
  leak: string | null;
  /** What speaks against counting it as safe: the connection was lost, or nothing works afterwards. */
  problem: string | null;
  /** SQLSTATEs of all errors. */
  codes: readonly string[];
};

/** insufficient_privilege, and that a name means nothing: what a client may not see is not there for it. */
const REFUSED: ReadonlySet<string> = new Set(['42501', '42P01', '42703', '42704', '42883', '26000', '34000']);
const WITHHELD = /message is withheld/;
/** The catalogue can't be read while somebody holds a lock: the statement is refused. */
const LOCKED = { code: '55P03', message: /^the catalogue was changed by somebody else/ };
/** What ends a session whose statement somebody overtook with a change of what it reads: nothing was released. */
const OVERTAKEN = { code: '57P05', message: /changed by somebody else while it ran/ };
/** A plan is no longer the one that was granted, or a masked row has no type of its own to be taken apart by. */
const CHANGED = /^cached plan must not change|column definition list is required/;
/** connection_exception, operator_intervention. */
const LOST = /^(?:08|57P)/;

const CHANGES =
  /insert|update|delete|merge|truncate|create|alter|drop|into|setval|nextval|grant|revoke|call|\bdo\b|comment|cluster|copy.*\bfrom\b|lo_|refresh|analyze|vacuum|label|reassign|import/i;
const KEEPS_STATE =
  /\b(?:set|reset|set_config|prepare|declare|listen|temp|temporary|discard|load|lock|begin|pg_advisory\w*|setseed)\b/i;

const CANARY = 'SELECT id, name FROM customers WHERE id = 1';
const CANARY_ROW = 'name 1';
const CANARY_EVERY = 10;
/** How often what an owner does meanwhile is tried, which one twin may notice sooner than the other. */
const OVERTAKING_TRIES = 4;

/** Attacks pairs of databases that differ in masked values alone, one after the other. */
export class Attacker {
  /** How often the canary was seen alive. */
  canaries = 0;
  readonly #lane: Lane;
  #sessions: Both<WireSession> | null = null;
  #since = 0;

  constructor(lane: Lane) {
    this.#lane = lane;
  }

  /** `undoing` rolls back what can be rolled back; else what was changed is made anew. */
  async attack(attack: Attack, way: Way, undoing = way !== 'simple'): Promise<Outcome> {
    let outcome = await this.#once(attack, way, undoing);
    // A difference that tells of a value is there each time.
    for (let tries = 1; hasOwner(attack) && outcome.differs && tries < OVERTAKING_TRIES; tries += 1) {
      outcome = await this.#once(attack, way, undoing);
    }
    // Decisions know the catalogue alone, and no value: that one twin was decided on sooner tells nothing.
    if (hasOwner(attack) && outcome.differs && outcome.isDecided) outcome.leak = outcome.shown;
    return outcome;
  }

  async #once(attack: Attack, way: Way, undoing: boolean): Promise<Judged> {
    const undone = undoing && canBeUndone(attack);
    const before = await this.#open(attack.startUp);
    if (typeof before === 'string')
      return { kind: 'refused', leak: null, problem: null, codes: [], ...NO_DIFFERENCE };
    const sessions = before;
    const [left, right] = await Promise.all(
      SIDES.map((side) => this.#run(sessions[side], attack, way, side, undone)),
    ).catch(async (error: unknown) => {
      await Promise.all(SIDES.map((side) => sessions[side].destroy()));
      throw new Error(`[${attack.family}, ${way}] ${textOfAttack(attack)}: ${error}`, { cause: error });
    });
    const outcome = judged(attack, left ?? [], right ?? []);
    const problem = await this.#tidy(attack, undone, left ?? [], right ?? []);
    return { ...outcome, problem: outcome.problem ?? problem };
  }

  async close(): Promise<void> {
    const sessions = this.#sessions;
    this.#sessions = null;
    if (sessions !== null) await Promise.all(SIDES.map((side) => sessions[side].close()));
  }

  /** Sessions to attack on; a text when the start-up parameters were refused. */
  async #open(startUp: Attack['startUp']): Promise<Both<WireSession> | string> {
    if (startUp !== undefined) await this.close();
    if (this.#sessions !== null) return this.#sessions;
    try {
      const { client } = this.#lane;
      const [left, right] = await Promise.all(SIDES.map((side) => WireSession.open(client[side], startUp)));
      if (left === undefined || right === undefined) throw new Error('no session');
      this.#sessions = { left, right };
      this.#since = CANARY_EVERY;
      return this.#sessions;
    } catch (error) {
      if (startUp === undefined) throw error;
      return error instanceof Error ? error.message : String(error);
    }
  }

  async #run(session: WireSession, attack: Attack, way: Way, side: Side, undone: boolean): Promise<Frame[]> {
    session.taken();
    const owner = (sql: string) => asOwner(this.#lane.owner[side], sql);
    if (undone) await session.query('BEGIN');
    for (const step of attack.steps) {
      if (undone) await session.query('SAVEPOINT corpus');
      await take(session, named(step, this.#lane.names), way, owner);
      if (undone && session.status === 'E') await session.query('ROLLBACK TO corpus');
    }
    if (undone) await session.query('ROLLBACK');
    return session.taken();
  }

  /** Leaves sessions and databases as they were found; says what is wrong with them when they don't answer. */
  async #tidy(
    attack: Attack,
    undone: boolean,
    left: readonly Frame[],
    right: readonly Frame[],
  ): Promise<string | null> {
    const text = textOfAttack(attack);
    const changed = !undone && (succeeded(attack, left) || succeeded(attack, right));
    const sessions = this.#sessions;
    if (sessions === null) return 'the session is gone';
    const lost = SIDES.some((side) => sessions[side].closed) || isEnded(left) || isEnded(right);
    const ended = [left, right].every((frames) => isOvertaken(attack, frames) || !isEnded(frames));
    let problem = lost && !ended ? 'the session was ended' : null;
    if (!lost && !changed) {
      for (const side of SIDES) if (sessions[side].status !== 'I') await sessions[side].query('ROLLBACK');
    }
    if (lost || changed || KEEPS_STATE.test(text) || attack.startUp !== undefined) await this.close();
    if (changed) await this.#lane.renew();
    this.#since += 1;
    if (this.#since >= CANARY_EVERY || lost) problem ??= await this.#canary();
    return problem;
  }

  /** What harms nobody must come, or silence would count as safety. */
  async #canary(): Promise<string | null> {
    const sessions = await this.#open(undefined);
    if (typeof sessions === 'string') return sessions;
    this.#since = 0;
    for (const side of SIDES) {
      await sessions[side].query(CANARY);
      const row = sessions[side].taken().find(({ type }) => type === 'D');
      if (row?.body.includes(CANARY_ROW) !== true) return 'the canary is dead';
    }
    this.canaries += 1;
    return null;
  }
}

/** What this version of the server doesn't know is left undone. */
async function asOwner(config: ClientConfig, sql: string): Promise<void> {
  const client = new Client(config);
  client.on('error', () => undefined);
  await client.connect();
  // A lock that the attacker holds is not waited for.
  await client.query(`SET lock_timeout = '300ms'; ${sql}`).catch(() => undefined);
  await client.end();
}

/** A step with the names of this server in place of those in braces. */
function named(step: Step, names: ReadonlyMap<string, string>): Step {
  if (typeof step !== 'string' || !step.includes('{')) return step;
  return step.replaceAll(/\{([a-z-]+)\}/g, (whole, name: string) => names.get(name) ?? whole);
}

function changes(step: Step): boolean {
  if (typeof step === 'string') return CHANGES.test(step);
  return !('as_is' in step) || CHANGES.test(step.as_is);
}

/** What takes no part in a transaction, or is one itself. */
const NOT_IN_TRANSACTION =
  /\b(?:begin|commit|rollback|savepoint|discard|vacuum|nextval|setval|database|listen|notify|pg_notify)\b|;|alter system/i;

/** Whether it changes nothing outside of a transaction, and is none itself. */
function canBeUndone({ steps }: Attack): boolean {
  return (
    steps.some(changes) && steps.every((step) => typeof step === 'string' && !NOT_IN_TRANSACTION.test(step))
  );
}

/** Whether anything of it may have been done: not when all that changes anything was answered by an error. */
function succeeded(attack: Attack, frames: readonly Frame[]): boolean {
  if (attack.steps.some((step) => typeof step === 'object' && 'owner' in step)) return true;
  const asked = attack.steps.filter(changes).length;
  return asked > 0 && errorsIn(frames).length < asked;
}

/** `isDecided`: what differs first is that one twin's statement was decided on otherwise. */
type Judged = Outcome & { differs: boolean; shown: string | null; isDecided: boolean };
const NO_DIFFERENCE = { differs: false, shown: null, isDecided: false };

/** Whether one side was refused where the other was not. */
function isDecidedApart(left: readonly Frame[], right: readonly Frame[]): boolean {
  const [one, other] = [left, right].map((frames) => frames.map((frame) => comparable([frame])));
  const at = one?.findIndex((line, index) => line !== other?.[index]) ?? -1;
  return [one?.[at], other?.[at]].some((line) =>
    /"code":"42501","message":"(Blocked|Refused)/.test(line ?? ''),
  );
}

function hasOwner({ steps }: Attack): boolean {
  return steps.some((step) => typeof step === 'object' && 'owner' in step);
}

function isEnded(frames: readonly Frame[]): boolean {
  return errorsIn(frames).some(({ severity }) => severity === 'FATAL');
}

/** Whether the session was ended as it is meant to be when an owner overtook a statement, and for nothing else. */
function isOvertaken(attack: Attack, frames: readonly Frame[]): boolean {
  if (!hasOwner(attack)) return false;
  const ends = errorsIn(frames).filter(({ severity }) => severity === 'FATAL');
  return (
    ends.length > 0 &&
    ends.every(({ code, message }) => code === OVERTAKEN.code && OVERTAKEN.message.test(message ?? ''))
  );
}

function judged(attack: Attack, left: readonly Frame[], right: readonly Frame[]): Judged {
  const text = textOfAttack(attack);
  const shown = [...shownSecrets(left, text), ...shownSecrets(right, text)];
  const differs = attack.unsteady !== true && comparable(left) !== comparable(right);
  const showing = shown.length > 0 ? `shows ${shown.slice(0, 3).join(', ')}` : null;
  const leak = showing ?? (differs ? differenceOf(left, right) : null);
  const isDecided = isOvertaken(attack, left) || isOvertaken(attack, right) || isDecidedApart(left, right);
  const errors = errorsIn(left);
  const lost = [left, right]
    .filter((frames) => !isOvertaken(attack, frames))
    .flatMap(errorsIn)
    .find(({ code, severity }) => severity === 'FATAL' || LOST.test(code ?? ''));
  const problem = lost === undefined ? null : `${lost.code} ${lost.message}`;
  const policy =
    isOvertaken(attack, left) ||
    errors.some(({ code, message }) => code === LOCKED.code && LOCKED.message.test(message ?? '')) ||
    errors.some(
      ({ code, message }) =>
        REFUSED.has(code ?? '') || WITHHELD.test(message ?? '') || CHANGED.test(message ?? ''),
    );
  const kind = policy ? 'refused' : errors.length > 0 ? 'failed' : 'ran';
  return {
    kind,
    leak,
    problem,
    codes: errors.map(({ code }) => code ?? ''),
    differs,
    shown: showing,
    isDecided,
  };
}

function differenceOf(left: readonly Frame[], right: readonly Frame[]): string {
  const [one, other] = [comparable(left).split('\n'), comparable(right).split('\n')];
  const at = one.findIndex((line, index) => line !== other[index]);
  return `twins differ: ${one[at]?.slice(0, 200)} / ${other[at]?.slice(0, 200)}`;
}

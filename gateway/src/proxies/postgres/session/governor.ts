import { type Decision, isRestricted } from '../../../../contract/decision.ts';
import type { CatalogueVersion } from '../../../../contract/ids.ts';
import type { Principal } from '../../../../contract/principal.ts';
import {
  type Action,
  type Asked,
  draftOf,
  type Enforce,
  type Governed,
  govern,
  holdIfAsked,
  makePlan,
  type Plan,
  planFor,
} from '../../../core/flow/govern.ts';
import type { Drafted } from '../../../core/flow/governed-target.ts';
import type { SeenPlans } from '../../../core/flow/seen-plans.ts';
import type { Session } from '../../../core/flow/session.ts';
import type {
  AnalysedStatement,
  AnalyseRequest,
  Analysis,
  Outline,
  SelectList,
  SqlEngine,
} from '../../../sql/engine.ts';
import { constantFree, withoutConstants } from '../../../sql/postgres/facts/constant-free.ts';
import { NO_PARAMETERS, type Parameters } from '../approval/parameters.ts';
import type { LoadedCatalogue } from '../catalogue/keeper.ts';
import type { EnforcedSql, TargetContext } from '../context.ts';
import type { KnownState } from './state.ts';

const MAX_ANALYSES = 2000;
const MAX_CACHED_CHARACTERS = 32_768;

const UNREADABLE_COPY = {
  kind: 'refused',
  why: 'Refused, because detectors look at what COPY sends, and can read its text and CSV in UTF-8 only.',
  next: 'Leave FORMAT binary and ENCODING out, or use FORMAT csv.',
} as const;

/** What an analysis holds for: a target's catalogue and a session's state, at one moment. */
export type World = { state: KnownState; catalogue: LoadedCatalogue };

/** Analyses statements and puts them through the one flow; the same for every session of a target. */
export class Governor {
  readonly context: TargetContext;
  readonly #analyses = new Map<string, Analysis | Promise<Analysis>>();

  constructor(context: TargetContext) {
    this.context = context;
  }

  /** Cached by everything that the analysis depends on. */
  analyse(text: string, world: World): Analysis | Promise<Analysis> {
    const key = this.#key(text, world);
    const known = this.#recall(key);
    if (known !== undefined) return known;
    const analysis = this.#engineFor(world).analyse(this.#request(text, world));
    if (text.length <= MAX_CACHED_CHARACTERS) this.#keep(key, analysis);
    return analysis;
  }

  /** What was analysed already. */
  known(text: string, world: World): Analysis | undefined {
    const known = this.#recall(this.#key(text, world));
    return known instanceof Promise ? undefined : known;
  }

  #key(text: string, { catalogue, state }: World): string {
    return `${catalogue.version}\n${this.context.govern.policy.current().version}\n${state.digest}\n${text}`;
  }

  #recall(key: string): Analysis | Promise<Analysis> | undefined {
    const known = this.#analyses.get(key);
    if (known === undefined) return undefined;
    this.#analyses.delete(key);
    this.#analyses.set(key, known);
    return known;
  }

  /** Whether a principal belongs on this connection: a policy that changes can make them see more or less. */
  serves(principal: Principal, { catalogue }: World): boolean {
    const { exemption, govern: services } = this.context;
    return exemption?.admits(principal, services.policy.current(), catalogue) ?? true;
  }

  /** Decides, enforces and records one statement. */
  govern(
    session: Session,
    statement: AnalysedStatement,
    world: World,
    seen: SeenPlans<EnforcedSql>,
    parameters: Parameters | null = NO_PARAMETERS,
    confirm?: () => Promise<void>,
  ): Governed<EnforcedSql> | Promise<Governed<EnforcedSql>> {
    const action = this.#action(session, statement, world, parameters, confirm);
    return govern(action, this.#enforce(statement, world), this.context.govern, seen);
  }

  /** What approval of a statement would be asked for; null when it can't be. */
  draft(
    session: Session,
    principal: Principal,
    statement: AnalysedStatement,
    world: World,
    decision: Decision,
  ): Extract<Drafted, { kind: 'draft' }>['draft'] | null {
    return draftOf(this.#action(session, statement, world), principal, decision);
  }

  /** Records a statement that can't be read, or can't run now, as refused. */
  async refuse(session: Session, text: string, why: string): Promise<Governed<EnforcedSql>> {
    const action: Action = {
      session,
      statement: text,
      withoutConstants: () => NOT_KEPT,
      facts: null,
      unparsed: why,
      columns: [],
      through: [],
      planKey: JSON.stringify(['refused', why]),
    };
    const never: Enforce<EnforcedSql> = async () => ({ kind: 'refused', why, next: '' });
    return govern(action, never, this.context.govern);
  }

  /** What would be done with a statement now; nothing is recorded and nothing may run on it. */
  async plan(
    session: Session,
    principal: Principal,
    statement: AnalysedStatement,
    world: World,
  ): Promise<Plan<EnforcedSql>> {
    const action = this.#action(session, statement, world);
    const policy = this.context.govern.policy.current();
    return planFor(action, principal, policy, this.#enforce(statement, world), this.context.govern);
  }

  /** A query's select list; null when nothing can be left out of it. */
  selectList(text: string, world: World): Promise<SelectList | null> {
    return this.#engineFor(world).selectList(this.#request(text, world));
  }

  /** What the tree of a text tells, for those who decide on it; null when it has not one statement. */
  outline(text: string, world: World): Promise<Outline | null> {
    return this.#engineFor(world).outline(this.#request(text, world));
  }

  /** Whether a text would run now, with these result columns; nothing is remembered, recorded or run. */
  async wouldRun(
    session: Session,
    principal: Principal,
    text: string,
    outputs: readonly string[],
    world: World,
  ): Promise<boolean> {
    const analysis = await this.#engineFor(world).analyse(this.#request(text, world));
    const [statement, second] = analysis.kind === 'analysed' ? analysis.statements : [];
    if (statement === undefined || second !== undefined) return false;
    const names = statement.outputs?.map(({ name }) => name);
    if (JSON.stringify(names) !== JSON.stringify(outputs)) return false;
    const { policy, now } = this.context.govern;
    const action = this.#action(session, statement, world);
    const { plan } = await makePlan(
      action,
      principal,
      policy.current(),
      this.#enforce(statement, world),
      now(),
    );
    return plan.kind === 'granted';
  }

  /** What asks for approval and may not run yet, so many times: it then waits. Nothing is used up and nothing runs. */
  async holdIfAsked(
    session: Session,
    statement: AnalysedStatement,
    world: World,
    times: number,
  ): Promise<Governed<EnforcedSql> | null> {
    const action = this.#action(session, statement, world);
    return holdIfAsked(action, this.#enforce(statement, world), this.context.govern, times);
  }

  #action(
    session: Session,
    statement: AnalysedStatement,
    world: World,
    parameters: Parameters | null = NO_PARAMETERS,
    confirm?: () => Promise<void>,
  ): Action {
    const place = `${world.catalogue.version}\n${world.state.digest}\n`;
    return {
      session,
      statement: statement.text,
      withoutConstants: () => withoutConstants(statement.text),
      facts: statement.facts,
      unparsed: null,
      columns: statement.touched,
      through: statement.through,
      planKey: `${place}${statement.text}`,
      concludes: statement.concludes,
      // Few statements ask: the others don't pay for it.
      get asked() {
        return parameters === null ? undefined : askedOf(statement, world, place, parameters, confirm);
      },
    };
  }

  #enforce(statement: AnalysedStatement, world: World): Enforce<EnforcedSql> {
    return async (decision) => {
      const { detections } = decision;
      if (detections !== undefined && statement.facts.kind === 'copyTo' && statement.copyTo === null) {
        return UNREADABLE_COPY;
      }
      if (this.context.masking === 'inlined' && !isRestricted(decision)) {
        return { kind: 'enforced', payload: { text: statement.text } };
      }
      const request = this.#request(statement.text, world);
      const rewrite = await this.#engineFor(world).rewrite(request, 0, decision.masks, decision);
      if (rewrite.kind === 'refused') return rewrite;
      const { text, rowByRow } = rewrite;
      return { kind: 'enforced', payload: { text, ...(rowByRow === undefined ? {} : { rowByRow }) } };
    };
  }

  /** The engine, which knows a world's catalogue at its next request: those of other sessions may have driven it out. */
  #engineFor({ catalogue }: World): SqlEngine {
    const { engine, target, catalogue: keeper } = this.context;
    const place = catalogue === keeper.loaded ? target.name : inTransaction(target.name);
    engine.learn(place, catalogue.version, catalogue.snapshot).catch(() => undefined);
    return engine;
  }

  #request(text: string, world: World): AnalyseRequest {
    const version: CatalogueVersion = world.catalogue.version;
    const { target, masking, govern: services } = this.context;
    return {
      text,
      catalogue: version,
      session: world.state.sql,
      reviewedFunctions: services.policy.current().reviewedFunctions(target),
      masking,
    };
  }

  #keep(key: string, analysis: Promise<Analysis>): void {
    this.#analyses.set(key, analysis);
    analysis.then(
      (known) => {
        if (this.#analyses.get(key) === analysis) this.#analyses.set(key, known);
      },
      () => this.#analyses.delete(key),
    );
    if (this.#analyses.size <= MAX_ANALYSES) return;
    const oldest = this.#analyses.keys().next();
    if (!oldest.done) this.#analyses.delete(oldest.value);
  }
}

/** The place of catalogues that only the transactions see that made them. */
export function inTransaction(target: string): string {
  return `${target} in transaction`;
}

/** What is not understood may hold constants anywhere. */
const NOT_KEPT = '(not kept: it was not understood, and the policy leaves constants out of records)';

function askedOf(
  { shaped, text, facts }: AnalysedStatement,
  { state: { settings } }: World,
  place: string,
  { shown, key }: Parameters,
  confirm: (() => Promise<void>) | undefined,
): Asked {
  return {
    parameters: shown,
    parametersKey: JSON.stringify([settings, key]),
    shapeKey: shaped ? `${place}${settings}\n${constantFree(text, facts)}` : null,
    ...(confirm === undefined ? {} : { confirm }),
  };
}

import type { ApprovalRequest } from '../../../../contract/approval-request.ts';
import type { Decision } from '../../../../contract/decision.ts';
import { SluiceError } from '../../../../contract/error.ts';
import type { Grant } from '../../../core/access/grant.ts';
import type { Governed, Held, Settled } from '../../../core/flow/govern.ts';
import { SeenPlans } from '../../../core/flow/seen-plans.ts';
import type { Session } from '../../../core/flow/session.ts';
import type { Policy } from '../../../core/policy/policy.ts';
import type { AnalysedStatement, Analysis } from '../../../sql/engine.ts';
import { violation } from '../../../wire/postgres/violation.ts';
import { NO_PARAMETERS, type Parameters } from '../approval/parameters.ts';
import { decodeSurroundings, SURROUNDINGS_QUESTION, type Surroundings } from '../approval/surroundings.ts';
import { catalogueInTransaction } from '../catalogue/in-transaction.ts';
import type { LoadedCatalogue } from '../catalogue/keeper.ts';
import type { EnforcedSql } from '../context.ts';
import type { OwnQuestion } from '../upstream/own-question.ts';
import type { Upstream } from '../upstream/upstream.ts';
import {
  changedSinceApproval,
  frozenSnapshot,
  lockedMeansChanged,
  transactionFailed,
  withoutCatalogue,
} from './cannot-analyse.ts';
import { Conclusion } from './conclusion.ts';
import { type Governor, inTransaction, type World } from './governor.ts';
import type { Outbox } from './outbox.ts';
import { Question } from './question.ts';
import type { Relay } from './relay.ts';
import type { Run } from './run.ts';
import { findsSameSchemas } from './same-schemas.ts';
import { accessEnded, overtaken, servedElsewhere } from './session-over.ts';
import { type NamedStatement, SessionState } from './state.ts';
import {
  changesRows,
  isStateless,
  isSure,
  looksFirst,
  NAMING,
  USING_NAMES,
  usesNames,
} from './statement-traits.ts';
import { type Stopped, Waiting } from './waiting.ts';
import { Disagreement } from './witness.ts';

const BY_ITSELF = { aside: false, types: [] };

/** An analysis, with what it holds for. */
export type Analysed = { analysis: Analysis; world: World; policy: Policy };

/** Told of every decision, in order: what the editor shows. */
export type Observer = {
  decided: (statement: AnalysedStatement | null, decision: Decision) => void;
  /** A statement waits for approval, or its request has changed. */
  held: (request: ApprovalRequest) => void;
};

export type ConversationParts = {
  session: Session;
  governor: Governor;
  upstream: Upstream;
  outbox: Outbox;
  observer: Observer | null;
};

/** What both protocols (simple and extended) share of one session. */
export class Conversation {
  readonly session: Session;
  readonly governor: Governor;
  readonly upstream: Upstream;
  readonly outbox: Outbox;
  readonly observer: Observer | null;
  readonly state = new SessionState();
  readonly waiting: Waiting;
  relay: Relay | null = null;
  /** Messages of the extended protocol went upstream since the last Sync. */
  unsynced = false;
  /** Nothing is decided any more: what is still being handled comes to nothing. */
  ended = false;
  readonly #seenPlans = new SeenPlans<EnforcedSql>();
  #catalogueDirty = false;
  /** The state was changed, or asked for, where a rollback or the end of a transaction takes that back. */
  #revertible = false;
  /** How often this session did what may have changed its state. */
  #changes = 0;
  #namesHoldFor = '';
  /** What was found to hold for that. */
  #inForce = new WeakSet<NamedStatement>();
  /** The catalogue that was known when the state was last asked: another may hold other schemas of the search path. */
  #askedIn: LoadedCatalogue | null = null;
  /** The catalogue inside a transaction that has changed it. */
  #ownCatalogue: LoadedCatalogue | null = null;
  /** The catalogue outside of that transaction, when that was loaded. */
  #outside: LoadedCatalogue | null = null;
  readonly conclusion = new Conclusion(() => this.#settleOrCopyIn());
  /** Settles when all answers of a transaction that has changed the catalogue were asked for again. */
  #holding: Promise<void> = Promise.resolve();
  /** Protocol-level statements that upstream still has, told after each question. */
  onStatements: (names: ReadonlySet<string>) => void = () => undefined;
  /** Told of each DECLARE; whether a portal of the protocol has, or had, that name. */
  onCursor: (name: string) => boolean = () => false;

  constructor(parts: ConversationParts) {
    this.session = parts.session;
    this.governor = parts.governor;
    this.upstream = parts.upstream;
    this.outbox = parts.outbox;
    this.observer = parts.observer;
    this.waiting = new Waiting(parts.outbox);
  }

  get wire(): Relay {
    if (this.relay === null) throw new Error('the relay was not started');
    return this.relay;
  }

  /**
   * Analyses a text against the session's state as it is when the text would run. Waits for what is under way
   * only where that may change the state; what is known already comes without a promise.
   *
   * @throws CannotAnalyse, QuestionFailed
   */
  analyse(text: string): Analysed | Promise<Analysed> {
    const world = this.#sureWorld();
    const analysis = world === null ? undefined : this.governor.known(text, world);
    if (world === null || analysis === undefined || looksFirst(analysis)) return this.#analyse(text);
    return { analysis, world, policy: this.#policy };
  }

  /** The same for a text that was analysed before: when all that it was analysed against is the same, so is that. */
  analyseAgain(text: string, before: Analysed): Analysed | Promise<Analysed> {
    const { world, policy, analysis } = before;
    const sure = this.#sureWorld();
    const same = sure?.catalogue === world.catalogue && sure.state === world.state && policy === this.#policy;
    return same && !looksFirst(analysis) ? before : this.analyse(text);
  }

  /** What statements are analysed against, when nothing has to be asked or waited for to know it. */
  #sureWorld(): World | null {
    const { fresh, loaded } = this.governor.context.catalogue;
    if (this.state.dirty || this.state.hasNames || this.#ownCatalogue !== null) return null;
    if (!fresh || loaded === null || loaded.version !== this.#askedIn?.version) return null;
    return { state: this.state.known, catalogue: loaded };
  }

  get #policy(): Policy {
    return this.governor.context.govern.policy.current();
  }

  async #analyse(text: string): Promise<Analysed> {
    await this.held();
    let seen = await this.#analyseAsKnown(text);
    while (this.state.dirty) {
      if (isStateless(seen.analysis)) return seen;
      await this.#refresh();
      seen = await this.#analyseAsKnown(text);
    }
    return this.#withFreshCatalogue(text, seen);
  }

  /** Sends what was collected, and behind it a cancel that came while it was still being looked at. */
  async send(): Promise<void> {
    await this.upstream.flush();
    if (!this.waiting.cancelledEarly || !this.wire.runs) return;
    this.waiting.cancelledEarly = false;
    void this.upstream.cancel();
  }

  /** Everything that was sent is answered. */
  async settle(): Promise<void> {
    if (await this.#settleOrCopyIn()) throw violation('another message came while COPY data was expected');
  }

  /** The same, or the server waits for COPY data: true. */
  async #settleOrCopyIn(): Promise<boolean> {
    const relay = this.wire;
    if (this.unsynced && relay.busy) this.upstream.askForOutput();
    await this.send();
    await relay.whenCopyInOrIdle();
    if (relay.copyIn) return true;
    if (relay.ended) throw new SluiceError('target.unreachable', 'The target closed the connection.');
    return false;
  }

  /** The state that a statement leaves is not known until it is asked. */
  noteEffects(statement: AnalysedStatement, { payload, decision }: Grant<EnforcedSql>): void {
    const { kind, settings } = statement.facts;
    this.state.willSet(settings);
    if (changesRows(statement)) this.conclusion.noteChanging();
    if (statement.effect === 'transactionEnd') this.conclusion.noteTransactionEnd();
    if (statement.effect === 'none' && !NAMING.has(kind)) return;
    if (statement.effect === 'transactionEnd') {
      this.noteUndone();
      return;
    }
    this.#noteChanged();
    this.#revertible = true;
    if (statement.effect === 'catalogue') this.#catalogueDirty = true;
    const { naming: name } = statement;
    if (name === null) return;
    const approved = decision.approval !== undefined;
    const made = { text: statement.text, enforcedText: payload.text, approved };
    if (kind === 'prepare') this.state.willName('prepare', name, made);
    if (kind === 'declareCursor' && !this.onCursor(name)) this.state.willName('declare', name, made);
  }

  /** A transaction or a part of it ends: what it had changed of the state may be undone. */
  noteUndone(): void {
    if (this.#revertible) this.#noteChanged();
    if (this.#ownCatalogue !== null) this.#catalogueDirty = true;
  }

  #noteChanged(): void {
    this.state.dirty = true;
    this.#changes += 1;
  }

  /**
   * How often this session did what may have changed its state: what was planned at one count means the same as long as
   * that stays. Equal states don't tell: there may have been another one between them.
   */
  get changes(): number {
    return this.#changes;
  }

  /** Whether a Sync makes what was changed last: outside of a transaction block, or behind the end of one. */
  get syncConcludes(): boolean {
    return this.wire.status === 'idle' || this.conclusion.endsTransaction;
  }

  /** The pipeline ends: what it did outside of a transaction block is committed or undone. */
  noteSync(): void {
    this.unsynced = false;
    this.conclusion.noteSync();
    const undone = this.#revertible && this.wire.status === 'idle';
    if (undone) this.#noteChanged();
    if (this.#ownCatalogue !== null) this.state.dirty = true;
  }

  /**
   * Decides one statement, tells the observer, and opens its record. Without knowing what was bound to it (null), nobody
   * can agree to it.
   */
  decide(
    statement: AnalysedStatement,
    world: World,
    parameters: Parameters | null = NO_PARAMETERS,
  ): Governed<EnforcedSql> | Promise<Governed<EnforcedSql>> {
    if (this.ended) throw new Error('the session ended');
    const principal = this.session.principal.current();
    if (principal !== null && !this.governor.serves(principal, world)) throw servedElsewhere();
    const confirm = () => this.#confirm(world);
    const governed = this.governor.govern(
      this.session,
      statement,
      world,
      this.#seenPlans,
      parameters,
      confirm,
    );
    if (!(governed instanceof Promise)) return this.#tell(statement, governed);
    return governed.then((decided) => this.#tell(statement, decided));
  }

  /** The same for a statement that is recorded and not run: nobody is asked, and the observer is not told. */
  govern(statement: AnalysedStatement, world: World): Governed<EnforcedSql> | Promise<Governed<EnforcedSql>> {
    return this.governor.govern(this.session, statement, world, this.#seenPlans, null);
  }

  /** What somebody agreed to runs only where the catalogue is still the one that they agreed on. */
  async #confirm({ catalogue }: World): Promise<void> {
    const agreedOn = this.#ownCatalogue === null ? catalogue : this.#outside;
    const now = await this.#catalogueNow();
    if (now.version !== agreedOn?.version) throw changedSinceApproval();
  }

  /**
   * Waits for what becomes of a statement that somebody else must agree to; what was sent before it is answered first.
   * `types`: OIDs that were declared for its parameters.
   * `aside`: nothing of the pipeline has run, and it ends upstream, so that nothing stays locked. What is decided
   * afterwards is decided by the catalogue as it is then.
   *
   * @throws SluiceError `record.unavailable`, QuestionFailed
   */
  async wait(
    statement: AnalysedStatement,
    world: World,
    held: Held,
    { aside, types }: { aside: boolean; types: readonly number[] } = BY_ITSELF,
  ): Promise<Settled | Stopped> {
    const settled = await this.waiting.settle({
      held,
      changed: (request) => this.observer?.held(request),
      begin: async () => {
        await this.settle();
        if (aside) this.noteSync();
        const surroundings = await this.#surroundings();
        this.#describe(statement, world, held, types, surroundings);
        return surroundings;
      },
    });
    if (settled.kind === 'refused') this.observer?.decided(statement, settled.decision);
    if (settled.kind === 'mayRun') await this.#catalogueNow();
    return settled;
  }

  /** What it would do is worked out beside it: nobody waits for that. */
  #describe(
    statement: AnalysedStatement,
    world: World,
    { hold }: Held,
    types: readonly number[],
    { locks, lockedSeconds }: Surroundings,
  ): void {
    const { governor, session } = this;
    const principal = session.principal.current();
    const { wanted } = hold.request;
    if (principal === null || wanted.kind !== 'statement') return;
    governor.context.impacts.describe(hold.request, {
      ...{ governor, session, principal, statement, world },
      parameters: wanted.parameters,
      types,
      holds: locks,
      inTransaction: lockedSeconds !== null,
      ownCatalogue: this.#ownCatalogue !== null,
    });
  }

  async #surroundings(): Promise<Surroundings> {
    const isOpen = this.unsynced || this.wire.status !== 'idle';
    const lockedSeconds = isOpen ? this.governor.context.settings.lockedHoldSeconds : null;
    return { ...decodeSurroundings(await this.#ask(SURROUNDINGS_QUESTION)), lockedSeconds };
  }

  #tell(statement: AnalysedStatement, governed: Governed<EnforcedSql>): Governed<EnforcedSql> {
    if (governed.kind === 'granted') this.observer?.decided(statement, governed.grant.decision);
    if (governed.kind === 'refused') this.observer?.decided(statement, governed.decision);
    if (governed.kind === 'held') this.observer?.decided(statement, governed.held.decision);
    return governed;
  }

  /** Records a text that can't be read or can't run now, and gives what was decided. */
  async refuse(text: string, why: string): Promise<Decision> {
    const governed = await this.governor.refuse(this.session, text, why);
    if (governed.kind !== 'refused') throw accessEnded();
    this.observer?.decided(null, governed.decision);
    return governed.decision;
  }

  /** Fails the transaction that is open upstream, so that it is where the client will believe it to be. */
  async failUpstream(): Promise<void> {
    const relay = this.wire;
    const protocol = this.unsynced ? 'extended' : 'simple';
    const settled = new Promise<void>((settle) =>
      relay.expect({ kind: 'failure', untilReady: protocol === 'simple', settle }),
    );
    this.upstream.failTransaction(protocol);
    await this.upstream.flush();
    await settled;
  }

  /**
   * Asks again whether what a statement was decided on still holds: it may have waited for a lock while somebody
   * changed what it reads. Null where nothing is read that could be changed. The look begins once the server has
   * begun to answer: what it answers by was settled by then.
   *
   * @throws SluiceError `statement.cancelled`: the answer must not be released.
   */
  holds(run: Run): Promise<void> | null {
    const outside = this.#ownCatalogue === null ? run.world.catalogue : this.#outside;
    if (isSure(run)) return null;
    const holds = this.#stillHolds(run, outside);
    if (changesRows(run.statement)) this.conclusion.noteAsked(holds);
    if (this.#ownCatalogue !== null) {
      const held = Promise.allSettled([this.#holding, holds]).then(() => undefined);
      this.#holding = held;
    }
    return holds;
  }

  /**
   * Waits until what was decided on a catalogue of this transaction's own was asked for again: once that is committed
   * it looks like a change by somebody else. Null when there is nothing to wait for.
   */
  held(): Promise<void> | null {
    return this.#ownCatalogue === null ? null : this.#holding;
  }

  async #stillHolds(run: Run, outside: LoadedCatalogue | null): Promise<void> {
    const catalogue = await this.governor.context.catalogue.check().catch(lockedMeansChanged);
    if (catalogue.version === outside?.version) return;
    // What was decided on is what this session has committed meanwhile.
    if (catalogue.fingerprint === run.world.catalogue.fingerprint) return;
    const { state } = run.world;
    const isOutside = this.#ownCatalogue === null && outside !== null;
    if (isOutside && findsSameSchemas(state, outside.snapshot, catalogue.snapshot)) {
      if (await this.#isSame(run, { state, catalogue })) return;
    }
    throw overtaken();
  }

  /** Why a session ends: an objection of the second witness is no fault when somebody changed the catalogue. */
  async reasonOf(error: SluiceError): Promise<SluiceError> {
    if (!(error instanceof Disagreement)) return error;
    const outside = this.#ownCatalogue === null ? error.world.catalogue : this.#outside;
    const now = await this.governor.context.catalogue.check().catch(() => null);
    return now === null || now.version === outside?.version ? error : overtaken();
  }

  /** Whether a statement would be run in the same way in another world. */
  async #isSame({ statement, enforcedText, decision }: Run, world: World): Promise<boolean> {
    const named = USING_NAMES.has(statement.facts.kind) ? this.state.named() : [];
    const approved = decision.approval !== undefined;
    const all = [{ text: statement.text, enforcedText, approved }, ...named.map((entry) => entry.statement)];
    const same = await Promise.all(all.map((one) => this.#isStill(one, world)));
    return same.every((is) => is);
  }

  /** Whether a text would be granted in a world, or was approved, and would be sent as it was. */
  async #isStill({ text, enforcedText, approved }: NamedStatement, world: World): Promise<boolean> {
    const principal = this.session.principal.current();
    if (principal === null) throw accessEnded();
    const analysis = await this.governor.analyse(text, world);
    const [analysed] = analysis.kind === 'analysed' ? analysis.statements : [];
    if (analysed === undefined) return false;
    const plan = await this.governor.plan(this.session, principal, analysed, world);
    if (plan.kind === 'refused' || plan.payload.text !== enforcedText) return false;
    return plan.kind === 'granted' || approved;
  }

  async #analyseAsKnown(text: string): Promise<Analysed> {
    const outside = await this.#currentCatalogue();
    if (this.#ownCatalogue !== null && outside.version !== this.#outside?.version) {
      this.state.dirty = true;
      this.#catalogueDirty = true;
    }
    if (outside.version !== this.#askedIn?.version) this.state.dirty = true;
    const catalogue = this.#ownCatalogue ?? outside;
    await this.#dropStaleNames(catalogue);
    const world: World = { state: this.state.known, catalogue };
    const policy = this.#policy;
    return { analysis: await this.governor.analyse(text, world), world, policy };
  }

  /**
   * A name that isn't known may be newer than the catalogue: look once before it counts as unknown. What a statement
   * that was prepared, or a cursor, stands for may be older. And what locks a table can't be looked at while it does.
   */
  async #withFreshCatalogue(text: string, seen: Analysed): Promise<Analysed> {
    const { analysis, world } = seen;
    if (this.#ownCatalogue !== null || !(looksFirst(analysis) || usesNames(analysis))) return seen;
    const fresh = await this.#catalogueNow();
    return fresh.version === world.catalogue.version ? seen : this.#analyse(text);
  }

  async #refresh(): Promise<void> {
    await this.settle();
    const relay = this.wire;
    if (relay.skipping || (relay.status === 'failed' && !this.unsynced)) throw transactionFailed();
    const open = this.unsynced || relay.status !== 'idle';
    const isChanged = this.#catalogueDirty || (this.#ownCatalogue !== null && !open);
    // What this session has just committed must be in it: later changes outside are told by comparing with it.
    const isFirst = this.#askedIn === null;
    this.#askedIn = isChanged || isFirst ? await this.#catalogueNow() : await this.#currentCatalogue();
    this.state.learn(await this.#ask(this.state.question));
    this.onStatements(this.state.statements);
    // What was asked inside of a transaction ends with it.
    this.#revertible = open;
    if (!isChanged) return;
    this.#catalogueDirty = false;
    this.#ownCatalogue = open ? await this.#catalogueInTransaction(this.#askedIn) : null;
  }

  /** Nobody but this session sees what its transaction has done to the catalogue. */
  async #catalogueInTransaction(known: LoadedCatalogue): Promise<LoadedCatalogue> {
    const { engine, target } = this.governor.context;
    const own = await catalogueInTransaction((question) => this.#ask(question), known);
    const before = this.#ownCatalogue;
    // Right after COMMIT and BEGIN `before` is the last transaction's; who sees what is outside sees it all.
    const seesOutside = own.fingerprint === known.fingerprint;
    if (!seesOutside && before?.fingerprint === own.fingerprint && this.#outside?.version !== known.version)
      throw frozenSnapshot();
    this.#outside = known;
    await engine.learn(inTransaction(target.name), own.version, own.snapshot);
    return own;
  }

  async #currentCatalogue(): Promise<LoadedCatalogue> {
    try {
      return await this.governor.context.catalogue.current();
    } catch (error) {
      return withoutCatalogue(error);
    }
  }

  #catalogueNow(): Promise<LoadedCatalogue> {
    return this.governor.context.catalogue.check().catch(withoutCatalogue);
  }

  async #ask(ask: OwnQuestion): Promise<unknown> {
    const question = new Question(!this.unsynced);
    this.wire.expect({ kind: 'question', question });
    this.upstream.ask(ask, question.synced);
    await this.upstream.flush();
    return question.answer;
  }

  /**
   * PREPAREd statements and cursors run what was granted when they were made. When policy, principal, catalogue
   * or state have changed since, those that would now be made otherwise are forgotten: using them is refused.
   */
  async #dropStaleNames(catalogue: LoadedCatalogue): Promise<void> {
    const named = this.state.named();
    if (named.length === 0) return;
    const principal = this.session.principal.current();
    if (principal === null) throw accessEnded();
    const policy = this.#policy;
    const holdsFor = JSON.stringify([
      principal.epoch,
      policy.version,
      catalogue.version,
      this.state.known.namelessDigest,
    ]);
    if (holdsFor !== this.#namesHoldFor) this.#inForce = new WeakSet();
    this.#namesHoldFor = holdsFor;
    const world: World = { state: this.state.known, catalogue };
    for (const { action, name, statement } of named) {
      if (this.#inForce.has(statement)) continue;
      if (await this.#isStill(statement, world)) this.#inForce.add(statement);
      else this.state.forget(action, name);
    }
  }
}

import { type Decision, isRestricted } from '../../../../contract/decision.ts';
import type { RecordOutcome } from '../../../../contract/record.ts';
import type { Grant } from '../../../core/access/grant.ts';
import type { Governed, Held, Plan } from '../../../core/flow/govern.ts';
import type { AnalysedStatement } from '../../../sql/engine.ts';
import { BodyReader } from '../../../wire/postgres/bytes/body-reader.ts';
import { encode } from '../../../wire/postgres/index.ts';
import { type Bind, decodeBindNames } from '../../../wire/postgres/messages/frontend/bind.ts';
import type { Close } from '../../../wire/postgres/messages/frontend/close.ts';
import type { Describe } from '../../../wire/postgres/messages/frontend/describe.ts';
import { decodeExecute, type Execute } from '../../../wire/postgres/messages/frontend/execute.ts';
import type { Parse } from '../../../wire/postgres/messages/frontend/parse.ts';
import type { EnforcedSql } from '../context.ts';
import { RunDetection } from '../detected/detection.ts';
import { errorResponse } from '../front/error.ts';
import { OWN_NAME_PREFIX } from '../upstream/upstream.ts';
import { CannotAnalyse, errorOf } from './cannot-analyse.ts';
import type { Analysed, Conversation } from './conversation.ts';
import type { World } from './governor.ts';
import {
  BODY_START,
  inferring,
  type Portal,
  type Prepared,
  type PreparedStatement,
  parametersOf,
  type StatementPortal,
  type Trace,
  unpooled,
  withFormats,
} from './prepared.ts';
import { QuestionFailed } from './question.ts';
import { errorPosition, explain, refusalError, statementRefusal, UNPARSED } from './refusal.ts';
import { Run } from './run.ts';
import { accessEnded } from './session-over.ts';

/** A promise where something has to be waited for. */
export type Done = void | Promise<void>;

/** The extended protocol (manual, "Extended Query"). Decided at Parse, and again at each Execute. */
export class ExtendedQuery {
  readonly #conversation: Conversation;
  readonly #prepared = new Map<string, Prepared>();
  readonly #portals = new Map<string, Portal>();
  /** Bound since the last record was made of those that were not executed, and not executed since. */
  readonly #bound = new Set<StatementPortal>();
  /** Since the last Sync: how many portals were bound, and whether anything was executed. */
  #pipeline = { bound: 0, executed: false };

  constructor(conversation: Conversation) {
    this.#conversation = conversation;
    conversation.onStatements = (names) => {
      for (const name of this.#prepared.keys())
        if (name !== '' && !names.has(name)) this.#prepared.delete(name);
    };
    conversation.onCursor = (name) => this.#portals.delete(name);
  }

  /** Something is bound that was not executed. */
  get isBound(): boolean {
    return this.#bound.size > 0;
  }

  /** A simple Query drops the unnamed statement and portal. */
  dropUnnamed(): void {
    this.#prepared.delete('');
    this.#portals.delete('');
  }

  /**
   * Records what was bound and not executed: its constants were evaluated, and the client is about to hear how
   * that went.
   *
   * @throws SluiceError `record.unavailable`, `identity.forbidden`
   */
  async recordUnrun(): Promise<void> {
    const unrun = [...this.#bound].filter(({ bound }) => !bound.recorded);
    this.#bound.clear();
    for (const portal of unrun) await this.#recordOnce(portal, portal.bound, UNUSED);
  }

  parse(message: Parse, frame: Buffer): Done {
    return this.#answering(message.query, async () => {
      const name = message.statement;
      if (isCut(name)) return this.#fail(...NAME_TOO_LONG);
      if (name.startsWith(OWN_NAME_PREFIX)) {
        return this.#fail('42939', `names that begin with ${OWN_NAME_PREFIX} are the gateway's own`);
      }
      const analysed = await this.#conversation.analyse(message.query);
      const cancelled = this.#conversation.waiting.takeEarlyCancel();
      if (cancelled !== null) return this.#refuse(cancelled);
      if (name !== '' && this.#prepared.has(name)) {
        return this.#fail('42P05', `prepared statement "${name}" already exists`);
      }
      if (analysed.analysis.kind === 'unparsed') {
        const { message: why, position } = analysed.analysis;
        return this.#refuseText(message.query, why, position);
      }
      const [statement, second] = analysed.analysis.statements;
      if (second !== undefined) {
        return this.#refuseText(
          message.query,
          'a prepared statement holds one command, and this text has more',
          null,
        );
      }
      if (statement === undefined) {
        if (this.#skips()) return;
        this.#remember(this.#prepared, name, { kind: 'empty' }, 'parse', NOT_RECORDED);
        const asked = inferring(message, analysed.world);
        return this.#conversation.upstream.passEmpty(asked === message ? frame : encode(asked));
      }
      await this.#parseStatement(message, frame, statement, analysed);
    });
  }

  bind(message: Pick<Bind, 'portal' | 'statement'>, frame: Buffer): Done {
    const known = this.#prepared.get(message.statement);
    return this.#answering(known?.kind === 'statement' ? known.statement.text : '', () => {
      if (isCut(message.portal)) return this.#fail(...NAME_TOO_LONG);
      const prepared = this.#prepared.get(message.statement);
      if (prepared === undefined) {
        return this.#fail('26000', `prepared statement "${message.statement}" does not exist`);
      }
      if (message.portal.startsWith(OWN_NAME_PREFIX)) {
        return this.#fail('42939', `names that begin with ${OWN_NAME_PREFIX} are the gateway's own`);
      }
      if (prepared.kind === 'empty') return this.#passBind(message.portal, prepared, frame);
      const analysed = this.#conversation.analyseAgain(prepared.statement.text, prepared.seen.analysed);
      if (analysed === prepared.seen.analysed) return this.#passBind(message.portal, prepared, frame);
      return Promise.resolve(analysed).then((again) => this.#bindAgainst(again, message, prepared, frame));
    });
  }

  /**
   * Binding plans a statement by the names of now, and evaluates its constants: what would not be sent now as it was is
   * not bound either.
   */
  async #bindAgainst(
    analysed: Analysed,
    message: Pick<Bind, 'portal'>,
    prepared: PreparedStatement,
    frame: Buffer,
  ): Promise<void> {
    const { analysis, world } = analysed;
    const [statement] = analysis.kind === 'analysed' ? analysis.statements : [];
    if (statement === undefined) return this.#fail(...PLAN_CHANGED);
    const plan = await this.#plan(statement, world);
    if (plan.kind === 'refused') return this.#refusePlanned(plan.decision, statement, world);
    if (plan.payload.text !== prepared.enforced.text) return this.#fail(...PLAN_CHANGED);
    prepared.seen.analysed = analysed;
    this.#passBind(message.portal, prepared, frame);
  }

  #passBind(portal: string, prepared: Prepared, frame: Buffer): void {
    if (this.#skips()) return;
    this.#conversation.state.forget('declare', portal);
    this.#rememberPortal(portal, withFormats(prepared, frame), frame);
    this.#conversation.upstream.passOn(frame);
  }

  describe(message: Describe, frame: Buffer): Done {
    return this.#answering('', () => {
      const known = message.object === 'statement' ? this.#prepared : this.#portals;
      const prepared = known.get(message.name);
      if (prepared === undefined) return this.#doesNotExist(message);
      if (this.#skips()) return;
      this.#expectDescription(prepared, 'client');
      this.#conversation.upstream.passOn(frame);
    });
  }

  execute(message: Execute, frame: Buffer): Done {
    const portal = this.#portals.get(message.portal);
    const text = portal?.kind === 'statement' ? portal.statement.text : '';
    return this.#answering(text, () => {
      if (portal === undefined) return this.#doesNotExist({ object: 'portal', name: message.portal });
      if (portal.kind === 'statement') return this.#executeStatement(portal, frame);
      if (this.#skips()) return;
      this.#conversation.unsynced = true;
      this.#conversation.wire.expect({ kind: 'execute', run: null });
      this.#conversation.upstream.passEmpty(frame);
    });
  }

  close(message: Close, frame: Buffer): Done {
    return this.#answering('', () => {
      if (isCut(message.name)) return this.#fail(...NAME_TOO_LONG);
      const isStatement = message.object === 'statement';
      const known = this.#prepared.get(message.name);
      (isStatement ? this.#prepared : this.#portals).delete(message.name);
      // What PREPARE and DECLARE have named is closed in the same way.
      this.#conversation.state.forget(isStatement ? 'prepare' : 'declare', message.name);
      this.#conversation.unsynced = true;
      // Portals go with the error that has the server skip this; statements stay.
      const undo = () => {
        if (isStatement && known !== undefined) this.#prepared.set(message.name, known);
      };
      this.#conversation.wire.expect({ kind: 'close', to: 'client', masked: false, undo });
      this.#conversation.upstream.passOn(frame);
    });
  }

  async flush(): Promise<void> {
    if (this.#skips()) return;
    await this.recordUnrun();
    this.#conversation.upstream.askForOutput();
    await this.#conversation.upstream.flush();
  }

  /** @throws SluiceError `record.unavailable`, `identity.forbidden` */
  sync(): Done {
    const sure = this.#conversation.syncConcludes ? this.#conversation.conclusion.sure() : null;
    if (sure !== null) return this.#conversation.conclusion.by(this.#syncSure(sure));
    if (!this.isBound) return this.#sync();
    return this.recordUnrun().then(() => this.#sync());
  }

  async #syncSure(sure: Promise<void>): Promise<void> {
    await this.recordUnrun();
    await sure;
    this.#sync();
    await this.#conversation.send();
  }

  #sync(): void {
    const { wire, upstream } = this.#conversation;
    this.#pipeline = { bound: 0, executed: false };
    this.#conversation.noteSync();
    // While the server waits for COPY data it ignores a Sync, and so it will not answer it.
    if (!wire.copyIn) {
      wire.skipping = false;
      wire.expect({ kind: 'sync', inCopy: false });
    }
    upstream.sync();
  }

  async #parseStatement(
    message: Parse,
    frame: Buffer,
    statement: AnalysedStatement,
    analysed: Analysed,
  ): Promise<void> {
    const { world } = analysed;
    const { upstream } = this.#conversation;
    const plan = await this.#plan(statement, world);
    if (plan.kind === 'refused') return this.#refusePlanned(plan.decision, statement, world);
    if (this.#skips()) return;
    const { payload: enforced, decision } = plan;
    const asked = inferring(message, world);
    const prepared: PreparedStatement = {
      kind: 'statement',
      statement,
      world,
      seen: { analysed, asks: plan.kind === 'asking' },
      types: asked.parameterTypes,
      enforced,
      decision,
      trace: { recorded: false },
      described: { result: { fields: null }, formats: null },
    };
    this.#remember(this.#prepared, message.statement, prepared, 'parse', (sqlState) =>
      this.#recordOnce(prepared, prepared.trace, { ...UNUSED, status: 'failed', sqlState }),
    );
    upstream.parse(plan, asked, asked === message ? frame : encode(asked));
    if (!isRestricted(plan.decision) && plan.decision.detections === undefined) return;
    this.#expectDescription(prepared, 'gateway');
    upstream.describeStatement(message.statement);
  }

  async #plan(statement: AnalysedStatement, world: World): Promise<Plan<EnforcedSql>> {
    const { session, governor } = this.#conversation;
    const principal = session.principal.current();
    if (principal === null) throw accessEnded();
    return governor.plan(session, principal, statement, world);
  }

  /** Refused statements are recorded where they are refused; they never get to an Execute. */
  async #refusePlanned(decision: Decision, statement: AnalysedStatement, world: World): Promise<void> {
    const governed = await this.#conversation.decide(statement, world, null);
    if (governed.kind === 'revoked') throw accessEnded();
    if (governed.kind === 'granted') await governed.record.close(UNUSED);
    return this.#refuse(
      statementRefusal(
        decision,
        statement,
        null,
        await explain(this.#conversation, statement, world, decision),
      ),
    );
  }

  /** Decides again, and runs. For a statement that was seen nothing of it waits. */
  #executeStatement(portal: StatementPortal, frame: Buffer): Done {
    const analysed = this.#conversation.analyseAgain(portal.statement.text, portal.seen.analysed);
    if (!(analysed instanceof Promise)) return this.#executeAnalysed(portal, frame, analysed);
    return analysed.then((later) => this.#executeAnalysed(portal, frame, later));
  }

  #executeAnalysed(portal: StatementPortal, frame: Buffer, analysed: Analysed): Done {
    portal.seen.analysed = analysed;
    const { analysis, world } = analysed;
    const statement = analysis.kind === 'analysed' ? analysis.statements[0] : undefined;
    if (statement === undefined) {
      return this.#refuseText(portal.statement.text, 'the prepared statement can not be read any more', null);
    }
    if (this.#skips()) return;
    const governed = this.#conversation.decide(statement, world, parametersOf(portal, statement));
    const decided = { statement, world };
    if (!(governed instanceof Promise)) return this.#executeGoverned(portal, frame, decided, governed);
    return governed.then((later) => this.#executeGoverned(portal, frame, decided, later));
  }

  #executeGoverned(
    portal: StatementPortal,
    frame: Buffer,
    { statement, world }: Pick<Run, 'statement' | 'world'>,
    governed: Governed<EnforcedSql>,
  ): Done {
    if (governed.kind === 'revoked') throw accessEnded();
    if (governed.kind === 'refused') {
      // From the next Bind on it is known what was bound.
      if (governed.decision.outcome === 'approve') portal.seen.asks = true;
      return this.#refuse(statementRefusal(asksSince(governed.decision), statement, null));
    }
    if (governed.kind === 'held')
      return this.#executeHeld(portal, frame, { statement, world }, governed.held);
    const run = new Run(governed, statement, world, portal.described);
    portal.trace.recorded = true;
    this.#hasRecord(portal);
    // A description is asked for where values were to be looked at when it was prepared: without one they can't be.
    const unseen = run.detected !== null && portal.decision.detections === undefined;
    const { plannedAt } = portal;
    const stale = plannedAt !== null && plannedAt !== this.#conversation.changes;
    if (unseen || stale || governed.grant.payload.text !== portal.enforced.text) {
      return run.close('failed', '0A000').then(() => this.#fail(...PLAN_CHANGED));
    }
    if (this.#skips()) return run.close('cancelled', null);
    portal.plannedAt = null;
    const sure = run.statement.concludes ? this.#conversation.conclusion.sure() : null;
    if (sure !== null) return sure.then(() => this.#executeSure(portal, frame, run, governed.grant));
    return this.#executeSure(portal, frame, run, governed.grant);
  }

  #executeSure(portal: StatementPortal, frame: Buffer, run: Run, grant: Grant<EnforcedSql>): Done {
    if (this.#skips()) return run.close('cancelled', null);
    if (run.maxRows !== null) return this.#executeWithin(portal, frame, run, grant);
    this.#send(frame, run, grant);
  }

  #send(frame: Buffer, run: Run, grant: Grant<EnforcedSql>): void {
    const conversation = this.#conversation;
    this.#pipeline.executed = true;
    conversation.unsynced = true;
    conversation.wire.expect({ kind: 'execute', run });
    conversation.upstream.execute(grant, frame);
    conversation.noteEffects(run.statement, grant);
  }

  /** What was approved for so many rows is looked at before anything of it can be committed. */
  async #executeWithin(
    { statement }: StatementPortal,
    frame: Buffer,
    run: Run,
    grant: Grant<EnforcedSql>,
  ): Promise<void> {
    // Its data comes in messages of its own, and so it would be committed before it is counted.
    const refused = statement.facts.kind === 'copyFrom' ? COPIED_UNCOUNTED : run.uncounted;
    if (refused !== null) {
      await run.close('cancelled', null);
      return this.#refuse(refused);
    }
    const { portal, maxRows } = decodeExecute(new BodyReader(frame, BODY_START));
    // The server does all of it for the first of its rows, and tells of no more of them than were asked for.
    if (maxRows > 0 && statement.facts.writes.length > 0) {
      await run.close('cancelled', null);
      return this.#refuse(FETCHED_UNCOUNTED);
    }
    this.#send(encode({ type: 'execute', portal, maxRows: run.limitedTo(maxRows) }), run, grant);
    await this.#conversation.settle();
    if (run.excess !== null) await this.#refuse(run.excess);
  }

  async #executeHeld(
    portal: StatementPortal,
    frame: Buffer,
    { statement, world }: Pick<Run, 'statement' | 'world'>,
    held: Held,
  ): Promise<void> {
    // Refused or not, it has a record.
    this.#hasRecord(portal);
    const { wire } = this.#conversation;
    const isFirst = this.#pipeline.bound === 1 && !this.#pipeline.executed && wire.status === 'idle';
    const { binding } = portal;
    const aside = isFirst && binding !== null && this.#bindsTheSame(portal, binding);
    const settled = await this.#conversation.wait(statement, world, held, {
      aside,
      types: portal.types,
    });
    if (settled.kind === 'stopped') return this.#refuse(settled.error);
    if (settled.kind === 'refused') return this.#refuse(statementRefusal(settled.decision, statement, null));
    if (aside) this.#bindAgain(portal, binding);
    return this.#executeStatement(portal, frame);
  }

  /** Whether the name of a portal's statement still stands for it: another may have been prepared under it since. */
  #bindsTheSame({ trace }: StatementPortal, binding: Buffer): boolean {
    const named = this.#prepared.get(decodeBindNames(new BodyReader(binding, BODY_START)).statement);
    return named?.kind === 'statement' && named.trace === trace;
  }

  /** The portal went with the pipeline that it was bound in. */
  #bindAgain(portal: StatementPortal, binding: Buffer): void {
    const { decision, statement } = portal;
    this.#conversation.unsynced = true;
    this.#conversation.wire.expect({
      kind: 'bind',
      to: 'gateway',
      masked: isRestricted(decision),
      detected: RunDetection.of(decision, statement),
      undo: () => undefined,
      failed: NOT_RECORDED,
    });
    this.#conversation.upstream.passOn(binding);
    portal.plannedAt = this.#conversation.changes;
  }

  /** Runs one message's handling; what can't go on becomes an ErrorResponse, and the rest is skipped to Sync. */
  #answering(text: string, handle: () => Done): Done {
    if (this.#skips()) return;
    try {
      const done = handle();
      return done instanceof Promise ? done.catch((error) => this.#answerError(text, error)) : done;
    } catch (error) {
      return this.#answerError(text, error);
    }
  }

  async #answerError(text: string, error: unknown): Promise<void> {
    if (error instanceof CannotAnalyse) {
      // The server has told its error already when it is skipping: it would not answer this message.
      if (this.#skips()) return;
      await this.#conversation.refuse(text, error.message);
      return this.#refuse(errorOf(error));
    }
    if (!(error instanceof QuestionFailed)) throw error;
    this.#conversation.wire.skipping = true;
    await this.#conversation.outbox.send(encode({ type: 'errorResponse', fields: error.fields }));
  }

  #skips(): boolean {
    return this.#conversation.wire.skipping;
  }

  #rememberPortal(name: string, prepared: Prepared, frame: Buffer): void {
    this.#pipeline.bound += 1;
    if (prepared.kind === 'empty') {
      this.#remember(this.#portals, name, prepared, 'bind', NOT_RECORDED);
      return;
    }
    // Few statements ask: the others' parameters aren't copied.
    const binding = prepared.seen.asks ? unpooled(frame) : null;
    const portal = {
      ...prepared,
      bound: { recorded: false },
      binding,
      plannedAt: this.#conversation.changes,
    };
    this.#bound.add(portal);
    this.#remember(this.#portals, name, portal, 'bind', (sqlState) =>
      this.#recordOnce(portal, portal.bound, { ...UNUSED, status: 'failed', sqlState }),
    );
  }

  #hasRecord(portal: StatementPortal): void {
    portal.bound.recorded = true;
    this.#bound.delete(portal);
  }

  /** Records a statement that upstream was given and that has no record of its own. */
  async #recordOnce(
    { statement, world }: PreparedStatement,
    trace: Trace,
    outcome: RecordOutcome,
  ): Promise<void> {
    if (trace.recorded) return;
    trace.recorded = true;
    const governed = await this.#conversation.govern(statement, world);
    if (governed.kind === 'revoked') throw accessEnded();
    if (governed.kind === 'granted') await governed.record.close(outcome);
  }

  #remember<Named extends Prepared>(
    known: Map<string, Named>,
    name: string,
    prepared: Named,
    kind: 'parse' | 'bind',
    failed: (sqlState: string | null) => Promise<void>,
  ): void {
    const before = known.get(name);
    known.set(name, prepared);
    const undo = () => {
      if (before === undefined || kind === 'parse') known.delete(name);
      else known.set(name, before);
    };
    const masked = prepared.kind === 'statement' && isRestricted(prepared.decision);
    this.#conversation.unsynced = true;
    const detected =
      prepared.kind === 'statement' ? RunDetection.of(prepared.decision, prepared.statement) : null;
    this.#conversation.wire.expect({ kind, to: 'client', masked, detected, undo, failed });
  }

  #expectDescription(prepared: Prepared, to: 'client' | 'gateway'): void {
    const check = prepared.kind === 'empty' ? null : prepared;
    const masked = check !== null && isRestricted(check.decision);
    this.#conversation.unsynced = true;
    this.#conversation.wire.expect({ kind: 'describe', to, masked, check, rowsOnly: false });
  }

  #doesNotExist({ object, name }: Pick<Describe, 'object' | 'name'>): Promise<void> {
    return object === 'statement'
      ? this.#fail('26000', `prepared statement "${name}" does not exist`)
      : this.#fail('34000', `portal "${name}" does not exist`);
  }

  async #refuseText(text: string, why: string, position: number | null): Promise<void> {
    const decision = await this.#conversation.refuse(text, why);
    const at = position === null ? null : errorPosition(text, position);
    return this.#refuse(refusalError(decision, UNPARSED, at));
  }

  #fail(code: string, message: string, hint = ''): Promise<void> {
    return this.#refuse(errorResponse('ERROR', code, message, { hint }));
  }

  /**
   * Refuses inside the pipeline: what went before is answered first, the transaction that is open upstream fails
   * as it would for any other error, and the rest is skipped to the next Sync.
   */
  async #refuse(error: Buffer): Promise<void> {
    const conversation = this.#conversation;
    const { wire } = conversation;
    await conversation.settle();
    if (wire.skipping) return;
    if (conversation.unsynced || wire.status === 'inTransaction') {
      conversation.unsynced = true;
      await conversation.failUpstream();
    }
    wire.skipping = true;
    await conversation.outbox.send(error);
  }
}

/** The server cuts longer names (manual, "Identifiers and Key Words"), and two could then mean the same. */
const MAX_NAME_BYTES = 63;
/** In its own encoding the server may need more bytes than UTF-8 does, but never more than four for a character. */
const isCut = (name: string) =>
  [...name].reduce((bytes, character) => bytes + (character > '\x7f' ? 4 : 1), 0) > MAX_NAME_BYTES;
const NAME_TOO_LONG = [
  '42622',
  `names of statements and portals have at most ${MAX_NAME_BYTES} bytes`,
  'Choose a shorter name.',
] as const;

const COPIED_UNCOUNTED = errorResponse(
  'ERROR',
  '0A000',
  'Not run: it was approved for a number of rows, and what COPY takes by the extended protocol is not counted in time.',
  { hint: 'Send it as a simple query, or ask for an approval without a number of rows.' },
);

const FETCHED_UNCOUNTED = errorResponse(
  'ERROR',
  '0A000',
  'Not run: it was approved for a number of rows, and how many it changes is not told when its rows are fetched in parts.',
  { hint: 'Fetch all of its rows at once, or ask for an approval without a number of rows.' },
);

/** A rule began to ask between its Bind and its Execute. */
function asksSince(decision: Decision): Decision {
  if (decision.outcome !== 'approve') return decision;
  return { ...decision, next: 'Run it again: that asks for approval.' };
}

const PLAN_CHANGED = [
  '0A000',
  'cached plan must not change: what this prepared statement may read has changed since it was prepared',
  'Prepare the statement again.',
] as const;
const UNUSED = { status: 'cancelled', sqlState: null, rows: 0, bytes: 0, durationMs: 0 } as const;
const NOT_RECORDED = async () => undefined;

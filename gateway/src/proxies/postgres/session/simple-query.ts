import type { Grant } from '../../../core/access/grant.ts';
import type { Governed, Held } from '../../../core/flow/govern.ts';
import type { AnalysedStatement } from '../../../sql/engine.ts';
import { encode } from '../../../wire/postgres/index.ts';
import type { EnforcedSql } from '../context.ts';
import { CannotAnalyse, errorOf } from './cannot-analyse.ts';
import type { Analysed, Conversation } from './conversation.ts';
import type { World } from './governor.ts';
import { QuestionFailed } from './question.ts';
import { errorPosition, explain, refusalError, statementRefusal, UNPARSED } from './refusal.ts';
import { Run } from './run.ts';
import { accessEnded } from './session-over.ts';
import { changesRows } from './statement-traits.ts';

/** A statement that was granted, and what goes by of it. */
type Step = { statement: AnalysedStatement; run: Run; grant: Grant<EnforcedSql> };

const EMPTY = encode({ type: 'emptyQueryResponse' });

/** Lets COPY data through while a step waits for it; resolves when the client has ended its data. */
export type PumpCopyData = () => Promise<void>;

/** The simple protocol (manual, "Simple Query"): one text, all its statements, one ReadyForQuery. */
export class SimpleQuery {
  readonly #conversation: Conversation;
  readonly #pumpCopyData: PumpCopyData;

  constructor(conversation: Conversation, pumpCopyData: PumpCopyData) {
    this.#conversation = conversation;
    this.#pumpCopyData = pumpCopyData;
  }

  async run(text: string, frame: Buffer): Promise<void> {
    const conversation = this.#conversation;
    try {
      if (conversation.unsynced) {
        await conversation.settle();
        // The server skips it too.
        if (conversation.wire.skipping) return;
      }
      const analysed = await conversation.analyse(text);
      await this.#runAnalysed(text, frame, analysed);
    } catch (error) {
      if (error instanceof CannotAnalyse) {
        await conversation.refuse(text, error.message);
        return this.refuse(errorOf(error));
      }
      if (!(error instanceof QuestionFailed)) throw error;
      return this.#answerError(encode({ type: 'errorResponse', fields: error.fields }));
    }
  }

  async #runAnalysed(text: string, frame: Buffer, { analysis, world }: Analysed): Promise<void> {
    const conversation = this.#conversation;
    if (analysis.kind === 'unparsed') {
      const decision = await conversation.refuse(text, analysis.message);
      const position = analysis.position === null ? null : errorPosition(text, analysis.position);
      return this.refuse(refusalError(decision, UNPARSED, position));
    }
    const { statements } = analysis;
    if (statements.length === 0) {
      await conversation.settle();
      if (!conversation.unsynced) return conversation.outbox.send(EMPTY, this.#readyForQuery());
      await conversation.outbox.send(EMPTY);
      return this.#concludePipeline();
    }
    // Behind messages of the extended protocol without a Sync it belongs to their transaction, and concludes it.
    if (conversation.unsynced || statements.slice(0, -1).some((statement) => statement.effect !== 'none')) {
      return this.#runStepwise(text, statements.length);
    }
    if (statements.length > 1) {
      const waited = await this.#waitForAll(statements, world);
      if (waited === 'refused') return;
      if (waited === 'waited') return this.#runAnalysed(text, frame, await conversation.analyse(text));
    }
    const granted: Step[] = [];
    for (const statement of statements) {
      const governed = await this.#decideAfter(granted, statement, world);
      if (governed.kind === 'granted') {
        granted.push({ statement, run: new Run(governed, statement, world), grant: governed.grant });
        continue;
      }
      await cancelAll(granted);
      if (governed.kind === 'revoked') throw accessEnded();
      if (governed.kind === 'held') {
        const refusal = await this.#refusalAfter(statement, world, governed.held);
        if (refusal !== null) return this.refuse(refusal);
        return this.#runAnalysed(text, frame, await conversation.analyse(text));
      }
      return this.refuse(
        statementRefusal(
          governed.decision,
          statement,
          positionIn(text, statements, statement),
          await explain(conversation, statement, world, governed.decision),
        ),
      );
    }
    if (granted.some(({ run }) => run.maxRows !== null)) return this.#runWithin(granted);
    const concludes = statements.some((statement) => statement.concludes);
    // What one text changes and concludes is looked at in between.
    if (statements.some(changesRows) && (concludes || conversation.wire.status === 'idle'))
      return this.#concludeBy(granted);
    if (concludes) await conversation.conclusion.sure();
    conversation.upstream.query(
      granted.map(({ grant }) => grant),
      { frame, text, spans: statements },
    );
    conversation.wire.expect({ kind: 'query', runs: granted.map(({ run }) => run), at: 0 });
    for (const { statement, grant } of granted) conversation.noteEffects(statement, grant);
  }

  /** Who sends data for it has to be heard meanwhile. */
  async #concludeBy(granted: readonly Step[]): Promise<void> {
    const work = this.#runWithin(granted);
    if (granted.some(({ run }) => run.takesData)) return work;
    this.#conversation.conclusion.by(work);
  }

  /** All are decided before the first runs: where one can't be, none of those before it has run. */
  async #decideAfter(
    granted: readonly Step[],
    statement: AnalysedStatement,
    world: World,
  ): Promise<Governed<EnforcedSql>> {
    try {
      return await this.#conversation.decide(statement, world);
    } catch (error) {
      await cancelAll(granted);
      throw error;
    }
  }

  /** Every statement of a text that asks is approved before the first runs. */
  async #waitForAll(
    statements: readonly AnalysedStatement[],
    world: World,
  ): Promise<'ready' | 'waited' | 'refused'> {
    const { governor, session } = this.#conversation;
    let waited = false;
    const times = new Map<string, number>();
    for (const statement of statements) {
      const { text } = statement;
      times.set(text, (times.get(text) ?? 0) + 1);
      const governed = await governor.holdIfAsked(session, statement, world, times.get(text) ?? 1);
      if (governed?.kind === 'revoked') throw accessEnded();
      if (governed?.kind !== 'held') continue;
      const refusal = await this.#refusalAfter(statement, world, governed.held);
      if (refusal !== null) {
        await this.refuse(refusal);
        return 'refused';
      }
      waited = true;
    }
    return waited ? 'waited' : 'ready';
  }

  /** Waits; what the client is told when the statement does not run, or null when it may be decided again. */
  async #refusalAfter(statement: AnalysedStatement, world: World, held: Held): Promise<Buffer | null> {
    const settled = await this.#conversation.wait(statement, world, held);
    if (settled.kind === 'stopped') return settled.error;
    return settled.kind === 'mayRun' ? null : statementRefusal(settled.decision, statement, null);
  }

  /**
   * Statements that change what later ones of the same text mean are run one by one, each analysed in the state
   * that it will run in, as one pipeline: the server keeps a pipeline in one implicit transaction just as it
   * does a text of several statements.
   */
  async #runStepwise(text: string, count: number): Promise<void> {
    await this.#runSteps(count, (index) => this.#step(text, index));
  }

  /** What was approved for so many rows is looked at before it is committed. */
  async #runWithin(granted: readonly Step[]): Promise<void> {
    const refused = granted.map(({ run }) => run.uncounted).find((error) => error !== null) ?? null;
    if (refused !== null) {
      await cancelAll(granted);
      return this.refuse(refused);
    }
    const unsent = [...granted];
    try {
      await this.#runSteps(granted.length, async () => {
        const step = unsent.shift();
        return step === undefined ? null : this.#runStep(step);
      });
    } finally {
      await cancelAll(unsent);
    }
  }

  /** Runs them as one pipeline, up to the first that gives an ErrorResponse. */
  async #runSteps(count: number, step: (index: number) => Promise<Buffer | null>): Promise<void> {
    const conversation = this.#conversation;
    const { upstream, wire } = conversation;
    await conversation.settle();
    conversation.unsynced = true;
    for (let index = 0; index < count && !wire.skipping; index += 1) {
      const refusal = conversation.waiting.takeEarlyCancel() ?? (await step(index).catch(asError));
      if (refusal === null) continue;
      if (!wire.skipping) await conversation.failUpstream();
      await conversation.outbox.send(refusal);
      break;
    }
    if (!wire.skipping) {
      upstream.closeStep();
      wire.expect(CLOSE, CLOSE);
    }
    await this.#concludePipeline();
  }

  /** Ends a pipeline for the client: the answer is its ReadyForQuery. */
  async #concludePipeline(): Promise<void> {
    const conversation = this.#conversation;
    const { upstream, wire } = conversation;
    wire.skipping = false;
    await conversation.held();
    conversation.noteSync();
    wire.expect({ kind: 'sync', inCopy: false });
    upstream.sync();
    await upstream.flush();
  }

  /** Runs one statement of a text to its end; an ErrorResponse when it was refused. */
  async #step(text: string, index: number): Promise<Buffer | null> {
    const conversation = this.#conversation;
    const { analysis, world } = await conversation.analyse(text);
    const statement = analysis.kind === 'analysed' ? analysis.statements[index] : undefined;
    if (statement === undefined) {
      return refusalError(
        await conversation.refuse(text, 'the text could not be read again'),
        UNPARSED,
        null,
      );
    }
    const governed = await conversation.decide(statement, world);
    if (governed.kind === 'revoked') throw accessEnded();
    if (governed.kind === 'held') {
      const refusal = await this.#refusalAfter(statement, world, governed.held);
      return refusal ?? this.#step(text, index);
    }
    if (governed.kind === 'refused') {
      return statementRefusal(
        governed.decision,
        statement,
        errorPosition(text, statement.start),
        await explain(conversation, statement, world, governed.decision),
      );
    }
    const run = new Run(governed, statement, world);
    const { uncounted } = run;
    if (uncounted === null) return this.#runStep({ statement, run, grant: governed.grant });
    await run.close('cancelled', null);
    return uncounted;
  }

  /** Sends one statement and waits for its end; an ErrorResponse when it must be undone. */
  async #runStep({ statement, run, grant }: Step): Promise<Buffer | null> {
    const conversation = this.#conversation;
    conversation.upstream.step(grant, run.limitedTo(0));
    conversation.wire.expect(
      CLOSE,
      CLOSE,
      {
        kind: 'parse',
        to: 'gateway',
        masked: run.masked,
        detected: run.detected,
        undo: NOTHING,
        failed: RECORDED,
      },
      {
        kind: 'bind',
        to: 'gateway',
        masked: run.masked,
        detected: run.detected,
        undo: NOTHING,
        failed: RECORDED,
      },
      { kind: 'describe', to: 'client', masked: run.masked, check: run, rowsOnly: true },
      { kind: 'execute', run },
    );
    conversation.noteEffects(statement, grant);
    await conversation.upstream.flush();
    if (run.takesData) await this.#pumpCopyData();
    await conversation.settle();
    await conversation.conclusion.sure();
    return run.excess;
  }

  /** Answers with a refusal; a transaction that is open fails upstream too, as it would for any other error. */
  async refuse(error: Buffer): Promise<void> {
    await this.#conversation.settle();
    if (this.#conversation.unsynced) return this.#failPipeline(error);
    if (this.#conversation.wire.status === 'inTransaction') await this.#conversation.failUpstream();
    await this.#conversation.outbox.send(error, this.#readyForQuery());
  }

  async #answerError(error: Buffer): Promise<void> {
    await this.#conversation.settle();
    if (this.#conversation.unsynced) return this.#failPipeline(error);
    await this.#conversation.outbox.send(error, this.#readyForQuery());
  }

  /** What a pipeline did that no Sync has concluded is undone, as it is by any other error. */
  async #failPipeline(error: Buffer): Promise<void> {
    const conversation = this.#conversation;
    if (!conversation.wire.skipping) await conversation.failUpstream();
    await conversation.outbox.send(error);
    await this.#concludePipeline();
  }

  #readyForQuery(): Buffer {
    return encode({ type: 'readyForQuery', status: this.#conversation.wire.status });
  }
}

/** Ends the records of what was granted and did not run. */
async function cancelAll(granted: readonly Step[]): Promise<void> {
  await Promise.all(granted.map(({ run }) => run.close('cancelled', null)));
}

const NOTHING = () => undefined;
/** A step has a record before it is sent. */
const RECORDED = async () => undefined;

/** A question that failed fails the statement it was asked for. */
function asError(error: unknown): Buffer {
  if (error instanceof QuestionFailed) return encode({ type: 'errorResponse', fields: error.fields });
  if (error instanceof CannotAnalyse) return errorOf(error);
  throw error;
}

const CLOSE = { kind: 'close', to: 'gateway', masked: false, undo: NOTHING } as const;

function positionIn(
  text: string,
  statements: readonly AnalysedStatement[],
  statement: AnalysedStatement,
): number | null {
  return statements.length === 1 ? null : errorPosition(text, statement.start);
}

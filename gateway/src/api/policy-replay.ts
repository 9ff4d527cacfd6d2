import { setImmediate } from 'node:timers/promises';
import { SluiceError } from '../../contract/error.ts';
import type {
  policyEndpoints,
  ReplayOrder,
  ReplayReply,
  ReplayStep,
} from '../../contract/policy-endpoints.ts';
import { compileTexts } from '../core/policy/files/documents.ts';
import { isTestFile } from '../core/policy/language/test-file.ts';
import { readerLines } from '../core/policy/replay/reader-lines.ts';
import { Replay } from '../core/policy/replay/replay.ts';
import { audits } from './auditing.ts';
import type { Handlers } from './handlers.ts';
import { errorBody } from './respond.ts';
import type { ApiServices } from './services.ts';

const STEP_MS = 250;
const MAX_PAUSE_MS = 5;
const REPLAYED = 'replayed recorded actions against a policy';

type ReplayEndpoints = Extract<keyof typeof policyEndpoints, 'policyReplay' | 'policyReplaySteps'>;

/** What a candidate policy would do otherwise, of the records that there are. */
export function replayHandlers(services: ApiServices): Pick<Handlers, ReplayEndpoints> {
  const turns = new Turns();
  return {
    policyReplay: async ({ body, caller, signal }) => {
      await audits(services, caller, REPLAYED);
      return endOf(replaySteps(services, turns, body, signal), signal);
    },
    policyReplaySteps: async ({ body, caller, signal }) => {
      await audits(services, caller, REPLAYED);
      return lines(services, replaySteps(services, turns, body, signal));
    },
  };
}

/** Ends wherever nobody takes another step. */
async function* replaySteps(
  services: ApiServices,
  turns: Turns,
  order: ReplayOrder,
  signal: AbortSignal,
): AsyncGenerator<Exclude<ReplayStep, { kind: 'failed' }>> {
  const documents = order.documents.filter(({ file }) => !isTestFile(file));
  // In a thread of its own, and for so long: texts can be made that take minutes to be read.
  const { version, problems } = await services.policyDrafts.check(documents, signal);
  const candidate = version === null ? { kind: 'invalid' as const, problems } : compileTexts(documents);
  if (candidate.kind === 'invalid') {
    yield candidate;
    return;
  }
  if (turns.areTaken) yield { kind: 'waiting' };
  const done = await turns.take();
  try {
    const since = order.since === undefined ? null : new Date(order.since);
    const run = new Replay(order.dryRun ? candidate.policy.onTrial() : candidate.policy, {
      examples: order.examples,
      ...(since === null ? {} : { since }),
      ...(order.against === 'inForce' ? { base: services.policy.current() } : {}),
    });
    let toldAtMs = Number.NEGATIVE_INFINITY;
    const wanted = { targets: order.targets ?? null, since, limit: order.limit };
    for await (const batch of readerLines(services.records, wanted)) {
      await takeInTurns(run, batch);
      const nowMs = services.now().getTime();
      if (nowMs - toldAtMs < STEP_MS) continue;
      toldAtMs = nowMs;
      yield { kind: 'asking', ...run.progress() };
    }
    yield { kind: 'replayed', report: run.report() };
  } finally {
    done();
  }
}

/** A candidate may have conditions that take long, and everybody else's statements are decided in this thread. */
async function takeInTurns(run: Replay, lines: readonly string[]): Promise<void> {
  let beganMs = performance.now();
  for (const line of lines) {
    run.take(line);
    if (performance.now() - beganMs < MAX_PAUSE_MS) continue;
    await setImmediate();
    beganMs = performance.now();
  }
}

async function endOf(steps: ReturnType<typeof replaySteps>, signal: AbortSignal): Promise<ReplayReply> {
  for await (const step of steps) {
    if (step.kind === 'replayed' || step.kind === 'invalid') return step;
    if (signal.aborted) break;
  }
  throw new SluiceError('statement.cancelled', 'Nobody waits for this replay any more, so it has ended.', '');
}

/** What breaks is told as the last line: the answer has begun. */
async function* lines(services: ApiServices, steps: AsyncIterable<ReplayStep>): AsyncGenerator<Uint8Array> {
  const bytes = (step: ReplayStep) => Buffer.from(`${JSON.stringify(step)}\n`);
  try {
    for await (const step of steps) yield bytes(step);
  } catch (error) {
    if (!(error instanceof SluiceError)) services.fault(error);
    yield bytes({ kind: 'failed', error: errorBody(error) });
  }
}

/** A replay takes the processor: a second one waits for the first. */
class Turns {
  #last: Promise<void> = Promise.resolve();
  #open = 0;

  get areTaken(): boolean {
    return this.#open > 0;
  }

  /** Resolves when it is one's turn, with what ends it. */
  async take(): Promise<() => void> {
    const mine = Promise.withResolvers<void>();
    const before = this.#last;
    this.#last = mine.promise;
    this.#open += 1;
    await before;
    return () => {
      this.#open -= 1;
      mine.resolve();
    };
  }
}

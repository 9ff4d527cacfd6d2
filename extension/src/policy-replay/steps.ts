import { SluiceError } from '../../../gateway/contract/error.ts';
import { type ReplayOrder, ReplayStep } from '../../../gateway/contract/policy-endpoints.ts';
import type { ReplayChoice, ReplaySpan } from '../../contract/policy-replay-messages.ts';
import type { HttpClient } from '../gateway/http-client.ts';

/** The newest so many actions are asked again, however long ago the span begins. */
export const MAX_ACTIONS = 1_000_000;
/** Of each group so many are listed. */
const EXAMPLES = 500;
const DAY_MS = 24 * 3_600_000;
const SPAN_DAYS: Record<Exclude<ReplaySpan, 'all'>, number> = { day: 1, week: 7, month: 30 };
/** A longer line is none of a gateway's. */
const MAX_LINE_CHARACTERS = 128 * 1024 * 1024;

/** What the gateway is asked for. */
export function orderOf(
  { span, targets, against, dryRun }: ReplayChoice,
  documents: ReplayOrder['documents'],
  now: Date,
): ReplayOrder {
  const since = span === 'all' ? null : new Date(now.getTime() - SPAN_DAYS[span] * DAY_MS);
  return {
    documents,
    against,
    dryRun,
    limit: MAX_ACTIONS,
    examples: EXAMPLES,
    ...(targets.length === 0 ? {} : { targets }),
    ...(since === null ? {} : { since: since.toISOString() }),
  };
}

/**
 * Replays, and tells each step as it comes; the gateway ends its work when `signal` is aborted.
 * @throws SluiceError as the client does, and where the gateway broke off
 */
export async function* replaySteps(
  client: HttpClient,
  body: ReplayOrder,
  signal: AbortSignal,
): AsyncGenerator<Exclude<ReplayStep, { kind: 'failed' }>> {
  for await (const line of linesOf(await client.stream('policyReplaySteps', { body }, signal))) {
    const step = ReplayStep.safeParse(JSON.parse(line));
    if (!step.success) throw notUnderstood(step.error);
    const { data } = step;
    if (data.kind === 'failed') throw new SluiceError(data.error.code, data.error.message, data.error.next);
    yield data;
    if (data.kind === 'replayed' || data.kind === 'invalid') return;
  }
  throw brokenOff();
}

/** Whole lines; what stands behind the last end of a line was cut off. */
async function* linesOf(bytes: ReadableStream<Uint8Array>): AsyncGenerator<string> {
  const characters = new TextDecoder('utf-8');
  const reader = bytes.getReader();
  let parts: string[] = [];
  let length = 0;
  try {
    for (;;) {
      const { done, value } = await reader.read().catch((cause: unknown) => {
        throw brokenOff(cause);
      });
      if (done) return;
      const [end = '', ...begun] = characters.decode(value, { stream: true }).split('\n');
      parts.push(end);
      length += end.length;
      if (length > MAX_LINE_CHARACTERS) throw notUnderstood();
      for (const next of begun) {
        yield parts.join('');
        parts = [next];
        length = next.length;
      }
    }
  } finally {
    void reader.cancel().catch(() => undefined);
  }
}

function brokenOff(cause?: unknown): SluiceError {
  return new SluiceError(
    'target.unreachable',
    'The gateway broke off before it had asked everything.',
    'Run it again; if it stays so, the gateway’s log says more.',
    { cause },
  );
}

function notUnderstood(cause?: unknown): SluiceError {
  return new SluiceError(
    'contract.mismatch',
    'The gateway told of the replay in a way this version does not understand.',
    'Update the extension or the gateway, whichever is older.',
    { cause },
  );
}

import type { AuditEvent } from '../../../contract/audit-event.ts';
import type { Decision } from '../../../contract/decision.ts';
import { SluiceError } from '../../../contract/error.ts';
import type { Facts } from '../../../contract/facts.ts';
import type { RecordId } from '../../../contract/ids.ts';
import { ActionRecord, type RecordOutcome } from '../../../contract/record.ts';
import type {
  Opening,
  OpeningRecord,
  Recorder,
  RecordQuery,
  RecordReader,
} from '../../core/recording/recorder.ts';
import { type JournalEntry, withOutcome } from './entries.ts';
import type { Journal } from './journal/journal.ts';
import type { RecordRow } from './messages.ts';
import type { WorkerLink } from './worker-link.ts';

/** Records: written to the journal, read from the database. */
export class RecordLog implements Recorder, RecordReader {
  readonly #journal: Journal;
  readonly #link: WorkerLink;
  #lastPage: Promise<void> = Promise.resolve();

  constructor(journal: Journal, link: WorkerLink) {
    this.#journal = journal;
    this.#link = link;
  }

  open(record: OpeningRecord): Opening {
    return this.#journal.open({ type: 'opened', record: record.id, ...openingParts(record) });
  }

  close(id: RecordId, outcome: RecordOutcome): Promise<void> {
    return this.#journal.append({ type: 'closed', record: id, body: JSON.stringify(outcome) });
  }

  keep({ outcome, ...opening }: ActionRecord): Promise<void> {
    const { body, plan } = openingParts(opening);
    const whole = withOutcome(body, JSON.stringify(outcome));
    return this.#journal.append({ type: 'kept', record: opening.id, body: whole, plan });
  }

  note(event: AuditEvent): Promise<void> {
    return this.#journal.append({ type: 'event', record: event.id, body: JSON.stringify(event) });
  }

  async list(query: RecordQuery): Promise<{ records: ActionRecord[]; next: string | null }> {
    const { rows, next } = await this.#page(query);
    return { records: rows.map(recordOf), next };
  }

  async texts(query: RecordQuery): Promise<{ texts: string[]; next: string | null }> {
    const { rows, next } = await this.#page(query);
    return { texts: rows.map(({ body }) => body), next };
  }

  /** One after the other: pages that many ask for at once would all be in memory together. */
  #page(query: RecordQuery): Promise<{ rows: RecordRow[]; next: string | null }> {
    const page = this.#lastPage.then(async () => {
      const { records, next = null } = await this.#link.ask({ type: 'records', query });
      return { rows: records, next };
    });
    this.#lastPage = page.then(NOTHING, NOTHING);
    return page;
  }
}

const NOTHING = () => undefined;

type PlanParts = Pick<OpeningRecord, 'facts' | 'decision' | 'question'>;
type Known = { parts: PlanParts; text: string };
/** All runs of a plan share these objects, and so their JSON. */
const plans = new WeakMap<Facts | Decision, Known>();

function openingParts({
  facts,
  decision,
  question,
  ...own
}: OpeningRecord): Required<Pick<JournalEntry, 'body' | 'plan'>> {
  return { body: JSON.stringify(own), plan: planText({ facts, decision, question }) };
}

function planText(parts: PlanParts): string {
  // One that is known by its session's facts, as their plan is; without facts, by what was decided.
  const key = parts.facts ?? parts.decision;
  const known = plans.get(key);
  if (known !== undefined && isSame(known.parts, parts)) return known.text;
  const text = JSON.stringify(parts).slice(1, -1);
  plans.set(key, { parts, text });
  return text;
}

/** Whether they are the same objects, whose members never change. */
function isSame(one: PlanParts, other: PlanParts): boolean {
  if (one.facts !== other.facts || one.decision !== other.decision) return false;
  if (one.question === undefined || other.question === undefined) return one.question === other.question;
  const { principal, labels, network, columns, through } = other.question;
  return (
    one.question.principal === principal &&
    one.question.labels === labels &&
    one.question.network === network &&
    one.question.columns === columns &&
    one.question.through === through
  );
}

function recordOf(row: RecordRow): ActionRecord {
  const body: unknown = JSON.parse(row.body);
  const outcome: unknown = row.outcome === null ? null : JSON.parse(row.outcome);
  const parsed = ActionRecord.safeParse(Object.assign({ outcome }, body));
  if (parsed.success) return parsed.data;
  throw new SluiceError(
    'store.corrupt',
    `Record ${row.record} is not as this gateway writes records.`,
    'Keep the data folder for examination; was it written by a newer version?',
    { cause: parsed.error },
  );
}

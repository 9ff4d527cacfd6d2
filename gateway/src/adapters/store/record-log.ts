import type { AuditEvent } from '../../../contract/audit-event.ts';
import type { Decision } from '../../../contract/decision.ts';
import { SluiceError } from '../../../contract/error.ts';
import type { Facts } from '../../../contract/facts.ts';
import type { RecordId } from '../../../contract/ids.ts';
import { ActionRecord, type RecordedQuestion, type RecordOutcome } from '../../../contract/record.ts';
import type { OpeningRecord, Recorder, RecordQuery, RecordReader } from '../../core/recording/recorder.ts';
import { withOutcome } from './batch.ts';
import type { Journal } from './journal/journal.ts';
import type { RecordRow } from './messages.ts';
import type { WorkerLink } from './worker-link.ts';

/** Records: written to the journal, read from the database. */
export class RecordLog implements Recorder, RecordReader {
  readonly #journal: Journal;
  readonly #link: WorkerLink;

  constructor(journal: Journal, link: WorkerLink) {
    this.#journal = journal;
    this.#link = link;
  }

  open(record: OpeningRecord): Promise<void> {
    // A read runs while its opening is written, and is often over first; a change waits for the disk.
    const urgency = record.facts?.readOnly === true ? 'soon' : 'now';
    return this.#journal.append({ type: 'opened', record: record.id, body: openingBody(record) }, urgency);
  }

  close(id: RecordId, outcome: RecordOutcome): Promise<void> {
    return this.#journal.append({ type: 'closed', record: id, body: JSON.stringify(outcome) }, 'now');
  }

  keep({ outcome, ...opening }: ActionRecord): Promise<void> {
    const body = withOutcome(openingBody(opening), JSON.stringify(outcome));
    return this.#journal.append({ type: 'kept', record: opening.id, body }, 'now');
  }

  note(event: AuditEvent): Promise<void> {
    return this.#journal.append({ type: 'event', record: event.id, body: JSON.stringify(event) }, 'now');
  }

  async list(query: RecordQuery): Promise<{ records: ActionRecord[]; next: string | null }> {
    const { records: rows } = await this.#link.ask({ type: 'records', query });
    const page = rows.slice(0, query.limit);
    const next = rows.length > query.limit ? (page.at(-1)?.record ?? null) : null;
    return { records: page.map(recordOf), next };
  }
}

/** These are shared by all runs of a cached plan or by all of one person, and so is their JSON. */
type Shared = Facts | Decision | RecordedQuestion['principal'] | RecordedQuestion['columns' | 'through'];
const texts = new WeakMap<Shared, string>();

function textOf(value: Shared): string {
  const known = texts.get(value);
  if (known !== undefined) return known;
  const text = JSON.stringify(value);
  texts.set(value, text);
  return text;
}

function openingBody({ facts, decision, question, ...own }: OpeningRecord): string {
  const factsText = facts === null ? 'null' : textOf(facts);
  const asked = question === undefined ? '' : `,"question":${questionText(question)}`;
  return `${JSON.stringify(own).slice(0, -1)},"facts":${factsText},"decision":${textOf(decision)}${asked}}`;
}

function questionText({ principal, columns, through, ...own }: RecordedQuestion): string {
  const shared = `"principal":${textOf(principal)},"columns":${textOf(columns)},"through":${textOf(through)}`;
  return `${JSON.stringify(own).slice(0, -1)},${shared}}`;
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

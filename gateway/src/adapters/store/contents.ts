import type { ActionRecord, RecordOutcome } from '../../../contract/record.ts';
import { type Subject, subjectIn } from '../../core/audit/subject.ts';
import type { Entry, JournalEntry } from './entries.ts';

type Opening = Omit<ActionRecord, 'outcome'>;
/** An opening's facts, decision and question: the same object for all runs of a plan. */
type Plan = Pick<Opening, 'facts' | 'decision' | 'question'>;

/** What an entry says: an event has neither opening nor outcome. */
export type Contents = { subject: Subject; opening: Opening | null; outcome: RecordOutcome | null };

const MAX_PLANS = 1000;

/** Reads each entry's JSON once, and a plan's once for all its runs. */
export class ContentsReader {
  readonly #plans = new Map<string, Plan>();

  /** @throws Error when the body is none of that type */
  read({ type, body, plan }: JournalEntry): Contents {
    const own = JSON.parse(body);
    const value = plan === undefined ? own : Object.assign(own, this.#plan(plan));
    return contentsIn(type, value);
  }

  #plan(text: string): Plan {
    const known = this.#plans.get(text);
    if (known !== undefined) return known;
    const made: Plan = JSON.parse(`{${text}}`);
    if (this.#plans.size >= MAX_PLANS) this.#plans.clear();
    // A copy: the text is a part of a frame's, all of which it would keep in memory.
    this.#plans.set(Buffer.from(text).toString(), made);
    return made;
  }
}

/** The same of an entry of the log. @throws Error when the body is none of that type */
export function contentsOf({ type, body }: Entry): Contents {
  return contentsIn(type, JSON.parse(body));
}

/** As a gateway wrote it: whoever shows it to a person parses it in whole. */
function contentsIn(type: Entry['type'], value: unknown): Contents {
  const subject = subjectIn(type, value);
  if (type === 'event') return { subject, opening: null, outcome: null };
  if (type === 'closed') return { subject, opening: null, outcome: value as RecordOutcome };
  const record = value as ActionRecord;
  return { subject, opening: record, outcome: record.outcome ?? null };
}

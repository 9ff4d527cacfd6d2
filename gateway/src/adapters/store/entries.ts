/**
 * What happened to a record: its opening, its end, or both at once; or an event, which is no action on a target. `body` is
 * JSON, and so has no line breaks.
 */
export type Entry = { type: 'opened' | 'closed' | 'kept' | 'event'; record: string; body: string };

/**
 * An entry on its way through the journal. `plan`: members of its body that all runs of a plan share, as JSON has them
 * between the braces; `body` is without them.
 */
export type JournalEntry = Entry & { plan?: string };

const PLAN = 'plan ';
const LINE = /^(opened|closed|kept|event) (\S+) (?:(\d+) )?(\{.*)$/s;

/** A line for each entry, which `entriesOf` reads back. A plan that several share stands there once, before the first. */
export function textOf(entries: readonly JournalEntry[]): string {
  const plans = new Map<string, number>();
  let text = '';
  for (const { type, record, body, plan } of entries) {
    if (plan === undefined) {
      text += `${type} ${record} ${body}\n`;
      continue;
    }
    const known = plans.get(plan);
    if (known === undefined) text += `${PLAN}${plan}\n`;
    const number = known ?? plans.size;
    plans.set(plan, number);
    text += `${type} ${record} ${number} ${body}\n`;
  }
  return text;
}

/** The entries of such a text. @throws Error when it is none */
export function entriesOf(text: string): JournalEntry[] {
  const plans: string[] = [];
  const entries: JournalEntry[] = [];
  for (const line of text.trimEnd().split('\n')) {
    if (line.startsWith(PLAN)) plans.push(line.slice(PLAN.length));
    else entries.push(entryOf(line, plans));
  }
  return entries;
}

/** The entry as the log has it. */
export function wholeEntry({ plan, ...entry }: JournalEntry): Entry {
  return plan === undefined ? entry : { ...entry, body: `${entry.body.slice(0, -1)},${plan}}` };
}

/** The body of a record that is kept whole, of the JSON of its opening and of its outcome. */
export function withOutcome(opening: string, outcome: string): string {
  return `${opening.slice(0, -1)},"outcome":${outcome}}`;
}

function entryOf(line: string, plans: readonly string[]): JournalEntry {
  const [, type, record, number, body] = LINE.exec(line) ?? [];
  const isKnown = type === 'opened' || type === 'closed' || type === 'kept' || type === 'event';
  if (!isKnown || record === undefined || body === undefined) {
    throw new Error('a line of the journal can not be read');
  }
  if (number === undefined) return { type, record, body };
  const plan = plans[Number(number)];
  if (plan === undefined) throw new Error('a line of the journal names a plan that does not stand there');
  return { type, record, body, plan };
}

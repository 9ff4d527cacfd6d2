import * as z from 'zod';
import { TargetName } from '../../../../contract/ids.ts';

/** One recorded action as JSON text, cut into what repeats and what doesn't. */
export type CutLine = {
  /** `"facts":…,"decision":…,"question":…`: all that a decision depends on but target and time. Repeats. */
  asked: string;
  target: string;
  at: string;
};

const FACTS = ',"facts":';
const TARGET = ',"target":"';
const AT = ',"at":"';

/** What of a record repeats and what doesn't; null where it is none. */
export function readLine(line: string): CutLine | null {
  return cutLine(line) ?? reordered(line);
}

/**
 * Cuts a record without parsing it; null where its keys don't stand in the order in which gateways write them. Inside of
 * JSON strings quotes are escaped, so none of the marks is found there. `asked` may be cut short in a record whose
 * claims look like an outcome: it is then no JSON, which whoever parses it sees.
 */
function cutLine(line: string): CutLine | null {
  const from = line.indexOf(FACTS);
  if (from < 0) return null;
  const target = textAfter(line, TARGET, from);
  const at = textAfter(line, AT, from);
  if (target === null || at === null) return null;
  const outcome = Math.max(line.lastIndexOf(',"outcome":{'), line.lastIndexOf(',"outcome":null'));
  if (outcome > from && line.lastIndexOf(',"question":{') > outcome) return null;
  const end = outcome > from ? outcome : line.lastIndexOf('}');
  return { asked: line.slice(from + 1, end), target, at };
}

/** A text without escapes that begins after a mark in the first `limit` characters. */
function textAfter(line: string, mark: string, limit: number): string | null {
  const found = line.indexOf(mark);
  if (found < 0 || found > limit) return null;
  const start = found + mark.length;
  return line.slice(start, line.indexOf('"', start));
}

/** A record whose keys stand in another order than gateways write them. */
const Reordered = z.object({ target: TargetName, at: z.iso.datetime() }).loose();

function reordered(line: string): CutLine | null {
  const record = Reordered.safeParse(jsonOf(line));
  if (!record.success) return null;
  const { target, at, facts = null, decision, question } = record.data;
  return { target, at, asked: JSON.stringify({ facts, decision, question }).slice(1, -1) };
}

/** Null where it is no JSON. */
export function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

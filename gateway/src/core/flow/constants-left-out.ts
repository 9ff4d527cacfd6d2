import type { Facts, SqlFacts } from '../../../contract/facts.ts';
import type { OpeningRecord } from '../recording/recorder.ts';

const WHY_LEFT_OUT = 'It could not be read. Why is not kept: the policy leaves constants out of records.';

/**
 * A record whose statement holds no constants, without those that stood elsewhere: what settings were given, and what a
 * parser quotes of a text that it can't read.
 */
export function constantsLeftOut(opening: OpeningRecord): OpeningRecord {
  const { facts, decision } = opening;
  if (facts === null) return { ...opening, decision: { ...decision, sentence: WHY_LEFT_OUT } };
  return { ...opening, facts: withoutValues(facts) };
}

/** One object for all runs of a plan: its JSON is kept by it. */
const known = new WeakMap<SqlFacts, SqlFacts>();

function withoutValues(facts: Facts): Facts {
  if (facts.protocol !== 'sql' || facts.settings.length === 0) return facts;
  const found = known.get(facts);
  if (found !== undefined) return found;
  const made = { ...facts, settings: facts.settings.map(({ name }) => ({ name, value: null })) };
  known.set(facts, made);
  return made;
}

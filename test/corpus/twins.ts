import type { Outcome } from './lab.ts';

/** Values that only masked columns and closed doors hold, as `schema.sql` plants them. */
const PLANTED =
  /(?:SSN-|note-|alias-|pin-|payload-|home-|photo-|doc-|lo-)?leak-?\d+|770[01]\d\d|880[01]\d\d|6600\d\d|card0000\d+/gi;

/** Planted values that an outcome shows and that the attack did not name itself. */
export function shownSecrets(outcome: Outcome, script: readonly string[]): string[] {
  const text = JSON.stringify([
    outcome.seen.map((one) =>
      one.kind === 'rows' ? one.rows : one.kind === 'error' ? [one.message, one.details] : '',
    ),
    outcome.notices,
  ]);
  const known = script.join('\n');
  return [...text.matchAll(PLANTED)].map(([value]) => value).filter((value) => !known.includes(value));
}

/** An outcome without what differs from one database or moment to the next: names, numbers of sessions, clocks. */
export function comparable(outcome: Outcome): string {
  return JSON.stringify(outcome)
    .replaceAll(/"why":"[^"]*"/g, '')
    .replaceAll(/\bcorpus_[ab]\b/g, 'corpus')
    .replaceAll(/\d{4}-\d\d-\d\d \d\d:\d\d:\d\d[.\d+]*/g, 'time');
}

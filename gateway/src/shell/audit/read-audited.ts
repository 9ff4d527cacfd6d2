import type { CommandFacts } from '../../../contract/command-facts.ts';
import { unfitCharacter } from '../characters.ts';
import { understood } from '../facts/facts.ts';
import { readStrict } from '../strict/read-strict.ts';
import { quote } from '../strict/serialise.ts';
import type { NotUnderstood, Unfinished } from '../strict/stop.ts';
import { collect } from './collect.ts';
import type { BashGrammar } from './grammar.ts';
import { awaited } from './unfinished.ts';
import { type Unread, unreadIn } from './unread.ts';
import { shortened } from './words.ts';

/** Longest line that is audited, in UTF-16 units. */
const MAX_AUDITED_LENGTH = 16_384;

declare const verbatim: unique symbol;
/** Shell text as a person wrote it, expansions and all: nothing about it is promised. Never a `StrictText`. */
export type VerbatimText = string & { readonly [verbatim]: true };

/** A line that goes on as written. */
export type AuditedLine = {
  readonly outcome: 'complete';
  readonly mode: 'audit';
  /** As far as they go; what is not known is in `unknowns`. */
  readonly facts: CommandFacts;
  /**
   * The line within `eval`, so that one which was misread can leave the shell with an error, but not waiting for the
   * rest of it in the next line.
   */
  readonly text: VerbatimText;
};

export type AuditedReading = AuditedLine | Unfinished | NotUnderstood;

/**
 * Reads a line of Bash in audit mode: what it would do, as far as the line tells, without promise. What strict mode
 * understands has the same facts here. Never throws.
 */
export function readAudited(line: string, grammar: BashGrammar): AuditedReading {
  const unfit = unfitCharacter(line);
  if (unfit !== null) return { outcome: 'refused', ...unfit };
  const strict = readStrict(line);
  if (strict.outcome === 'incomplete') return strict;
  if (strict.outcome === 'complete')
    return { outcome: 'complete', mode: 'audit', facts: strict.facts, text: framed(line) };
  if (line.length > MAX_AUDITED_LENGTH) return tooMuch(MAX_AUDITED_LENGTH);
  const tree = grammar.parse(line);
  if (tree === null) return tooMuch(0);
  try {
    const awaits = tree.rootNode.hasError ? awaited(tree.rootNode, line) : null;
    if (awaits !== null) return { outcome: 'incomplete', awaits };
    const unread = unreadIn(tree.rootNode);
    if (unread !== null) return notUnderstood(unread);
    const collected = collect(tree.rootNode);
    if (collected.isTooDeep) return tooMuch(0);
    return { outcome: 'complete', mode: 'audit', facts: auditedFacts(collected, strict), text: framed(line) };
  } finally {
    tree.delete();
  }
}

function auditedFacts(
  { runs, unknowns, background }: ReturnType<typeof collect>,
  strict: NotUnderstood,
): CommandFacts {
  const { facts } = understood(runs, background);
  const all = [...new Set([...unknowns, ...facts.unknowns])];
  // Strict mode had its reason; a tree without any must not look like a line that was understood.
  return { ...facts, unknowns: all.length > 0 ? all : [strict.message] };
}

function framed(line: string): VerbatimText {
  // The space keeps a line that begins with `-` from being an option of `eval`.
  return (line.trim() === '' ? '' : `eval ${quote(` ${line}`)}`) as VerbatimText;
}

function notUnderstood({ text, startIndex }: Unread): NotUnderstood {
  return {
    outcome: 'refused',
    at: startIndex,
    message: `\`${shortened(text)}\` is not understood, and might run anything.`,
    advice: 'Write it in another way, or on lines of their own.',
  };
}

function tooMuch(at: number): NotUnderstood {
  return {
    outcome: 'refused',
    at,
    message: 'The line is too long or too entangled to be looked at.',
    advice: 'Run several shorter ones.',
  };
}

import { Stop } from '../strict/stop.ts';
import { readWord } from '../strict/words.ts';

/** A word of a line that goes on as written: what it says, and what of it only the shell will know. */
export type AuditWord = {
  /** Quotes resolved where nothing is expanded, else as written. */
  readonly text: string;
  /** A sentence, or null for a literal word. */
  readonly unknown: string | null;
};

/** Reads the source of one word. */
export function auditWord(source: string): AuditWord {
  try {
    const word = readWord(source, 0);
    if (word.end === source.length) return { text: word.text, unknown: null };
  } catch (error) {
    if (!(error instanceof Stop)) throw error;
    const { reason } = error;
    if (reason.outcome === 'refused') return { text: source, unknown: sentence(source, reason.message) };
  }
  return { text: source, unknown: `\`${shortened(source)}\` is not understood.` };
}

function sentence(source: string, message: string): string {
  return message.includes(source) ? message : `In \`${shortened(source)}\`: ${message}`;
}

/** So much of a text as fits a sentence. */
export function shortened(text: string): string {
  const line = text.replace(/\s+/g, ' ');
  return line.length > 60 ? `${line.slice(0, 59)}…` : line;
}

import { incomplete, refuse } from './stop.ts';

/** A here-document whose text begins behind the next newline. */
export type PendingHeredoc = {
  readonly delimiter: string;
  /** `<<-`: leading tabs are dropped. */
  readonly stripsTabs: boolean;
  /** The delimiter was not quoted, so that the shell would expand the text. */
  readonly isExpanded: boolean;
  readonly deliver: (text: string) => void;
};

/**
 * Reads the text of one here-document from the beginning of a line (POSIX shell, 2.7.4).
 * @returns the offset behind the line that ends it.
 */
export function readHeredoc(line: string, from: number, pending: PendingHeredoc): number {
  let text = '';
  let position = from;
  while (position < line.length) {
    const newline = line.indexOf('\n', position);
    const end = newline < 0 ? line.length : newline;
    const raw = line.slice(position, end);
    const content = pending.stripsTabs ? raw.replace(/^\t+/, '') : raw;
    if (content === pending.delimiter) {
      pending.deliver(text);
      return newline < 0 ? end : end + 1;
    }
    text += `${pending.isExpanded ? unescaped(content, position) : content}\n`;
    position = end + 1;
  }
  return incomplete(`the line \`${pending.delimiter}\` that ends the text`);
}

function unescaped(content: string, at: number): string {
  if (/(^|[^\\])(\\\\)*[$`]/.test(content)) {
    refuse(at, 'The shell would expand this text.', "Quote the word behind `<<`, as in <<'EOF'.");
  }
  if (/(^|[^\\])(\\\\)*\\$/.test(content)) {
    refuse(at, 'The shell would join this line with the next.', "Quote the word behind `<<`, as in <<'EOF'.");
  }
  return content.replace(/\\([$`\\])/g, '$1');
}

import type { Node } from 'web-tree-sitter';

/** What of a line the grammar has not read, so that programs may stand in it that nobody has seen. */
export type Unread = { text: string; startIndex: number };

/** The first of it; null where the whole line was read. */
export function unreadIn(root: Node): Unread | null {
  return errorIn(root) ?? misreadIn(root);
}

function errorIn(node: Node): Unread | null {
  if (!node.hasError) return null;
  if (node.isError || node.isMissing) return node;
  for (const child of node.children) {
    const error = errorIn(child);
    if (error !== null) return error;
  }
  return node;
}

function misreadIn(root: Node): Unread | null {
  const waiting: Node[] = [root];
  for (let node = waiting.pop(); node !== undefined; node = waiting.pop()) {
    if (isMisread(node)) return node;
    waiting.push(...node.children.reverse());
  }
  return null;
}

/** Where the grammar is known to see less than Bash: it takes what runs something for text. */
function isMisread(node: Node): boolean {
  switch (node.type) {
    case 'raw_string':
    case 'ansi_c_string':
    case 'comment':
    case 'heredoc_end':
      return false;
    case 'heredoc_start':
      return !DELIMITER.test(node.text);
    case 'heredoc_body':
      return !isQuoted(node) && isBackquoted(node.text);
    case 'heredoc_content':
      return false;
    case 'file_redirect':
      // `{name}>` names a variable for the file, and what comes next is the program.
      return (node.previousSibling?.text.endsWith('}') ?? false) && touches(node);
    default:
      return node.childCount === 0 && (runsSomething(node.text) || endsLine(node));
  }
}

const DELIMITER = /^([\w.-]+|'[^'\n]*'|"[^"$`\\\n]*"|\\[\w.-]+)$/;
const OPENING: ReadonlySet<string> = new Set(['$(', '$((', '`', '${', '<(', '>(']);

function isQuoted(body: Node): boolean {
  const delimiter = body.parent?.children.find(({ type }) => type === 'heredoc_start')?.text ?? '';
  return /[\\'"]/.test(delimiter);
}

const unescaped = (text: string) => text.replace(/\\[\s\S]/g, '');

function isBackquoted(text: string): boolean {
  return unescaped(text).includes('`');
}

function touches({ previousSibling, startIndex }: Node): boolean {
  return previousSibling?.endIndex === startIndex;
}

function runsSomething(text: string): boolean {
  return !OPENING.has(text) && /`|\$\(|[<>]\(/.test(unescaped(text));
}

/** A word goes beyond its line by a backslash alone. */
function endsLine({ type, text }: Node): boolean {
  return type === 'word' && unescaped(text).includes('\n');
}

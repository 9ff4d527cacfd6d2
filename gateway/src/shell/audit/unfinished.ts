import type { Node } from 'web-tree-sitter';

const closerOf: Readonly<Record<string, string>> = {
  if: 'fi',
  for: 'done',
  while: 'done',
  until: 'done',
  select: 'done',
  case: 'esac',
  '{': '}',
  '(': ')',
  '$(': ')',
  '${': '}',
  '((': '))',
  '$((': '))',
  '[[': ']]',
  '<(': ')',
  '>(': ')',
};

/**
 * What a line with errors lacks at its end, for people; null when it is wrong rather than unfinished. A guess from the
 * tokens: the shell itself is never given a line that could leave it waiting (`framed`).
 */
export function awaited(root: Node, line: string): string | null {
  if (/(^|[^\\])(\\\\)*\\$/.test(line)) return 'the next line, after the `\\`';
  const operator = /(&&|\|\||\|&?)\s*$/.exec(line)?.[1];
  if (operator !== undefined) return `a command after \`${operator}\``;
  const open: string[] = [];
  let isInHeredoc = false;
  let quotes = 0;
  for (const leaf of leavesOf(root)) {
    const closer = closerOf[leaf.type];
    if (closer !== undefined && !leaf.isMissing) open.push(closer);
    if (leaf.type === open.at(-1) && !leaf.isMissing) open.pop();
    if (leaf.type === '"') quotes += 1;
    if (leaf.type === 'heredoc_start') isInHeredoc = true;
    if (leaf.type === 'heredoc_end' && !leaf.isMissing) isInHeredoc = false;
    if (leaf.isError && /^\$?'[^']*$/.test(leaf.text)) return "a closing `'`";
  }
  if (quotes % 2 === 1) return 'a closing `"`';
  if (isInHeredoc) return 'the line that ends the text';
  const [last] = open.slice(-1);
  return last === undefined ? null : `\`${last}\``;
}

function* leavesOf(root: Node): Generator<Node> {
  const waiting: Node[] = [root];
  for (let node = waiting.pop(); node !== undefined; node = waiting.pop()) {
    if (node.childCount === 0) yield node;
    else waiting.push(...node.children.reverse());
  }
}

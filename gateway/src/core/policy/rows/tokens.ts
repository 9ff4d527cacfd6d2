export type Token =
  | { kind: 'name'; text: string; quoted: boolean }
  | { kind: 'string' | 'number' | 'sign'; text: string };

const PATTERN =
  /\s+|(?<quoted>"(?:[^"]|"")+")|(?<string>'(?:[^']|'')*')|(?<number>-?\d+(?:\.\d+)?)|(?<name>[\p{L}_][\p{L}\p{N}_$]*)|(?<sign><=|>=|<>|!=|[=<>(),.])/uy;

/** Splits a row filter; names without quotes fold to lower case as in SQL. A text is what can't stand there. */
export function tokensOf(text: string): Token[] | { problem: string } {
  const tokens: Token[] = [];
  PATTERN.lastIndex = 0;
  while (PATTERN.lastIndex < text.length) {
    const at = PATTERN.lastIndex;
    const groups = PATTERN.exec(text)?.groups;
    if (groups === undefined) return { problem: `"${text.slice(at, at + 12)}" can't stand in a row filter` };
    const { quoted, string, number, name, sign } = groups;
    if (quoted !== undefined) {
      tokens.push({ kind: 'name', text: quoted.slice(1, -1).replaceAll('""', '"'), quoted: true });
    } else if (string !== undefined) {
      tokens.push({ kind: 'string', text: string.slice(1, -1).replaceAll("''", "'") });
    } else if (number !== undefined) {
      tokens.push({ kind: 'number', text: number });
    } else if (name !== undefined) {
      tokens.push({ kind: 'name', text: name, quoted: false });
    } else if (sign !== undefined) {
      tokens.push({ kind: 'sign', text: sign === '!=' ? '<>' : sign });
    }
  }
  return tokens;
}

export type JsonTone = 'key' | 'string' | 'number' | 'word' | 'mark';
export type JsonToken = { readonly text: string; readonly tone: JsonTone };

const TOKEN = /"(?:[^"\\]|\\.)*"|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null|[{}[\],:]/g;
const INDENT = '  ';

/**
 * JSON laid out over lines, token by token: digits, key order and duplicate keys stay as the server sent
 * them, which parsing and writing again would lose. Null when the text isn't JSON.
 */
export function prettyJson(text: string): JsonToken[] | null {
  if (!isJson(text)) return null;
  const raw = text.match(TOKEN) ?? [];
  const tokens: JsonToken[] = [];
  let depth = 0;
  raw.forEach((token, index) => {
    const next = raw[index + 1];
    if (token === '{' || token === '[') {
      const empty = next === '}' || next === ']';
      if (!empty) depth++;
      tokens.push({ text: empty ? token : `${token}\n${INDENT.repeat(depth)}`, tone: 'mark' });
    } else if (token === '}' || token === ']') {
      const wasEmpty = raw[index - 1] === '{' || raw[index - 1] === '[';
      if (!wasEmpty) depth--;
      tokens.push({ text: wasEmpty ? token : `\n${INDENT.repeat(depth)}${token}`, tone: 'mark' });
    } else if (token === ',') tokens.push({ text: `,\n${INDENT.repeat(depth)}`, tone: 'mark' });
    else if (token === ':') tokens.push({ text: ': ', tone: 'mark' });
    else tokens.push({ text: token, tone: toneOf(token, next) });
  });
  return tokens;
}

function toneOf(token: string, next: string | undefined): JsonTone {
  if (token.startsWith('"')) return next === ':' ? 'key' : 'string';
  return /^[-\d]/.test(token) ? 'number' : 'word';
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

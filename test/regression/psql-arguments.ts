import { interpolate, type Variables } from './psql-lexer.ts';

const VARIABLE = /:(?:([A-Za-z_][\w]*)|'([A-Za-z_]\w*)'|"([A-Za-z_]\w*)"|\{\?([A-Za-z_]\w*)\})/y;
const QUOTED = /'((?:[^'\\]|\\[\s\S]|'')*)'/y;

/**
 * The arguments of a psql command, and what follows them on the line: a backslash begins the next command.
 * Quotes are taken off and variables put in.
 */
export function psqlArguments(line: string, variables: Variables): { words: string[]; rest: string } {
  const words: string[] = [];
  let word: string | null = null;
  let at = 0;
  const add = (text: string) => {
    word = (word ?? '') + text;
  };
  while (at < line.length) {
    const character = line[at] ?? '';
    if (character === '\\') break;
    if (/\s/.test(character)) {
      if (word !== null) words.push(word);
      word = null;
      at += 1;
      continue;
    }
    VARIABLE.lastIndex = at;
    QUOTED.lastIndex = at;
    const variable = VARIABLE.exec(line);
    const quoted = QUOTED.exec(line);
    const put = variable === null ? null : interpolate(variable, variables);
    if (quoted !== null) add((quoted[1] ?? '').replaceAll("''", "'").replaceAll(/\\(.)/g, unescaped));
    else add(put ?? character);
    at += quoted?.[0].length ?? (put === null ? 1 : (variable?.[0].length ?? 1));
  }
  if (word !== null) words.push(word);
  const rest = line.slice(at);
  return { words, rest: rest.startsWith('\\\\') ? rest.slice(2) : rest };
}

function unescaped(_: string, character: string): string {
  const known: Readonly<Record<string, string>> = { n: '\n', t: '\t', r: '\r', b: '\b', f: '\f' };
  return known[character] ?? character;
}

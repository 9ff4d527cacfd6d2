import type { FileMode, Redirect } from '../script.ts';
import { incomplete, refuse } from './stop.ts';
import type { Tokens } from './tokens.ts';
import type { Word } from './words.ts';

const fileModes: Readonly<Record<string, FileMode>> = {
  '<': 'read',
  '>': 'write',
  '>|': 'write',
  '>>': 'append',
  '<>': 'readWrite',
};

/** One redirection (POSIX shell, 2.7) in its plain parts, `&>f` being two; null where none stands. */
export function readRedirect(tokens: Tokens): Redirect<string>[] | null {
  const first = tokens.peek();
  if (first.kind === 'descriptor') tokens.next();
  const number = first.kind === 'descriptor' ? first.number : null;
  const token = tokens.peek();
  if (token.kind !== 'operator' || !/[<>]/.test(token.text)) return null;
  tokens.next();
  const target = tokens.next();
  if (target.kind === 'end') incomplete(`a file after \`${token.text}\``);
  if (target.kind !== 'word')
    refuse(target.at, `The file of \`${token.text}\` is missing.`, 'Write its name.');
  const descriptor = number ?? (token.text.startsWith('<') ? 0 : 1);
  const { word } = target;
  if (token.text === '<<<') return [{ kind: 'text', descriptor, text: `${word.text}\n` }];
  if (token.text === '<<' || token.text === '<<-') return [heredoc(tokens, token.text, descriptor, word)];
  if (token.text === '<&' || token.text === '>&') return duplicate(token.text, number, descriptor, word);
  if (token.text === '&>' || token.text === '&>>')
    return both(token.text === '&>' ? 'write' : 'append', word);
  const mode = fileModes[token.text];
  if (mode === undefined) throw new Error(`no redirection: ${token.text}`);
  return [file(descriptor, mode, word)];
}

function heredoc(tokens: Tokens, operator: string, descriptor: number, word: Word): Redirect<string> {
  const redirect = { kind: 'text' as const, descriptor, text: '' };
  tokens.expectHeredoc({
    delimiter: word.text,
    stripsTabs: operator === '<<-',
    isExpanded: !word.isQuoted,
    deliver: (text) => {
      redirect.text = text;
    },
  });
  return redirect;
}

function duplicate(
  operator: '<&' | '>&',
  number: number | null,
  descriptor: number,
  word: Word,
): Redirect<string>[] {
  if (word.text === '-') return [{ kind: 'duplicate', descriptor, from: null }];
  if (/^\d$/.test(word.text)) return [{ kind: 'duplicate', descriptor, from: Number(word.text) }];
  if (/^\d+-?$/.test(word.text)) {
    refuse(
      word.at,
      `The descriptor ${word.text} may be one of the shell's own.`,
      'Use a number from 0 to 9.',
    );
  }
  if (operator === '>&' && number === null) return both('write', word);
  return refuse(word.at, `\`${operator}\` needs the number of a descriptor.`, 'Use `<` or `>` for a file.');
}

function both(mode: 'write' | 'append', word: Word): Redirect<string>[] {
  return [file(1, mode, word), { kind: 'duplicate', descriptor: 2, from: 1 }];
}

function file(descriptor: number, mode: FileMode, word: Word): Redirect<string> {
  if (/^\/dev\/(tcp|udp)\//.test(word.text)) {
    refuse(
      word.at,
      `\`${word.text}\` makes the shell open a connection.`,
      'Use a program for it, such as curl.',
    );
  }
  if (/^\/dev\/(fd(\/|$)|std(in|out|err)$)/.test(word.text)) {
    refuse(word.at, `\`${word.text}\` names a descriptor of the shell.`, 'Write `<&0`, `>&1` or `>&2`.');
  }
  if (word.text === '') refuse(word.at, 'The name of the file is empty.', 'Write one.');
  return { kind: 'file', descriptor, mode, path: word.text };
}

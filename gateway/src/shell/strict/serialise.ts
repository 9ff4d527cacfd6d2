import { assertNever } from '../../../contract/assert-never.ts';
import type { Command, FileMode, List, Pipeline, Redirect, SimpleCommand } from '../script.ts';

declare const strict: unique symbol;
/** Shell text that this file alone writes: every word quoted, nothing left to expand. Safe to hand to a shell. */
export type StrictText = string & { readonly [strict]: true };

type Heredoc = { readonly delimiter: string; readonly text: string };

/**
 * Writes a script for `bash`, `dash` or any POSIX shell: one line, the here-documents behind it. Empty for an empty
 * script. Reading it again gives the same script.
 */
export function serialise(script: List): StrictText {
  const heredocs: Heredoc[] = [];
  const line = listText(script, heredocs);
  const texts = heredocs.map(({ delimiter, text }) => `${text}${delimiter}\n`);
  return (heredocs.length === 0 ? line : `${line}\n${texts.join('')}`) as StrictText;
}

/**
 * A word as any shell reads it back. Outside of the quotes stand, behind backslashes: `'`; `\\`, which fish takes for
 * special within them; `!` and `^`, which an interactive Bash takes from its history at the beginning of a word's
 * second line, and older ones anywhere in it.
 */
export function quote(word: string): string {
  if (word === '') return "''";
  const parts = word.match(/[\\'!^]+|[^\\'!^]+/g) ?? [];
  return parts.map((part) => (/^[\\'!^]/.test(part) ? part.replace(/./g, '\\$&') : `'${part}'`)).join('');
}

function listText(list: List, heredocs: Heredoc[]): string {
  return list
    .map(({ pipelines, background }, index) => {
      const text = pipelines
        .map(({ after, pipeline }) => (after === null ? '' : ` ${after} `) + pipelineText(pipeline, heredocs))
        .join('');
      if (background) return `${text} &`;
      return index < list.length - 1 ? `${text};` : text;
    })
    .join(' ');
}

function pipelineText({ timed, negated, commands }: Pipeline, heredocs: Heredoc[]): string {
  const time = { no: '', default: 'time ', posix: 'time -p ' }[timed];
  return `${time}${negated ? '! ' : ''}${commands.map((one) => commandText(one, heredocs)).join(' | ')}`;
}

function commandText(command: Command, heredocs: Heredoc[]): string {
  const redirects = command.redirects.map((one) => ` ${redirectText(one, heredocs)}`).join('');
  return `${bodyText(command, heredocs)}${redirects}`;
}

function bodyText(command: Command, heredocs: Heredoc[]): string {
  switch (command.kind) {
    case 'simple':
      return simpleText(command);
    case 'subshell':
      return `( ${listText(command.body, heredocs)} )`;
    case 'group':
      return `{ ${closed(command.body, heredocs)} }`;
    case 'if': {
      const branches = command.branches.map(
        ({ condition, body }) => `if ${closed(condition, heredocs)} then ${closed(body, heredocs)}`,
      );
      const otherwise = command.otherwise === null ? '' : ` else ${closed(command.otherwise, heredocs)}`;
      return `${branches.join(' el')}${otherwise} fi`;
    }
    default:
      return assertNever(command);
  }
}

function closed(list: List, heredocs: Heredoc[]): string {
  const text = listText(list, heredocs);
  return list.at(-1)?.background ? text : `${text};`;
}

function simpleText({ assignments, words }: SimpleCommand): string {
  return [...assignments.map(({ name, value }) => `${name}=${quote(value)}`), ...words.map(quote)].join(' ');
}

const operators: Readonly<Record<FileMode, string>> = {
  read: '<',
  write: '>',
  append: '>>',
  readWrite: '<>',
};

function redirectText(redirect: Redirect<string>, heredocs: Heredoc[]): string {
  switch (redirect.kind) {
    case 'file':
      return `${redirect.descriptor}${operators[redirect.mode]}${quote(redirect.path)}`;
    case 'duplicate':
      return `${redirect.descriptor}>&${redirect.from ?? '-'}`;
    case 'text': {
      const delimiter = unusedDelimiter(redirect.text);
      heredocs.push({ delimiter, text: redirect.text });
      return `${redirect.descriptor}<<'${delimiter}'`;
    }
    default:
      return assertNever(redirect);
  }
}

/** Dash garbles a line that begins like the delimiter (0.5.12), so none does where that can be had. */
function unusedDelimiter(text: string): string {
  const lines = text.split('\n');
  const begins = new Set(lines.map((line) => line.charAt(0)));
  const letter = [...'EABCDFGHIJKLMNOPQRSTUVWXYZ0123456789@%+,.:_-'].find((one) => !begins.has(one));
  if (letter !== undefined) return letter;
  const all = new Set(lines);
  let number = 1;
  while (all.has(`END${number}`)) number += 1;
  return `END${number}`;
}

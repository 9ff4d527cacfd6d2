import type { AndOr, Command, List, Pipeline, Redirect, SimpleCommand } from '../script.ts';
import { readRedirect } from './redirects.ts';
import { adviceOf } from './reserved-words.ts';
import { incomplete, refuse } from './stop.ts';
import { type Token, Tokens } from './tokens.ts';
import type { Word } from './words.ts';

/** Groups, subshells and `if`s that may stand in each other. */
const MAX_DEPTH = 40;

/** Commands in one line. */
const MAX_COMMANDS = 500;

/**
 * Reads a whole line: the part of the shell's grammar (POSIX shell, 2.10) that expands, repeats and defines nothing.
 * @throws Stop when it is unfinished or not understood.
 */
export function readScript(line: string): List {
  const parser = new Parser(line);
  return parser.whole();
}

class Parser {
  readonly #tokens: Tokens;
  #depth = 0;
  #commands = 0;

  constructor(line: string) {
    this.#tokens = new Tokens(line);
  }

  whole(): List {
    const list = this.#list();
    const rest = this.#tokens.peek();
    if (rest.kind !== 'end') unexpected(rest);
    return list;
  }

  /** Ends before what can begin no command: the end, `)`, `}`, `then` and so on. */
  #list(): List {
    const all: AndOr[] = [];
    this.#skipNewlines();
    while (!endsList(this.#tokens.peek())) {
      const pipelines = this.#andOr();
      const separator = this.#tokens.peek();
      const background = isOperator(separator, '&');
      all.push({ pipelines, background });
      if (!background && !isOperator(separator, ';') && separator.kind !== 'newline') break;
      this.#tokens.next();
      this.#skipNewlines();
    }
    return all;
  }

  #andOr(): AndOr['pipelines'] {
    const pipelines: AndOr['pipelines'][number][] = [{ after: null, pipeline: this.#pipeline() }];
    for (;;) {
      const token = this.#tokens.peek();
      if (token.kind !== 'operator' || (token.text !== '&&' && token.text !== '||')) return pipelines;
      this.#tokens.next();
      this.#awaitCommand(token.text);
      pipelines.push({ after: token.text, pipeline: this.#pipeline() });
    }
  }

  #pipeline(): Pipeline {
    let timed: Pipeline['timed'] = 'no';
    if (this.#takeReserved('time')) timed = this.#takeReserved('-p') ? 'posix' : 'default';
    const negated = this.#takeReserved('!');
    const commands = [this.#command()];
    for (;;) {
      const token = this.#tokens.peek();
      if (token.kind !== 'operator' || (token.text !== '|' && token.text !== '|&')) break;
      this.#tokens.next();
      if (token.text === '|&') commands.push(withErrors(commands.pop()));
      this.#awaitCommand(token.text);
      commands.push(this.#command());
    }
    return { timed, negated, commands };
  }

  #command(): Command {
    const token = this.#tokens.peek();
    this.#commands += 1;
    if (this.#commands > MAX_COMMANDS) {
      refuse(token.at, `The line has more than ${MAX_COMMANDS} commands.`, 'Run them in several lines.');
    }
    if (isOperator(token, '(')) return this.#nested(() => this.#subshell(token.at));
    if (isReserved(token, '{')) return this.#nested(() => this.#group());
    if (isReserved(token, 'if')) return this.#nested(() => this.#if());
    if (token.kind === 'word' && !token.word.isQuoted) {
      const advice = adviceOf(token.word.text);
      if (advice !== null) refuse(token.at, `\`${token.word.text}\` is not understood here.`, advice);
    }
    return this.#simple();
  }

  #nested(read: () => Command): Command {
    this.#depth += 1;
    if (this.#depth > MAX_DEPTH)
      refuse(this.#tokens.peek().at, 'Commands are nested too deeply.', 'Run them one after the other.');
    const command = read();
    this.#depth -= 1;
    return command;
  }

  #subshell(at: number): Command {
    this.#tokens.next();
    const inner = this.#tokens.peek();
    if (isOperator(inner, '(') && inner.at === at + 1) {
      refuse(at, '`((…))` is computed by the shell.', 'Write `( (` for a subshell within another.');
    }
    const body = this.#body('`)`', (token) => isOperator(token, ')'));
    return { kind: 'subshell', body, redirects: this.#redirects() };
  }

  #group(): Command {
    this.#tokens.next();
    const body = this.#body('`}`', (token) => isReserved(token, '}'));
    return { kind: 'group', body, redirects: this.#redirects() };
  }

  #if(): Command {
    const branches: { condition: List; body: List }[] = [];
    let otherwise: List | null = null;
    do {
      this.#tokens.next();
      const condition = this.#body('`then`', (token) => isReserved(token, 'then'));
      const body = this.#body('`fi`', isEndOfBranch, false);
      branches.push({ condition, body });
    } while (isReserved(this.#tokens.peek(), 'elif'));
    if (this.#takeReserved('else')) otherwise = this.#body('`fi`', (token) => isReserved(token, 'fi'), false);
    const end = this.#tokens.next();
    if (!isReserved(end, 'fi')) unexpected(end);
    return { kind: 'if', branches, otherwise, redirects: this.#redirects() };
  }

  /** A list that may not be empty, and what ends it. */
  #body(awaited: string, isEnd: (token: Token) => boolean, takesEnd = true): List {
    const body = this.#list();
    const end = this.#tokens.peek();
    if (end.kind === 'end') incomplete(awaited);
    if (!isEnd(end) || body.length === 0) unexpected(end);
    if (takesEnd) this.#tokens.next();
    return body;
  }

  #simple(): Command {
    const assignments: { name: string; value: string }[] = [];
    const words: Word[] = [];
    const redirects: Redirect<string>[] = [];
    const begin = this.#tokens.peek();
    for (;;) {
      const token = this.#tokens.peek();
      const redirect = readRedirect(this.#tokens);
      if (redirect !== null) {
        redirects.push(...redirect);
        continue;
      }
      if (token.kind !== 'word') break;
      this.#tokens.next();
      const assignment = words.length === 0 ? assignmentOf(token.word) : null;
      if (assignment === null) words.push(token.word);
      else assignments.push(assignment);
    }
    return this.#finished(begin, assignments, words, redirects);
  }

  #finished(
    begin: Token,
    assignments: SimpleCommand['assignments'],
    words: readonly Word[],
    redirects: readonly Redirect<string>[],
  ): SimpleCommand {
    const after = this.#tokens.peek();
    const [first, ...rest] = words;
    if (isOperator(after, '(')) refuseParenthesis(after.at, words.length);
    if (first?.text === '')
      refuse(first.at, 'The name of the program is empty.', 'Write the name of a program.');
    if (first !== undefined) {
      return { kind: 'simple', assignments, words: [first.text, ...rest.map(({ text }) => text)], redirects };
    }
    if (assignments.length > 0) {
      refuse(
        begin.at,
        'A variable that stays would change later commands.',
        'Write it in front of the one command that needs it: NAME=value command.',
      );
    }
    if (redirects.length === 0) unexpected(after);
    // `> f` alone empties f; not every shell takes it without a command.
    return { kind: 'simple', assignments, words: [':'], redirects };
  }

  #redirects(): Redirect<string>[] {
    const all: Redirect<string>[] = [];
    for (let one = readRedirect(this.#tokens); one !== null; one = readRedirect(this.#tokens))
      all.push(...one);
    return all;
  }

  #takeReserved(text: string): boolean {
    if (!isReserved(this.#tokens.peek(), text)) return false;
    this.#tokens.next();
    return true;
  }

  #awaitCommand(after: string): void {
    this.#skipNewlines();
    if (this.#tokens.peek().kind === 'end') incomplete(`a command after \`${after}\``);
  }

  #skipNewlines(): void {
    while (this.#tokens.peek().kind === 'newline') this.#tokens.next();
  }
}

function isOperator(token: Token, text: string): boolean {
  return token.kind === 'operator' && token.text === text;
}

function isReserved(token: Token, text: string): boolean {
  return token.kind === 'word' && !token.word.isQuoted && token.word.text === text;
}

function isEndOfBranch(token: Token): boolean {
  return ['elif', 'else', 'fi'].some((word) => isReserved(token, word));
}

function endsList(token: Token): boolean {
  return (
    token.kind === 'end' ||
    isOperator(token, ')') ||
    ['}', 'then', 'elif', 'else', 'fi'].some((word) => isReserved(token, word))
  );
}

function assignmentOf(word: Word): { name: string; value: string } | null {
  const [prefix, name] = word.assigned ?? [];
  return prefix === undefined || name === undefined ? null : { name, value: word.text.slice(prefix.length) };
}

function withErrors(command: Command | undefined): Command {
  if (command === undefined) throw new Error('a pipeline has a first command');
  const errors = { kind: 'duplicate', descriptor: 2, from: 1 } as const;
  return { ...command, redirects: [...command.redirects, errors] };
}

function refuseParenthesis(at: number, words: number): never {
  if (words === 1)
    refuse(at, 'A function would change what later commands mean.', 'Type its commands themselves.');
  refuse(at, '`(` cannot stand here.', 'Put it in single quotes if the character itself is meant.');
}

function unexpected(token: Token): never {
  const advice = 'Look for what is missing in front of it, or put it in single quotes.';
  if (token.kind === 'word') refuse(token.at, `\`${token.word.text}\` cannot stand here.`, advice);
  if (token.kind === 'operator') refuse(token.at, `\`${token.text}\` cannot stand here.`, advice);
  if (token.kind === 'descriptor') refuse(token.at, `\`${token.number}\` cannot stand here.`, advice);
  refuse(token.at, 'A command is missing here.', 'Write one.');
}

import type { Node } from 'web-tree-sitter';
import type { ProgramRun, Redirection } from '../../../contract/command-facts.ts';
import { type AuditWord, auditWord, shortened } from './words.ts';

/** Nodes in each other that are looked at. */
const MAX_DEPTH = 200;

/** What a tree tells, as far as it goes. */
export type Collected = {
  readonly runs: ProgramRun[];
  readonly unknowns: Set<string>;
  /** Whether there may be more programs deeper down. */
  isTooDeep: boolean;
  background: boolean;
  /** The run of each command's node. */
  readonly runOf: Map<number, number>;
};

/** Redirections, and the node of the command that they belong to. */
type Late = { readonly to: number; readonly redirections: readonly Redirection[] };

/** Every program that stands anywhere in the tree, substitutions included, and what keeps it from being all. */
export function collect(root: Node): Collected {
  const found: Collected = {
    runs: [],
    unknowns: new Set(),
    isTooDeep: false,
    background: false,
    runOf: new Map(),
  };
  visit(root, [], [], 0, found);
  return found;
}

/** What a construct means beyond the commands in it. */
const unknownOf: Readonly<Record<string, string>> = {
  function_definition: 'defines a function, which changes what later commands mean.',
  for_statement: 'runs its commands as often as there are words.',
  c_style_for_statement: 'runs its commands as often as it computes.',
  while_statement: 'runs its commands as often as its condition holds.',
  case_statement: 'runs what fits a pattern.',
  variable_assignment: 'sets a variable that stays.',
  variable_assignments: 'sets variables that stay.',
  arithmetic_expansion: 'is computed by the shell.',
  postfix_expression: 'is computed by the shell.',
  binary_expression: 'is computed by the shell.',
  unary_expression: 'is computed by the shell.',
  subscript: 'is computed by the shell.',
  process_substitution: 'is a file that a command makes.',
};

function visit(
  node: Node,
  outer: readonly Redirection[],
  late: readonly Late[],
  depth: number,
  found: Collected,
): void {
  if (depth > MAX_DEPTH) {
    found.isTooDeep = true;
    return;
  }
  const beyond = unknownOf[node.type];
  if (beyond !== undefined) found.unknowns.add(`\`${shortened(node.text)}\` ${beyond}`);
  if (node.type === '&') found.background = true;
  const opened = [
    ...outer,
    ...late.filter(({ to }) => to === node.id).flatMap(({ redirections }) => redirections),
  ];
  if (/^(command|declaration_command|unset_command|test_command)$/.test(node.type)) {
    addCommand(node, opened, depth, found);
    return;
  }
  if (node.type === 'redirected_statement') {
    addRedirected(node, opened, late, depth, found);
    return;
  }
  for (const child of node.children) visit(child, opened, late, depth + 1, found);
}

function addRedirected(
  node: Node,
  opened: readonly Redirection[],
  late: readonly Late[],
  depth: number,
  found: Collected,
): void {
  const redirections = redirectionsOf(node, found);
  const body = node.childForFieldName('body');
  const target = body === null ? null : lastCommand(body);
  if (target === null) found.runs.push(runFrom([':'], [], [...opened, ...redirections], false));
  const all = target === null ? late : [...late, { to: target.id, redirections }];
  for (const child of node.children) visit(child, opened, all, depth + 1, found);
  addStrayWords(node, target === null ? undefined : found.runOf.get(target.id), found);
}

/** The grammar puts a redirection around the whole of `a && b > f`; it is the last command's. */
function lastCommand(body: Node): Node {
  const last = /^(list|pipeline|negated_command)$/.test(body.type) ? body.namedChildren.at(-1) : undefined;
  return last === undefined || last.id === body.id ? body : lastCommand(last);
}

function addCommand(node: Node, opened: readonly Redirection[], depth: number, found: Collected): void {
  const environment: { name: string; value: string }[] = [];
  const words: AuditWord[] = [];
  for (const child of node.children.filter(({ type }) => !/redirect$/.test(type))) {
    if (child.type === 'variable_assignment' && words.length === 0)
      environment.push(assignmentOf(child, found));
    else words.push(...wordsOf(child));
  }
  for (const { unknown } of words) if (unknown !== null) found.unknowns.add(unknown);
  const isOpen = words.slice(1).some(({ unknown }) => unknown !== null);
  const texts = words.map(({ text }) => text);
  found.runOf.set(node.id, found.runs.length);
  found.runs.push(runFrom(texts, environment, [...redirectionsOf(node, found), ...opened], isOpen));
  for (const child of node.children) visitInner(child, depth, found);
}

/** Within a command only substitutions run something. */
function visitInner(node: Node, depth: number, found: Collected): void {
  if (depth > MAX_DEPTH) {
    found.isTooDeep = true;
    return;
  }
  if (/^(command_substitution|process_substitution)$/.test(node.type)) {
    visit(node, [], [], depth + 1, found);
    return;
  }
  for (const child of node.children) visitInner(child, depth + 1, found);
}

function runFrom(
  words: readonly string[],
  environment: ProgramRun['environment'],
  redirections: readonly Redirection[],
  moreArguments: boolean,
): ProgramRun {
  const [program = ':', ...rest] = words;
  return { program, arguments: rest, moreArguments, environment, redirections: [...redirections], by: [] };
}

function assignmentOf(node: Node, found: Collected): { name: string; value: string } {
  const at = node.text.indexOf('=');
  const value = at + 1 < node.text.length ? auditWord(node.text.slice(at + 1)) : { text: '', unknown: null };
  if (value.unknown !== null) found.unknowns.add(value.unknown);
  return { name: node.text.slice(0, at), value: value.text };
}

/** A leaf is a word; the inside of `[ … ]` is taken apart into leaves. */
function wordsOf(node: Node): AuditWord[] {
  const isExpression = /_expression$/.test(node.type);
  return isExpression ? node.children.flatMap(wordsOf) : node.text === '' ? [] : [auditWord(node.text)];
}

const modes: Readonly<Record<string, Redirection['mode']>> = {
  '<': 'read',
  '>': 'write',
  '>|': 'write',
  '&>': 'write',
  '>&': 'write',
  '>>': 'append',
  '&>>': 'append',
  '<>': 'readWrite',
};

/** The files of `node`'s own redirections. */
function redirectionsOf(node: Node, found: Collected): Redirection[] {
  return node.children
    .filter(({ type }) => type === 'file_redirect')
    .flatMap((redirect) => {
      const operator = redirect.children.find(({ type }) => modes[type] !== undefined)?.type ?? '';
      const mode = modes[operator];
      const [destination] = redirect.childrenForFieldName('destination');
      if (mode === undefined || destination === undefined) return [];
      if (operator === '>&' && /^(\d+|-)$/.test(destination.text)) return [];
      const path = auditWord(destination.text);
      if (path.unknown !== null) found.unknowns.add(path.unknown);
      if (/^\/dev\/(tcp|udp)\//.test(path.text))
        found.unknowns.add(`\`${path.text}\` makes the shell open a connection.`);
      return [{ mode, path: path.text }];
    });
}

/** The grammar hangs words behind a redirection on it: the `a` of `x >f a`. They are arguments of the last command. */
function addStrayWords(node: Node, index: number | undefined, found: Collected): void {
  const run = index === undefined ? undefined : found.runs[index];
  const words = node.children
    .filter(({ type }) => /redirect$/.test(type))
    .flatMap((redirect) => [
      ...redirect.childrenForFieldName('destination').slice(1),
      ...redirect.childrenForFieldName('argument'),
    ])
    .map((word) => auditWord(word.text));
  if (words.length === 0) return;
  for (const { unknown } of words) if (unknown !== null) found.unknowns.add(unknown);
  const texts = words.map(({ text }) => text);
  if (index === undefined || run === undefined) {
    // Nothing but assignments stood before it: `a=1 >f x`.
    found.runs.push(
      runFrom(
        texts,
        [],
        [],
        words.slice(1).some(({ unknown }) => unknown !== null),
      ),
    );
    return;
  }
  const isOpen = run.moreArguments || words.some(({ unknown }) => unknown !== null);
  found.runs[index] = {
    ...run,
    arguments: [...run.arguments, ...texts],
    moreArguments: isOpen,
  };
}

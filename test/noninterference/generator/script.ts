import { encode, type FrontendMessage } from '../../../gateway/src/wire/postgres/index.ts';

/** Ways of asking that the report tells apart. */
export type Way =
  | 'simple'
  | 'several in one'
  | 'extended text'
  | 'extended binary'
  | 'named'
  | 'portal'
  | 'cursor'
  | 'copy'
  | 'prepare'
  | 'explain'
  | 'kept'
  | 'change'
  | 'session';

/** One exchange on both sides, up to its last ReadyForQuery; or what happens between two of them. */
export type Step =
  | { kind: 'ask'; way: Way; text: string; messages: Buffer; readies: number; statements: number }
  | { kind: 'policy'; variant: number }
  /** Somebody else changes a definition, past the gateway. */
  | { kind: 'others'; text: string };

export type Script = readonly Step[];

/** A simple Query; `statements` of it count. */
export function simple(text: string, way: Way = 'simple', statements = 1): Step {
  return { kind: 'ask', way, text, messages: encode({ type: 'query', query: text }), readies: 1, statements };
}

/** What only holds others together: BEGIN, ROLLBACK, SAVEPOINT. It is compared, and does not count. */
export function frame(text: string): Step {
  return simple(text, 'session', 0);
}

function extended(way: Way, text: string, messages: readonly FrontendMessage[], statements = 1): Step {
  return { kind: 'ask', way, text, messages: Buffer.concat(messages.map(encode)), readies: 1, statements };
}

const SYNC: FrontendMessage = { type: 'sync' };
const bytesOf = (values: readonly string[]) => values.map((value) => Buffer.from(value));

function bind(
  statement: string,
  portal: string,
  parameters: readonly string[],
  isBinary: boolean,
): FrontendMessage {
  return {
    type: 'bind',
    portal,
    statement,
    parameterFormats: [],
    parameters: bytesOf(parameters),
    resultFormats: isBinary ? [1] : [],
  };
}

const execute = (portal: string, maxRows: number): FrontendMessage => ({ type: 'execute', portal, maxRows });
const describePortal = (name: string): FrontendMessage => ({ type: 'describe', object: 'portal', name });
const describeStatement = (name: string): FrontendMessage => ({
  type: 'describe',
  object: 'statement',
  name,
});
const parse = (statement: string, query: string): FrontendMessage => ({
  type: 'parse',
  statement,
  query,
  parameterTypes: [],
});

/** Parse, Bind, Describe, Execute and Sync in one go. */
export function unnamed(text: string, parameters: readonly string[], isBinary: boolean): Step {
  const way = isBinary ? 'extended binary' : 'extended text';
  return extended(way, text, [
    parse('', text),
    bind('', '', parameters, isBinary),
    describePortal(''),
    execute('', 0),
    SYNC,
  ]);
}

/** A portal that is fetched from a few rows at a time. */
export function portal(text: string, parameters: readonly string[], rows: readonly number[]): Step {
  return extended('portal', text, [
    parse('', text),
    bind('', 'p', parameters, false),
    describePortal('p'),
    ...rows.map((count) => execute('p', count)),
    { type: 'close', object: 'portal', name: 'p' },
    SYNC,
  ]);
}

export function prepareNamed(name: string, text: string): Step {
  return extended('named', text, [parse(name, text), describeStatement(name), SYNC], 0);
}

export function executeNamed(
  name: string,
  text: string,
  parameters: readonly string[],
  isBinary: boolean,
): Step {
  return extended('named', text, [bind(name, '', parameters, isBinary), execute('', 0), SYNC]);
}

export function closeNamed(name: string): Step {
  return extended('named', `close ${name}`, [{ type: 'close', object: 'statement', name }, SYNC], 0);
}

/** COPY … FROM STDIN with its data. */
export function copyIn(text: string, data: string): Step {
  const messages: FrontendMessage[] = [
    { type: 'query', query: text },
    { type: 'copyData', data: Buffer.from(data) },
    { type: 'copyDone' },
  ];
  return {
    kind: 'ask',
    way: 'copy',
    text,
    messages: Buffer.concat(messages.map(encode)),
    readies: 1,
    statements: 1,
  };
}

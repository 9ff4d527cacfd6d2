import type { FrontendMessage } from '../../../gateway/src/wire/postgres/index.ts';
import type { Attack, Message, Step } from '../attack.ts';
import type { WireSession } from './session.ts';

/** The ways of asking one thing. */
export const WAYS = ['simple', 'extended', 'binary', 'cursor', 'copy'] as const;
export type Way = (typeof WAYS)[number];

const QUERY = /^\s*(?:select|values|table|with)\b/i;
const RETURNING = /^\s*(?:insert|update|delete|merge)\b.*\breturning\b/is;
const INTO = /\binto\b/i;

/** Whether asking an attack in this way differs from asking it simply. */
export function applies(way: Way, { steps }: Attack): boolean {
  if (way === 'simple') return true;
  const texts = steps.filter((step) => typeof step === 'string');
  switch (way) {
    case 'cursor':
      return texts.some(isQuery);
    case 'copy':
      return texts.some((text) => isQuery(text) || isReturning(text));
    default:
      return texts.length > 0;
  }
}

/** Takes one step of an attack. What the owner does is `owner`. */
export async function take(
  session: WireSession,
  step: Step,
  way: Way,
  owner: (sql: string) => Promise<void>,
): Promise<void> {
  if (typeof step === 'string') return askIn(session, step, way);
  if ('owner' in step) return owner(step.owner);
  if ('as_is' in step) return session.query(step.as_is);
  if ('copyIn' in step) return session.query(step.copyIn, step.data);
  return session.ask([...step.messages.map(messageOf), { type: 'sync' }], 1);
}

async function askIn(session: WireSession, text: string, way: Way): Promise<void> {
  switch (way) {
    case 'extended':
      return session.ask(extended(text, false), 1);
    case 'binary':
      return session.ask(extended(text, true), 1);
    case 'cursor':
      return isQuery(text) && session.status !== 'E' ? byCursor(session, text) : session.query(text);
    case 'copy':
      return isQuery(text) || isReturning(text)
        ? session.query(`COPY (${text}\n) TO STDOUT`)
        : session.query(text);
    default:
      return session.query(text);
  }
}

function extended(text: string, binary: boolean): FrontendMessage[] {
  return [
    { type: 'parse', statement: '', query: text, parameterTypes: [] },
    { type: 'describe', object: 'statement', name: '' },
    ...run('', binary),
    { type: 'sync' },
  ];
}

function run(portal: string, binary: boolean, maxRows = 0): FrontendMessage[] {
  return [
    {
      type: 'bind',
      portal,
      statement: '',
      parameterFormats: [],
      parameters: [],
      resultFormats: binary ? [1] : [],
    },
    { type: 'describe', object: 'portal', name: portal },
    { type: 'execute', portal, maxRows },
  ];
}

/** By DECLARE and FETCH, and then by a portal that gives a few rows at a time. */
async function byCursor(session: WireSession, text: string): Promise<void> {
  const own = session.status === 'I';
  if (own) await session.query('BEGIN');
  await session.query(`DECLARE corpus_cursor CURSOR FOR ${text}`);
  await session.query('FETCH 2 FROM corpus_cursor');
  await session.query('FETCH ALL FROM corpus_cursor');
  await session.query('CLOSE corpus_cursor');
  await session.ask(
    [
      { type: 'parse', statement: '', query: text, parameterTypes: [] },
      ...run('corpus_portal', false, 2),
      { type: 'execute', portal: 'corpus_portal', maxRows: 0 },
      { type: 'close', object: 'portal', name: 'corpus_portal' },
      { type: 'sync' },
    ],
    1,
  );
  if (own) await session.query('COMMIT');
}

function messageOf(message: Message): FrontendMessage {
  if ('parse' in message) {
    const { parse: query, as: statement = '', types = [] } = message;
    return { type: 'parse', statement, query, parameterTypes: [...types] };
  }
  if ('bind' in message) {
    const { bind: statement, portal = '', values = [], binary = false } = message;
    const parameters = values.map((value) => (value === null ? null : Buffer.from(value)));
    return {
      type: 'bind',
      portal,
      statement,
      parameterFormats: [],
      parameters,
      resultFormats: binary ? [1] : [],
    };
  }
  if ('describe' in message) return { type: 'describe', object: message.describe, name: message.name ?? '' };
  return { type: 'execute', portal: message.execute, maxRows: message.maxRows ?? 0 };
}

const isQuery = (text: string) => QUERY.test(text) && !text.includes(';') && !INTO.test(text);
const isReturning = (text: string) => RETURNING.test(text) && !text.includes(';');

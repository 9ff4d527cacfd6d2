import type { Facts } from '../../contract/facts.ts';
import type { HostUse } from '../../contract/host-facts.ts';
import type { Action, Enforce } from '../core/flow/govern.ts';
import type { Session } from '../core/flow/session.ts';
import type { TestDeed } from '../core/policy/expectations/schema.ts';
import { decidable } from '../proxies/ssh/action.ts';
import type { ReadLine } from '../proxies/ssh/shell/read-line.ts';
import type { SqlEngine } from '../sql/engine.ts';
import type { DescribedWorld } from './described-target.ts';
import { enforcedSql } from './enforced-sql.ts';

/** What an expectation is about, as the flow takes it. */
export type Asked = { action: Action; enforce: Enforce<unknown> };

/** A statement, or why it is none that can be asked about. */
export async function askedSql(
  text: string,
  session: Session,
  world: DescribedWorld,
  engine: SqlEngine,
): Promise<Asked | { problem: string }> {
  const analysis = await engine.analyse({ ...world, text });
  if (analysis.kind === 'unparsed') return unread(session, text, analysis.message);
  const [statement, second] = analysis.statements;
  if (statement === undefined || second !== undefined) {
    return { problem: `one statement stands here, and there are ${analysis.statements.length}` };
  }
  const { facts, touched, through } = statement;
  return {
    action: { ...base(session, text, facts), columns: touched, through },
    enforce: enforcedSql(engine, world, statement),
  };
}

/** A line of shell, as a terminal of the host reads it. */
export function askedLine(
  line: string,
  read: ReadLine,
  session: Session,
  place: { account: string; folder: string },
): Asked {
  return decidable(line, read(line), { session, ...place });
}

/** Anything else that is done with a host. */
export function askedDeed(deed: TestDeed, session: Session, account: string): Asked {
  const uses = Object.entries(deed).map(([kind, what]) => useOf(kind as keyof TestDeed, String(what)));
  const readOnly = uses.every(({ kind }) => kind === 'readFile' || kind === 'listFiles');
  return askedFacts({ protocol: 'ssh', account, uses, readOnly, unknowns: [] }, session);
}

/** Facts as they stand in a record. */
export function askedFacts(facts: Facts, session: Session): Asked {
  const columns = facts.protocol === 'sql' ? [...facts.disclosed, ...facts.conditions] : [];
  const action = { ...base(session, '', facts), columns, through: [] };
  return { action, enforce: async () => ({ kind: 'enforced', payload: null }) };
}

function useOf(kind: keyof TestDeed, what: string): HostUse {
  if (kind === 'agent' || kind === 'terminal') return { kind };
  if (kind !== 'forward' && kind !== 'remoteForward') return { kind, path: what };
  const colon = what.lastIndexOf(':');
  return { kind, host: what.slice(0, colon), port: Number(what.slice(colon + 1)) };
}

function base(session: Session, statement: string, facts: Facts): Omit<Action, 'columns' | 'through'> {
  return { session, statement, facts, unparsed: null, planKey: '' };
}

function unread(session: Session, statement: string, why: string): Asked {
  return {
    action: { session, statement, facts: null, unparsed: why, columns: [], through: [], planKey: '' },
    enforce: async () => ({ kind: 'refused', why, next: '' }),
  };
}

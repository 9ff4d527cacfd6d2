import type { Decision } from '../../contract/decision.ts';
import { makePlan } from '../core/flow/govern.ts';
import type { Session } from '../core/flow/session.ts';
import { newSessionId } from '../core/flow/session-id.ts';
import { type Difference, differences } from '../core/policy/expectations/compare.ts';
import type { Problem } from '../core/policy/language/problem.ts';
import type { Policy } from '../core/policy/policy.ts';
import { type ReadLine, readingAll, readStrictly } from '../proxies/ssh/shell/read-line.ts';
import { type BashGrammar, loadBashGrammar } from '../shell/audit/grammar.ts';
import type { SqlEngine } from '../sql/engine.ts';
import { type Asked, askedDeed, askedFacts, askedLine, askedSql } from './actions.ts';
import type { Case } from './cases.ts';
import { type DescribedWorld, learnDescribed } from './described-target.ts';

/** What came of one expectation. `differences` is empty where it was met. */
export type Result =
  | { kind: 'decided'; case: Case; decision: Decision; differences: Difference[] }
  /** It can't be asked about. */
  | { kind: 'invalid'; problem: Problem };

/** Asks a policy what its expectations say, by the parser, the facts and the flow of run time. Nothing runs. */
export async function runTests(
  cases: readonly Case[],
  policy: Policy,
  engine: SqlEngine,
  now: Date,
): Promise<Result[]> {
  const worlds = new Map<Case['target'], Promise<DescribedWorld>>();
  const worldOf = ({ target, described }: Case): Promise<DescribedWorld> => {
    const known = worlds.get(target) ?? learnDescribed(engine, target, described, policy);
    worlds.set(target, known);
    return known;
  };
  return Promise.all(cases.map((one) => runOne(one, policy, engine, worldOf, now)));
}

async function runOne(
  one: Case,
  policy: Policy,
  engine: SqlEngine,
  worldOf: (one: Case) => Promise<DescribedWorld>,
  now: Date,
): Promise<Result> {
  const asked = await askedOf(one, engine, worldOf);
  if ('problem' in asked) return { kind: 'invalid', problem: one.at(asked.problem) };
  const { expectation, principal } = one;
  const at = expectation.at === undefined ? now : new Date(expectation.at);
  const { plan } = await makePlan(asked.action, principal, policy, asked.enforce, at);
  const { decision } = plan;
  return { kind: 'decided', case: one, decision, differences: differences(expectation.expect, decision) };
}

async function askedOf(
  one: Case,
  engine: SqlEngine,
  worldOf: (one: Case) => Promise<DescribedWorld>,
): Promise<Asked | { problem: string }> {
  const { expectation, described } = one;
  const session = sessionOf(one);
  const account = expectation.as ?? described.accounts?.[0] ?? 'root';
  if (expectation.sql !== undefined) return askedSql(expectation.sql, session, await worldOf(one), engine);
  if (expectation.run !== undefined) {
    const place = { account, folder: expectation.folder ?? `/home/${account}` };
    return askedLine(expectation.run, await readerOf(described.shell), session, place);
  }
  if (expectation.does !== undefined) return askedDeed(expectation.does, session, account);
  if (expectation.facts !== undefined) return askedFacts(expectation.facts, session);
  return { problem: 'it says nothing that is done' };
}

let grammar: Promise<BashGrammar> | null = null;

/** What strict mode reads needs no grammar, which takes a while to load. */
async function readerOf(shell: 'strict' | 'audit' = 'strict'): Promise<ReadLine> {
  if (shell === 'strict') return readStrictly;
  grammar ??= loadBashGrammar();
  return readingAll(await grammar);
}

function sessionOf({ principal, target, expectation }: Case): Session {
  return {
    id: newSessionId(),
    surface: 'editor',
    principal: { current: () => principal, onRevoked: () => () => undefined },
    target,
    network: expectation.network ?? 'editor',
  };
}

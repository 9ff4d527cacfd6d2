import type { ColumnMask, CountedRule, Decision, MaskMethod } from '../../../contract/decision.ts';
import type { ColumnRef, RelationRef, SqlFacts, StatementKind, ThroughRef } from '../../../contract/facts.ts';
import type { HostFacts } from '../../../contract/host-facts.ts';
import type { PolicyVersion } from '../../../contract/ids.ts';
import type { Access, ToldRule } from '../../../contract/policy-access.ts';
import type { Principal } from '../../../contract/principal.ts';
import type { Target } from '../../../contract/target.ts';
import type { AccessPlace } from './access/access.ts';
import type { AskedSubject } from './access/concern.ts';

/** Who asks, where and when. */
export type Circumstances = {
  principal: Principal;
  target: Target;
  at: Date;
  /** The client's address, or "editor". */
  network: string;
};

export type SqlQuestion = Circumstances & {
  facts: SqlFacts;
  /** Columns of the relations that the statement touches, so that tags and patterns can be matched. */
  columns: ReadonlyArray<{ schema: string; relation: string; column: string }>;
  /** What it works on without naming it: rules that block or ask are about that too. */
  through: readonly ThroughRef[];
};

export type HostQuestion = Circumstances & { facts: HostFacts };

/** Everything a decision may depend on. A decision is a function of this and the policy alone. */
export type Question = SqlQuestion | HostQuestion;

export function isAboutHost(question: Question): question is HostQuestion {
  return question.facts.protocol === 'ssh';
}

export type Ruling = {
  decision: Decision;
  /** False when a condition read the clock: such a decision is not cached. */
  cacheable: boolean;
};

/** What the rules can mean for one relation, whoever acts. */
export type RelationReach = {
  /** For each column that some rule masks for somebody: every method that a rule names. */
  masks: ReadonlyMap<string, readonly MaskMethod[]>;
  /** What some rule lets somebody do, at once or once it is approved. */
  doing: ReadonlySet<StatementKind>;
};

/** What records of a target keep. `maxRows`, `maxBytes`: of one answer; 0 keeps none of it. */
export type Recording = {
  maxRows: number;
  maxBytes: number;
  /** Constants of statements, and parameters. */
  constants: 'keep' | 'hide';
};

/** One activated policy: compiled, immutable. */
export interface Policy {
  readonly version: PolicyVersion;
  decide(question: Question): Ruling;
  /** This policy with its rules on trial (`dryRun`) in force. */
  onTrial(): Policy;
  /** The masks this principal would see on a relation's columns, for badges in the explorer. */
  masksOn(
    principal: Principal,
    target: Target,
    relation: RelationRef,
    columns: readonly string[],
    at: Date,
  ): Array<{ mask: ColumnMask; rule: CountedRule }>;
  /** What the rules can mean for a relation, whoever acts: what a prepared target is made for. */
  reachOf(target: Target, relation: RelationRef, columns: readonly string[]): RelationReach;
  /** Ids of rules that name tables or columns to keep something in, and are about none of these, which a target has. */
  rulesKeepingNothing(target: Target, columns: readonly ColumnRef[]): readonly string[];
  /** Whether any rule lets this principal do anything on the target: decides what the explorer lists. */
  mayUse(principal: Principal, target: Target): boolean;
  /** Groups that somebody may approve for: their own, and those that were delegated to them for this moment. */
  groupsToApprove(principal: Principal, at: Date): readonly string[];
  /** Functions that the policy declares reviewed on this target: `schema.name`. */
  reviewedFunctions(target: Target): ReadonlySet<string>;
  /** What records of this target keep of answers and statements. */
  recordingFor(target: Target): Recording;
  /** Every group that rules name. */
  groups(): readonly string[];
  /** What somebody may do with columns of a relation, and why. */
  accessOf(target: Target, place: AccessPlace, subject: AskedSubject): Access;
  /** Every rule on a target that is about somebody, or may be. */
  rulesFor(target: Target, subject: AskedSubject): ToldRule[];
}

/** The policy in force. A candidate that does not compile is never activated; the last good one stays. */
export interface PolicyInForce {
  current(): Policy;
  onChange(listener: (policy: Policy) => void): () => void;
}

import type { Ask } from '../../../../contract/ask.ts';
import type { CountedRule, MaskMethod } from '../../../../contract/decision.ts';
import type { OwnPattern } from '../../detectors/own-pattern.ts';
import type { Rule } from '../language/schema.ts';
import { parseFilter } from '../rows/parse.ts';
import type { Filter } from '../rows/tree.ts';
import { compileAsk, compileUnmask } from './ask.ts';
import type { Condition } from './condition.ts';
import { type CompiledDetect, compileDetect } from './detect.ts';
import { compileDoing, type Deed } from './doing.ts';
import { type CompiledOn, compileOn } from './on.ts';
import { type Concerns, compileWho } from './who.ts';

type Common = {
  /** As it stands in the policy. */
  source: Rule;
  counted: CountedRule;
  concerns: Concerns;
  on: CompiledOn;
  condition: Condition | null;
};

type AboutActions = Common & { about: 'actions'; doing: (deed: Deed) => boolean };

/** A rule that asks for approval before a statement runs. */
export type AskingRule = AboutActions & { outcome: 'approve'; ask: Ask };

/** A rule about what statements do: it allows, blocks or asks. */
export type ActionRule = (AboutActions & { outcome: 'allow' | 'block' }) | AskingRule;

/** A rule about how columns look to those it concerns. */
export type MaskRule = Common & {
  about: 'columns';
  mask: MaskMethod;
  lookup: 'exact' | null;
  /** Who may agree to lift it; null when nobody may. */
  unmask: Ask | null;
};

/** A rule about which rows are there for those it concerns. */
export type RowRule = Common & { about: 'rows'; filter: Filter };

/** A rule about what is looked for in values that leave. */
export type DetectRule = Common & { about: 'values'; detect: CompiledDetect };

export type CompiledRule = ActionRule | MaskRule | RowRule | DetectRule;

/** What is wrong with a rule's row filter; null when nothing is, or when it has none. */
export function filterProblem({ then }: Rule): string | null {
  const parsed = typeof then === 'object' && 'rows' in then ? parseFilter(then.rows) : null;
  return parsed !== null && 'problem' in parsed ? parsed.problem : null;
}

/** Compiles one rule; its condition was compiled before, where a problem could still be told. */
export function compileRule(
  rule: Rule,
  condition: Condition | null,
  patterns: ReadonlyMap<string, OwnPattern>,
): CompiledRule {
  const concerns = compileWho(rule.who, rule.except);
  const on = compileOn(rule.on);
  const counted = (outcome: CountedRule['outcome']): CountedRule => ({
    id: rule.id,
    outcome,
    owner: rule.owner,
    because: rule.because,
  });
  const { then } = rule;
  if (typeof then === 'object' && 'mask' in then) {
    return {
      about: 'columns',
      source: rule,
      counted: counted('mask'),
      concerns,
      on,
      condition,
      mask: then.mask,
      lookup: then.lookup ?? null,
      unmask: then.unmask === undefined ? null : compileUnmask(rule.id, then.unmask),
    };
  }
  if (typeof then === 'object' && 'rows' in then) {
    const parsed = parseFilter(then.rows);
    // Whoever compiles a policy has asked `filterProblem` before.
    if ('problem' in parsed) throw new Error(parsed.problem);
    return {
      about: 'rows',
      source: rule,
      counted: counted('mask'),
      concerns,
      on,
      condition,
      filter: parsed.filter,
    };
  }
  if (typeof then === 'object' && 'detect' in then) {
    const detect = compileDetect(then, patterns);
    return { about: 'values', source: rule, counted: counted('mask'), concerns, on, condition, detect };
  }
  const about = {
    about: 'actions',
    source: rule,
    counted: counted(typeof then === 'object' ? 'approve' : then),
    concerns,
    on,
    condition,
    doing: compileDoing(rule.doing ?? 'anything'),
  } as const;
  if (typeof then !== 'object') return { ...about, outcome: then };
  return { ...about, outcome: 'approve', ask: compileAsk(rule.id, then.approve) };
}

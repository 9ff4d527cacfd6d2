import type { MaskMethod } from '../../../../contract/decision.ts';
import { type RelationRef, StatementKind } from '../../../../contract/facts.ts';
import type { ActionRule } from '../compile/rule.ts';
import type { TargetRules } from '../compile/target-rules.ts';
import type { RelationReach } from '../policy.ts';

/** What the rules can mean for one relation, whoever acts, whenever, from wherever: conditions count as holding. */
export function reachOfAnybody(
  relation: RelationRef,
  columns: readonly string[],
  rules: TargetRules,
): RelationReach {
  const refs = columns.map((column) => ({ schema: relation.schema, relation: relation.relation, column }));
  const masks = new Map<string, MaskMethod[]>();
  for (const ref of refs) {
    const methods = rules.masksAbout(ref).map(({ mask }) => mask);
    if (methods.length > 0) masks.set(ref.column, methods);
  }
  const opens = (rule: ActionRule, kind: StatementKind) =>
    rule.outcome !== 'block' &&
    rule.doing({ kind }) &&
    (rule.on.relation?.(relation) ?? true) &&
    (rule.on.column === null || refs.some((ref) => rule.on.column?.(ref, rules.tagsOf(ref))));
  const doing = StatementKind.options.filter((kind) => rules.actions.some((rule) => opens(rule, kind)));
  return { masks, doing: new Set(doing) };
}

import type { Decision } from '../../../../contract/decision.ts';
import type { MaskReason, VerdictColumn } from '../../../../contract/verdict.ts';
import type { OutputColumn } from '../../../sql/engine.ts';

/** Why each result column is masked, by its lineage; null for a column that comes as it is. */
export function maskedColumns(
  outputs: readonly OutputColumn[] | null,
  decision: Decision,
): VerdictColumn[] | null {
  return outputs?.map((output) => ({ name: output.name, masked: maskReason(output, decision) })) ?? null;
}

/** The first mask among a column's sources explains it; all masked sources are named. */
export function maskReason(output: OutputColumn, decision: Decision): MaskReason | null {
  const masked = output.sources.flatMap((source) => {
    const mask = decision.masks.find(
      ({ column }) =>
        column.schema === source.schema &&
        column.relation === source.relation &&
        column.column === source.column,
    );
    return mask === undefined ? [] : [mask];
  });
  const [first] = masked;
  if (first === undefined) return null;
  const rule = decision.rules.find(({ id }) => id === first.rule);
  return {
    rule: first.rule,
    owner: rule?.owner ?? '',
    because: rule?.because ?? '',
    mask: first.mask,
    sources: masked.map(({ column }) => column),
  };
}

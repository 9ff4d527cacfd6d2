import { approversInWords } from '../../../../contract/ask.ts';
import type { ColumnMask, Decision } from '../../../../contract/decision.ts';
import type { DetectReason, MaskReason, VerdictColumn } from '../../../../contract/verdict.ts';
import { BUILT_IN } from '../../../core/detectors/built-in/built-in.ts';
import { DETECTORS } from '../../../core/detectors/detector.ts';
import type { OutputColumn } from '../../../sql/engine.ts';
import { pathWords } from '../../../sql/lineage-words.ts';
import { appliesTo } from '../detected/detection.ts';

/** Why each result column is masked, by its lineage; null for a column that comes as it is. */
export function maskedColumns(
  outputs: readonly OutputColumn[] | null,
  decision: Decision,
): VerdictColumn[] | null {
  return outputs?.map((output) => verdictColumn(output, decision)) ?? null;
}

export function verdictColumn(output: OutputColumn, decision: Decision): VerdictColumn {
  const detectors = detectReasons(output, decision);
  const masked = maskReason(output, decision);
  return { name: output.name, masked, ...(detectors.length === 0 ? {} : { detectors }) };
}

function pathOf(masked: ReadonlyArray<{ path: string }>): Pick<MaskReason, 'path'> {
  const path = masked.at(-1)?.path ?? '';
  return path === '' ? {} : { path };
}

const STARS = '****';

function labelsOf(name: string): string[] {
  return DETECTORS.filter((known) => known === name).flatMap((known) =>
    BUILT_IN[known].map(({ label }) => `[${label}]`),
  );
}

/** What is looked for in a result column's values, and whose rules they are. */
function detectReasons(output: OutputColumn, { detections = [], rules }: Decision): DetectReason[] {
  return detections
    .filter((detection) => appliesTo(detection, output))
    .map(({ rule, detect, patterns, replace }) => {
      const counted = rules.find(({ id }) => id === rule);
      const labels = [...detect.flatMap(labelsOf), ...patterns.map(({ name }) => `[${name}]`)];
      const marks = replace === 'label' ? [...new Set(labels)] : [STARS];
      return { rule, owner: counted?.owner ?? '', because: counted?.because ?? '', detect, replace, marks };
    });
}

/** Who may agree to lift all masks of a result column; nothing when one of them stays. */
export function unmaskWords(masks: ReadonlyArray<Pick<ColumnMask, 'unmask'>>): Pick<MaskReason, 'unmask'> {
  const asks = masks.flatMap(({ unmask = [] }) => unmask);
  const isClosed = asks.length === 0 || masks.some(({ unmask }) => unmask === undefined);
  return isClosed ? {} : { unmask: approversInWords(asks) };
}

/** The first mask among a column's sources explains it; all masked sources are named. */
export function maskReason(output: OutputColumn, decision: Decision): MaskReason | null {
  const masked = output.origins.flatMap((source) => {
    const mask = decision.masks.find(
      ({ column }) =>
        column.schema === source.schema &&
        column.relation === source.relation &&
        column.column === source.column,
    );
    return mask === undefined ? [] : [{ ...mask, path: pathWords(output, source) }];
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
    // The farthest: what a view shows says more than the view.
    ...pathOf(masked),
    ...unmaskWords(masked),
  };
}

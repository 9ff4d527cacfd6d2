import type { Node } from 'libpg-query';
import type { Relation } from '../catalogue/catalogue.ts';
import type { Findings } from '../facts/findings.ts';
import type { FromItem, Range } from '../facts/scope.ts';
import { quoted } from '../masks/type-name.ts';
import { bodyOf } from '../parse/node.ts';
import type { Token } from '../parse/parser.ts';
import { itemsOf, targetExtent } from './select-item.ts';
import type { Plan } from './splice.ts';

/**
 * Where the system columns of a masked relation are used, its masking subquery has them as columns, and `*` and `t.*`
 * would show them: they are written out as the columns that they stand for.
 */
export function planStars(
  plan: Plan,
  { starLists, systemColumns }: Findings,
  replaced: ReadonlySet<Relation>,
  tokens: readonly Token[],
  offset: (byte: number) => number,
): string | null {
  const isWidened = ({ relation }: Range) =>
    relation !== null && replaced.has(relation) && systemColumns.has(relation);
  for (const { select, items } of starLists) {
    const ranges = items.flatMap((item) => item.ranges);
    if (!ranges.some(isWidened)) continue;
    let isChanged = false;
    const list: Node[] = [];
    for (const node of select.targetList ?? []) {
      const target = bodyOf(node, 'ResTarget');
      const fields = bodyOf(target?.val, 'ColumnRef')?.fields ?? [];
      const isStar = bodyOf(fields.at(-1), 'A_Star') !== undefined;
      const text = isStar ? written(fields, items, isWidened) : null;
      if (target === undefined || text === null) {
        if (isStar) return STAR;
        list.push(node);
        continue;
      }
      const at = targetExtent(target, tokens, offset);
      if (at === null) return STAR;
      plan.edits.push({ ...at, text });
      list.push(...itemsOf(text));
      isChanged = true;
    }
    if (isChanged)
      plan.becomes.set(select, { ...(plan.becomes.get(select) ?? select), targetList: list } as object);
  }
  return null;
}

const STAR = 'Refused, because what * stands for beside a system column can not be written out.';

function written(
  fields: readonly Node[],
  items: readonly FromItem[],
  isWidened: (range: Range) => boolean,
): string | null {
  const columnsOf = ({ alias, columns }: Range) =>
    columns.map(({ name }) => `${quoted(alias)}.${quoted(name)}`).join(', ');
  if (fields.length > 1) {
    const alias = bodyOf(fields.at(-2), 'String')?.sval;
    const range = items.flatMap((item) => item.ranges).find((one) => one.alias === alias);
    if (range === undefined || alias === undefined) return null;
    return isWidened(range) ? columnsOf(range) : `${quoted(alias)}.*`;
  }
  const parts = items.flatMap((item) => {
    const count = item.ranges.reduce((sum, range) => sum + range.columns.length, 0);
    // Columns merged by USING stand in no range as they are shown.
    if (item.ranges.length === 0 || item.rest !== null || count !== item.columns.length) return [null];
    return item.ranges.map((range) => (isWidened(range) ? columnsOf(range) : `${quoted(range.alias)}.*`));
  });
  return parts.includes(null) ? null : parts.join(', ');
}

import type { Snapshot } from '../../../sql/postgres/catalogue/snapshot.ts';
import {
  MASKING_SCHEMA,
  maskingViewName,
  openColumn,
  systemColumn,
} from '../../../sql/postgres/prepare/names.ts';

/** The relation that a masking view stands for, and which of its attributes each open column is. */
export type ViewOrigins = { relation: number; attributes: ReadonlyMap<number, number> };

/** pg_attribute.attnum of system columns (access/sysattr.h). */
const SYSTEM_ATTRIBUTES = { ctid: -1, xmin: -2, tableoid: -6 };

/** The origins of all masking views, by OID; empty where a target isn't prepared. */
export function originsOfMaskingViews({ relations, maskingViews }: Snapshot): Map<number, ViewOrigins> {
  const origins = new Map<number, ViewOrigins>();
  if (maskingViews.length === 0) return origins;
  const views = relations.filter(({ schema, kind }) => schema === MASKING_SCHEMA && kind === 'v');
  const byName = new Map(views.map((view) => [view.name, view]));
  for (const relation of relations) {
    for (const only of [false, true]) {
      const view = byName.get(maskingViewName(relation, only));
      if (view === undefined || relation.schema === MASKING_SCHEMA) continue;
      const numbers = new Map(
        Object.entries(SYSTEM_ATTRIBUTES).map(([name, at]) => [systemColumn(name), at]),
      );
      for (const column of relation.columns) numbers.set(openColumn(column.name), column.number);
      const attributes = view.columns.flatMap(({ name, number }) => {
        const own = numbers.get(name);
        return own === undefined ? [] : [[number, own] as const];
      });
      origins.set(view.oid, { relation: relation.oid, attributes: new Map(attributes) });
    }
  }
  return origins;
}

/** A layer that a test takes out of its own build of the gateway, to see that it is missed. */
export type Hole = {
  name: string;
  /** Modules under gateway/src, and what of `holes/` stands in for them. */
  modules: ReadonlyArray<{ replaces: string; by: string }>;
};

const REWRITE = 'sql/postgres/rewrite/rewrite.ts';
const REFUSALS = 'sql/postgres/rewrite/refusals.ts';
const MASKS = 'sql/postgres/masks/expression.ts';
const ROW_REFUSALS = 'sql/postgres/rows/row-refusals.ts';
const CATALOGUE = 'sql/postgres/catalogue/catalogue.ts';
const hole = (name: string, replaces: string): Hole => ({ name, modules: [{ replaces, by: `${name}.ts` }] });

export const HOLES: readonly Hole[] = [
  hole('rewrite-subqueries', REWRITE),
  hole('rewrite-copy', REWRITE),
  hole('rewrite-cursors', REWRITE),
  hole('rewrite-prepared', REWRITE),
  hole('masks-one-type', MASKS),
  hole('masks-length', MASKS),
  hole('views', 'sql/postgres/facts/view.ts'),
  hole('names-in-reach', 'sql/postgres/facts/column.ts'),
  hole('generated', 'sql/postgres/facts/generated.ts'),
  hole('inheritance', CATALOGUE),
  hole('refusals-explain', REFUSALS),
  hole('refusals-target-reads', REFUSALS),
  hole('refusals-inference', REFUSALS),
  hole('refusals-definitions', REFUSALS),
  hole('refusals-system-columns', REFUSALS),
  hole('refusals-row-policies', REFUSALS),
  hole('refusals-partitions', REFUSALS),
  hole('refusals-view-conditions', REFUSALS),
  hole('row-order', 'sql/postgres/rewrite/row-order.ts'),
  hole('refusals-opaque', REFUSALS),
  hole('functions', 'sql/postgres/facts/allowed/functions.ts'),
  hole('reviewed-functions', 'sql/postgres/facts/names.ts'),
  hole('rules', CATALOGUE),
  hole('relations', 'sql/postgres/facts/allowed/relations.ts'),
  hole('hidden-columns', 'sql/postgres/facts/allowed/relations.ts'),
  hole('settings', 'sql/postgres/facts/allowed/settings.ts'),
  hole('error-filter', 'proxies/postgres/session/error-filter.ts'),
  hole('stale-catalogue', 'proxies/postgres/catalogue/keeper.ts'),
  hole('row-filters', 'sql/postgres/rows/effective-rows.ts'),
  hole('row-barrier', 'sql/postgres/rewrite/masking-relation.ts'),
  hole('row-guard', 'sql/postgres/rows/guarded-write.ts'),
  hole('rows-told-by-keys', ROW_REFUSALS),
  hole('rows-told-by-policies', ROW_REFUSALS),
  hole('rows-told-by-deletes', ROW_REFUSALS),
  hole('view-names', 'sql/postgres/rewrite/view-text.ts'),
  hole('stale-names', 'proxies/postgres/session/state.ts'),
  // The witness stands behind the rewriting: alone it is not missed.
  {
    name: 'witness',
    modules: [
      { replaces: REWRITE, by: 'rewrite-plain.ts' },
      { replaces: 'proxies/postgres/session/witness.ts', by: 'witness.ts' },
    ],
  },
];

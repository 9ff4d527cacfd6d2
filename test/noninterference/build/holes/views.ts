import { viewFlow as whole } from '../../../../gateway/src/sql/postgres/facts/view.ts';

export * from '../../../../gateway/src/sql/postgres/facts/view.ts';

/** Nobody knows where a view's columns come from. */
export const viewFlow: typeof whole = (...view) => {
  const flow = whole(...view);
  return {
    ...flow,
    columns: flow.columns.map((column) => ({ ...column, sources: new Set(), copyOf: null })),
  };
};

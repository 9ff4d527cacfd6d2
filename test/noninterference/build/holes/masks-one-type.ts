import { maskExpression as whole } from '../../../../gateway/src/sql/postgres/masks/expression.ts';
import { quoted } from '../../../../gateway/src/sql/postgres/masks/type-name.ts';

export * from '../../../../gateway/src/sql/postgres/masks/expression.ts';

/** One type has no mask. */
export const maskExpression: typeof whole = (column, ...rest) =>
  column.baseType === 'bytea' ? quoted(column.name) : whole(column, ...rest);

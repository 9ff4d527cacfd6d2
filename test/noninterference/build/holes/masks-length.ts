import { maskExpression as whole } from '../../../../gateway/src/sql/postgres/masks/expression.ts';
import { quoted } from '../../../../gateway/src/sql/postgres/masks/type-name.ts';

export * from '../../../../gateway/src/sql/postgres/masks/expression.ts';

/** A redacted text is as long as what it stands for. */
export const maskExpression: typeof whole = (column, mask, ...rest) =>
  column.baseType === 'text' && mask.method === 'redact'
    ? `pg_catalog.repeat('•', pg_catalog.length(${quoted(column.name)}))`
    : whole(column, mask, ...rest);

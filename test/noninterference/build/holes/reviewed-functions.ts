import { Names as Whole } from '../../../../gateway/src/sql/postgres/facts/names.ts';

export * from '../../../../gateway/src/sql/postgres/facts/names.ts';

/** Functions of the database's own may be called, and call whatever they do. */
export class Names extends Whole {
  override refusal(schema: string, ...rest: [name: string, extension: string | null]): string | null {
    return schema === 'public' ? null : super.refusal(schema, ...rest);
  }
}

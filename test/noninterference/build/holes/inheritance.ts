import { Catalogue as Whole } from '../../../../gateway/src/sql/postgres/catalogue/catalogue.ts';

export * from '../../../../gateway/src/sql/postgres/catalogue/catalogue.ts';

/** Children and partitions are tables of their own. */
export class Catalogue extends Whole {
  override ancestors(): Set<number> {
    return new Set();
  }
}

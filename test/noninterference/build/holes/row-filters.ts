import { EffectiveRows as Whole } from '../../../../gateway/src/sql/postgres/rows/effective-rows.ts';

/** Partitions and children have no filter of what they belong to. */
export class EffectiveRows extends Whole {
  override conditionsOf(relation: Parameters<Whole['conditionsOf']>[0]): string[] {
    return this.filters
      .filter((filter) => filter.relation.relation === relation.name)
      .map(({ condition }) => condition);
  }
}

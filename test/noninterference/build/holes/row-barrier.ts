import { maskingRelation as whole } from '../../../../gateway/src/sql/postgres/rewrite/masking-relation.ts';

export * from '../../../../gateway/src/sql/postgres/rewrite/masking-relation.ts';

/** The person's conditions are asked of hidden rows as well. */
export const maskingRelation: typeof whole = (...given) => {
  const [masking, catalogue, relation, masks, only, system, picked] = given;
  const open = picked === undefined ? picked : { ...picked, barrier: false };
  return whole(masking, catalogue, relation, masks, only, system, open);
};

import type { Principal } from '../../../contract/principal.ts';
import type { Target } from '../../../contract/target.ts';
import type { Policy } from '../../core/policy/policy.ts';
import { isSystemSchema } from '../../sql/postgres/catalogue/catalogue.ts';
import { MASKING_SCHEMA } from '../../sql/postgres/prepare/names.ts';
import type { LoadedCatalogue } from './catalogue/keeper.ts';

/** `numbers` are the columns' attribute numbers, in the same order. */
export type Maskable = {
  schema: string;
  relation: string;
  oid: number;
  columns: string[];
  numbers: number[];
};
type Known = { epoch: number; policy: string; catalogue: string; exempt: boolean };

const MAX_PRINCIPALS = 10_000;

/**
 * Who sees a column unmasked that the policy masks for others: on a prepared target they are served by a connection
 * of their own, because the other can't read it. Remembered by principal, policy and catalogue; a mask with a
 * condition counts as it is when it is first asked for.
 */
export class Exemptions {
  readonly #target: Target;
  readonly #now: () => Date;
  readonly #known = new Map<string, Known>();
  #maskable: { policy: string; catalogue: string; relations: Maskable[] } | null = null;

  constructor(target: Target, now: () => Date) {
    this.#target = target;
    this.#now = now;
  }

  isExempt(principal: Principal, policy: Policy, catalogue: LoadedCatalogue): boolean {
    const known = this.#known.get(principal.id);
    if (
      known?.epoch === principal.epoch &&
      known.policy === policy.version &&
      known.catalogue === catalogue.version
    )
      return known.exempt;
    const at = this.#now();
    const exempt = this.maskableIn(policy, catalogue).some(
      (relation) =>
        policy.masksOn(principal, this.#target, relation, relation.columns, at).length <
        relation.columns.length,
    );
    if (this.#known.size >= MAX_PRINCIPALS) this.#known.clear();
    this.#known.set(principal.id, {
      epoch: principal.epoch,
      policy: policy.version,
      catalogue: catalogue.version,
      exempt,
    });
    return exempt;
  }

  /** Columns that the policy masks for anybody, by relation. */
  maskableIn(policy: Policy, catalogue: LoadedCatalogue): Maskable[] {
    const known = this.#maskable;
    if (known?.policy === policy.version && known.catalogue === catalogue.version) return known.relations;
    const relations = catalogue.snapshot.relations.flatMap(({ schema, name, oid, columns }): Maskable[] => {
      if (isSystemSchema(schema) || schema === MASKING_SCHEMA) return [];
      const names = columns.map((column) => column.name);
      const ref = { schema, relation: name };
      const { masks } = policy.reachOf(this.#target, ref, names);
      const masked = columns.filter((column) => masks.has(column.name));
      if (masked.length === 0) return [];
      return [
        {
          ...ref,
          oid,
          columns: masked.map((column) => column.name),
          numbers: masked.map(({ number }) => number),
        },
      ];
    });
    this.#maskable = { policy: policy.version, catalogue: catalogue.version, relations };
    return relations;
  }
}

/** One of the two connections of a prepared target: for those who are exempt, or for all others. */
export class Exemption {
  readonly #exemptions: Exemptions;
  readonly #forExempt: boolean;

  constructor(exemptions: Exemptions, forExempt: boolean) {
    this.#exemptions = exemptions;
    this.#forExempt = forExempt;
  }

  admits(principal: Principal, policy: Policy, catalogue: LoadedCatalogue): boolean {
    return this.#exemptions.isExempt(principal, policy, catalogue) === this.#forExempt;
  }
}

import { type ColumnMask, type MaskMethod, strictness } from '../../../../contract/decision.ts';
import type { Column, Relation } from '../catalogue/catalogue.ts';
import { hiddenColumns } from '../facts/allowed/relations.ts';
import { generatedFlow } from '../facts/generated.ts';
import type { Names } from '../facts/names.ts';
import { viewFlow } from '../facts/view.ts';

const REDACT: MaskMethod = { method: 'redact' };

/**
 * Which columns are masked, in what way: those that the decision names, the same column of parents and children,
 * what is generated from them, and what views and materialised views show of them.
 */
export class EffectiveMasks {
  readonly #names: Names;
  readonly #named = new Map<string, MaskMethod>();
  readonly #known = new Map<Column, MaskMethod | null>();
  readonly #refusals = new Map<Relation, string | null>();

  constructor(names: Names, masks: readonly ColumnMask[]) {
    this.#names = names;
    for (const { column, mask } of masks) {
      const key = keyOf(column.schema, column.relation, column.column);
      this.#named.set(key, stricter(this.#named.get(key) ?? null, mask) ?? mask);
    }
  }

  maskOf(column: Column): MaskMethod | null {
    const known = this.#known.get(column);
    if (known !== undefined) return known;
    // A cycle (a generated column can't have one, a view can't either) ends here, masked.
    this.#known.set(column, REDACT);
    const mask = this.#compute(column);
    this.#known.set(column, mask);
    return mask;
  }

  maskedColumns(relation: Relation): Column[] {
    return relation.columns.filter((column) => this.maskOf(column) !== null);
  }

  /** Why a relation can't be read with its masks, whatever is read of it; null when it can. */
  refusal(relation: Relation): string | null {
    const known = this.#refusals.get(relation);
    if (known !== undefined) return known;
    this.#refusals.set(relation, null);
    const refusal =
      this.#viewRefusal(relation) ?? this.#partitionRefusal(relation) ?? this.#policyRefusal(relation);
    this.#refusals.set(relation, refusal);
    return refusal;
  }

  #compute(column: Column): MaskMethod | null {
    const { catalogue } = this.#names;
    const { relation } = column;
    if (relation.schema === 'pg_catalog' && hiddenColumns.get(relation.name)?.has(column.name) === true) {
      return { method: 'null' };
    }
    const family = [
      relation.oid,
      ...catalogue.ancestors(relation.oid),
      ...catalogue.descendants(relation.oid),
    ];
    let mask: MaskMethod | null = this.#named.get(keyOf(relation.schema, relation.name, column.name)) ?? null;
    for (const oid of family) {
      const kin = catalogue.relationByOid(oid);
      if (kin === undefined) continue;
      mask = stricter(mask, this.#named.get(keyOf(kin.schema, kin.name, column.name)) ?? null);
      const same = kin.byName.get(column.name);
      if (same?.generated === true) mask = stricter(mask, this.#ofGenerated(same));
    }
    return stricter(mask, this.#ofView(column));
  }

  #ofGenerated(column: Column): MaskMethod | null {
    const { sources } = generatedFlow(this.#names, column);
    if (sources === null) return REDACT;
    return [...sources].some((source) => this.maskOf(source) !== null) ? REDACT : null;
  }

  #ofView(column: Column): MaskMethod | null {
    const { relation } = column;
    if (relation.definition === null) return null;
    const shown = viewFlow(this.#names, relation).columns[relation.columns.indexOf(column)];
    if (shown === undefined) return null;
    let mask: MaskMethod | null = null;
    for (const source of shown.sources) {
      const found = this.maskOf(source);
      if (found === null) continue;
      mask = stricter(mask, source === shown.copyOf ? found : REDACT);
    }
    return mask;
  }

  #viewRefusal(relation: Relation): string | null {
    if (relation.definition === null) return null;
    const flow = viewFlow(this.#names, relation);
    const name = `${relation.schema}.${relation.name}`;
    const masked = [...flow.conditions].find((column) => this.maskOf(column) !== null);
    if (masked !== undefined) {
      return `view ${name} picks, sorts or groups its rows by ${spoken(masked)}, which is masked for you`;
    }
    const [unknown] = flow.unknowns;
    if (unknown !== undefined) return unknown;
    for (const inner of flow.relations) {
      const refusal = this.refusal(inner);
      if (refusal !== null) return refusal;
    }
    return null;
  }

  /** Row policies decide which rows come: unseen, they would tell what they look at. */
  #policyRefusal(relation: Relation): string | null {
    const columns = this.#names.catalogue.columnsOfPolicies(relation.oid);
    const masked = columns.find((column) => this.maskOf(column) !== null);
    if (masked !== undefined) {
      return `a row policy of ${relation.schema}.${relation.name} picks its rows by ${spoken(masked)}, which is masked for you`;
    }
    for (const inner of new Set(columns.map((column) => column.relation))) {
      const refusal = this.refusal(inner);
      if (refusal !== null) return refusal;
    }
    return null;
  }

  /** Which partition a row is in tells of its key. */
  #partitionRefusal(relation: Relation): string | null {
    const { catalogue } = this.#names;
    for (const oid of catalogue.ancestors(relation.oid)) {
      const parent = catalogue.relationByOid(oid);
      const key = catalogue.partitionKey(oid);
      if (parent === undefined || key === null) continue;
      const columns = key.includes(0)
        ? parent.columns
        : parent.columns.filter((column) => key.includes(column.number));
      const masked = columns.find((column) => this.maskOf(column) !== null);
      if (masked !== undefined) {
        return `which rows are in ${relation.schema}.${relation.name} tells of ${spoken(masked)}, which is masked for you`;
      }
    }
    return null;
  }
}

export function spoken(column: Column): string {
  return `${column.relation.schema}.${column.relation.name}.${column.name}`;
}

function stricter(left: MaskMethod | null, right: MaskMethod | null): MaskMethod | null {
  if (left === null || right === null) return left ?? right;
  return strictness(right) > strictness(left) ? right : left;
}

const keyOf = (...parts: string[]) => JSON.stringify(parts);

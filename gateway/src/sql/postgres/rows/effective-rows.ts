import type { RowFilter } from '../../../../contract/decision.ts';
import type { Relation } from '../catalogue/catalogue.ts';
import type { Names } from '../facts/names.ts';
import { viewFlow } from '../facts/view.ts';

/** Which row filters count for which relation. */
export class EffectiveRows {
  readonly #names: Names;
  readonly filters: readonly RowFilter[];
  readonly #named = new Map<string, Set<string>>();
  readonly #behind = new Map<Relation, Relation | null>();

  constructor(names: Names, filters: readonly RowFilter[]) {
    this.#names = names;
    this.filters = filters;
    for (const { relation, condition } of filters) {
      const key = keyOf(relation.schema, relation.relation);
      this.#named.set(key, (this.#named.get(key) ?? new Set()).add(condition));
    }
  }

  /** Whether anything is filtered for the person. */
  get any(): boolean {
    return this.#named.size > 0;
  }

  /** Conditions that all must hold: those of the relation, and those of what it is a partition or child of. */
  conditionsOf(relation: Relation): string[] {
    if (relation.schema === 'pg_catalog') return [];
    const kin = [...this.#names.catalogue.ancestors(relation.oid)].map((oid) =>
      this.#names.catalogue.relationByOid(oid),
    );
    const own = this.#named.get(keyOf(relation.schema, relation.name)) ?? [];
    return [
      ...new Set([
        ...own,
        ...kin.flatMap((ancestor) => [
          ...(ancestor === undefined ? [] : (this.#named.get(keyOf(ancestor.schema, ancestor.name)) ?? [])),
        ]),
      ]),
    ];
  }

  isFiltered(relation: Relation): boolean {
    return this.conditionsOf(relation).length > 0;
  }

  /** Whether reading it may yield rows of something filtered: itself, its children, or what its query reads. */
  concerns(relation: Relation): boolean {
    return this.isFiltered(relation) || this.strayChild(relation) !== null || this.behind(relation) !== null;
  }

  /** A child with a filter that its parent has not: rows of it would come unfiltered through the parent. */
  strayChild(relation: Relation): Relation | null {
    const conditions = new Set(this.conditionsOf(relation));
    for (const oid of this.#names.catalogue.descendants(relation.oid)) {
      const child = this.#names.catalogue.relationByOid(oid);
      if (child !== undefined && this.conditionsOf(child).some((own) => !conditions.has(own))) return child;
    }
    return null;
  }

  /** The first filtered relation that a view or materialised view reads, at any depth. */
  behind(relation: Relation): Relation | null {
    if (relation.definition === null || !this.any) return null;
    const known = this.#behind.get(relation);
    if (known !== undefined) return known;
    this.#behind.set(relation, null);
    const flow = viewFlow(this.#names, relation);
    const found =
      flow.relations.find((inner) => this.isFiltered(inner) || this.strayChild(inner) !== null) ??
      flow.relations.map((inner) => this.behind(inner)).find((inner) => inner !== null) ??
      null;
    this.#behind.set(relation, found);
    return found;
  }
}

const keyOf = (...parts: string[]) => JSON.stringify(parts);

import {
  type ColumnMask,
  type MaskMethod,
  strictness,
  tellsEquality,
} from '../../../../contract/decision.ts';
import {
  type Catalogue,
  type Column,
  columnsOf,
  isSystemSchema,
  type Relation,
} from '../catalogue/catalogue.ts';
import { countingColumns } from '../facts/allowed/counting.ts';
import { hiddenColumns } from '../facts/allowed/relations.ts';
import { shownRows } from '../facts/allowed/server-rows.ts';
import { triggerSources } from '../facts/filled-by-trigger.ts';
import { generatedFlow } from '../facts/generated.ts';
import { checkedApart, partingBelow } from '../facts/keys-told.ts';
import type { Names } from '../facts/names.ts';
import { isPlain, type Visible } from '../facts/scope.ts';
import { copiedBy, viewFlow, viewsBehind } from '../facts/view.ts';

const REDACT: MaskMethod = { method: 'redact' };
const NULL: MaskMethod = { method: 'null' };

/**
 * How a view's column is masked for what it has of a masked one: in the same way where that is all it has, and its own
 * values elsewhere. What is computed may be NULL, or fail, because of values that are not: nothing looks at it.
 */
export function shownMask(shown: Visible, source: Column, mask: MaskMethod): MaskMethod {
  if (source === shown.copyOf) return mask;
  return computedMask(isPlain(shown), mask);
}

/** How what is computed of a masked column is masked; `isPlain`: whether it is NULL tells of no more than that one is. */
export function computedMask(isPlain: boolean, mask: MaskMethod): MaskMethod {
  return isPlain ? (stricter(mask, REDACT) ?? NULL) : NULL;
}

/**
 * Which columns are masked, in what way: those that the decision names, the same column of parents and children,
 * what is generated from them, and what views and materialised views show of them.
 */
export class EffectiveMasks {
  readonly #names: Names;
  readonly #named = new Map<string, MaskMethod>();
  readonly #known = new Map<Column, MaskMethod | null>();
  readonly #refusals = new Map<Relation, string | null>();
  #unread: ReadonlySet<Column> | 'all' = new Set();

  readonly #notLookedUp = new Set<string>();
  readonly #hidesCounts: boolean;
  #placed: Relation[] | null = null;

  /** @param hidesCounts whether rows are hidden from the person: then nothing of the server's counts them either */
  constructor(names: Names, masks: readonly ColumnMask[], hidesCounts = false) {
    this.#names = names;
    this.#hidesCounts = hidesCounts;
    for (const { column, mask, lookup } of masks) {
      const key = keyOf(column.schema, column.relation, column.column);
      if (lookup !== 'exact') this.#notLookedUp.add(key);
      this.#named.set(key, stricter(this.#named.get(key) ?? null, mask) ?? mask);
    }
  }

  maskOf(column: Column): MaskMethod | null {
    const known = this.#known.get(column);
    if (known !== undefined) return known;
    // A cycle (a generated column can't have one, a view can't either) ends here, masked.
    this.#known.set(column, NULL);
    const computed = this.#compute(column);
    const isUnread = this.#unread === 'all' || this.#unread.has(column);
    const mask = computed !== null && isUnread ? NULL : computed;
    this.#known.set(column, mask);
    return mask;
  }

  /** The same columns masked, all or some of them so that nothing looks at them: those are NULL. */
  unread(columns: ReadonlySet<Column> | 'all' = 'all'): EffectiveMasks {
    const masks = new EffectiveMasks(this.#names, [], this.#hidesCounts);
    for (const [key, mask] of this.#named) masks.#named.set(key, mask);
    masks.#unread = columns;
    return masks;
  }

  /** Whether every mask that counts for a masked column lets `=` with a constant through to its raw value. */
  allowsLookup(column: Column): boolean {
    const { relation } = column;
    if (this.maskOf(column) === null || relation.schema === 'pg_catalog' || column.generated) return false;
    const { catalogue } = this.#names;
    const family = [
      relation.oid,
      ...catalogue.ancestors(relation.oid),
      ...catalogue.descendants(relation.oid),
    ];
    const held = family
      .map((oid) => catalogue.relationByOid(oid))
      .some((kin) => kin !== undefined && this.#notLookedUp.has(keyOf(kin.schema, kin.name, column.name)));
    const isFilled = family.some((oid) => {
      const same = catalogue.relationByOid(oid)?.byName.get(column.name);
      return same !== undefined && triggerSources(catalogue, same) !== null;
    });
    if (isFilled || held || this.#notLookedUp.has(keyOf(relation.schema, relation.name, column.name)))
      return false;
    if (relation.definition === null) return true;
    const shown = viewFlow(this.#names, relation).columns[relation.columns.indexOf(column)];
    const sources = [...(shown?.sources ?? [])].filter((source) => this.maskOf(source) !== null);
    return sources.every((source) => source === shown?.copyOf && this.allowsLookup(source));
  }

  /** The encoding of the database, in which what masks give must be written. */
  get encoding(): string {
    return this.#names.catalogue.encoding;
  }

  /** Whether rows are hidden from the person, and with them every count of rows. */
  get hidesCounts(): boolean {
    return this.#hidesCounts;
  }

  /**
   * Partitions and children that hold their rows, parents that hold the rest, and materialised views that picked theirs, by masked values: how many one has, or
   * had read, tells of them.
   */
  get placed(): readonly Relation[] {
    const { catalogue } = this.#names;
    this.#placed ??= [
      ...[...catalogue.families()].filter(
        (relation) => this.partedBy(relation) !== null || this.leftBy(relation) !== null,
      ),
      ...[...catalogue.userRelations()].filter(
        (relation) => relation.kind === 'm' && this.#viewRefusal(relation) !== null,
      ),
    ];
    return this.#placed;
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

  /** A masked column of which a materialised view computes, as it is filled, what may fail; null where there is none. */
  failingIn(view: Relation): Column | null {
    const failing = viewsBehind(this.#names, view).flatMap((own) => [...viewFlow(this.#names, own).failing]);
    return failing.find((column) => this.maskOf(column) !== null) ?? null;
  }

  #compute(column: Column): MaskMethod | null {
    const { catalogue } = this.#names;
    const { relation } = column;
    if (relation.schema === 'pg_catalog' && hiddenColumns.get(relation.name)?.has(column.name) === true) {
      return NULL;
    }
    const counts = relation.schema === 'pg_catalog' && countingColumns.get(relation.name)?.test(column.name);
    if (counts && (this.#hidesCounts || (countedRelation(relation) !== null && this.placed.length > 0))) {
      return NULL;
    }
    const family = [
      relation.oid,
      ...catalogue.ancestors(relation.oid),
      ...catalogue.descendants(relation.oid),
    ];
    let mask: MaskMethod | null = this.#ofName(column);
    for (const oid of family) {
      const kin = catalogue.relationByOid(oid);
      if (kin === undefined) continue;
      mask = stricter(mask, this.#named.get(keyOf(kin.schema, kin.name, column.name)) ?? null);
      const same = kin.byName.get(column.name);
      if (same?.generated === true) mask = stricter(mask, this.#ofGenerated(same));
      else if (same !== undefined) mask = stricter(mask, this.#ofTrigger(same));
    }
    if (isGeneratedUnlike(catalogue, column)) mask = stricter(mask, this.#ofParting(column));
    return stricter(mask, this.#ofView(column));
  }

  /**
   * As its own name says. A view may show under a masked name what isn't masked where it comes from, and what anybody
   * writes there: tokens of that would be tokens of their guesses.
   */
  #ofName(column: Column): MaskMethod | null {
    const { relation } = column;
    const mask = this.#named.get(keyOf(relation.schema, relation.name, column.name)) ?? null;
    if (mask === null || relation.definition === null || !tellsEquality(mask)) return mask;
    const source = copiedBy(this.#names, column);
    const below = source === null ? null : this.maskOf(source);
    return below !== null && tellsEquality(below) ? mask : REDACT;
  }

  /** As what a view computes. */
  #ofGenerated(column: Column): MaskMethod | null {
    const { sources, nullAsSources } = generatedFlow(this.#names, column);
    if (sources === null) return NULL;
    let mask: MaskMethod | null = null;
    for (const source of sources) {
      const found = this.maskOf(source);
      if (found !== null) mask = stricter(mask, computedMask(nullAsSources, found));
    }
    return mask;
  }

  /** What each partition computes in its own way is computed of what says in which one a row is. */
  #ofParting({ relation, name }: Column): MaskMethod | null {
    const { catalogue } = this.#names;
    const above = [...catalogue.ancestors(relation.oid)].flatMap((oid) => catalogue.relationByOid(oid) ?? []);
    let mask: MaskMethod | null = null;
    for (const parting of [relation, ...above].flatMap((own) => partingBelow(catalogue, own))) {
      const found = parting.name === name ? null : this.maskOf(parting);
      if (found !== null) mask = stricter(mask, computedMask(false, found));
    }
    return mask;
  }

  /** As what is generated of the same columns: what is put together of a masked one has its words. */
  #ofTrigger(column: Column): MaskMethod | null {
    const sources = triggerSources(this.#names.catalogue, column) ?? [];
    return [...sources].some((source) => this.maskOf(source) !== null) ? NULL : null;
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
      mask = stricter(mask, shownMask(shown, source, found));
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
    const failing = [...flow.failingUnread].find((column) => this.maskOf(column) !== null);
    if (failing !== undefined) {
      return `view ${name} computes of ${spoken(failing)}, which is masked for you, whatever is read of it, and that may fail`;
    }
    const [unknown] = flow.unknowns;
    if (unknown !== undefined) return unknown;
    const apart = isSystemSchema(relation.schema)
      ? undefined
      : [...flow.relations].find((inner) => shownRows(inner) !== null);
    if (apart !== undefined && this.#named.size > 0) {
      return `view ${name} reads all of ${apart.name}, of which you may see only some rows while columns are masked for you`;
    }
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
    const masked = this.partedBy(relation);
    if (masked === null) return null;
    return `which rows are in ${relation.schema}.${relation.name} tells of ${spoken(masked)}, which is masked for you`;
  }

  /** The masked column that says in which of a relation's partitions, at any depth, a row is; null when there is none. */
  partsBelow(relation: Relation): Column | null {
    const parting = partingBelow(this.#names.catalogue, relation);
    return parting.find((column) => this.maskOf(column) !== null) ?? null;
  }

  /** The masked column by which rows come to a partition or child; null when there is none, or it is none. */
  partedBy(relation: Relation): Column | null {
    const { catalogue } = this.#names;
    const above = [...catalogue.ancestors(relation.oid)].flatMap((oid) => catalogue.relationByOid(oid) ?? []);
    const parting = [
      ...above.flatMap((parent) => columnsOf(parent, catalogue.partitionKey(parent.oid) ?? [])),
      ...[relation, ...above].flatMap((child) => checkedApart(catalogue, child)),
    ];
    return parting.find((column) => this.maskOf(column) !== null) ?? null;
  }

  /** The masked column that says which rows are in a parent itself and in none of its children; null when there is none. */
  leftBy(relation: Relation): Column | null {
    return relation.kind === 'r' ? this.partsBelow(relation) : null;
  }
}

/** Whether a column is generated in one way in a table and in another, or not at all, in one above or below it. */
function isGeneratedUnlike(catalogue: Catalogue, { relation, name }: Column): boolean {
  const family = [...catalogue.ancestors(relation.oid), relation.oid, ...catalogue.descendants(relation.oid)];
  if (family.length === 1) return false;
  const ways = new Set<string | null>();
  for (const oid of family) {
    const same = catalogue.relationByOid(oid)?.byName.get(name);
    if (same !== undefined) ways.add(same.generated ? same.expression : null);
  }
  return ways.size > 1;
}

/** The column that says which table a row of the server's counters is of; null where that isn't told. */
export function countedRelation(relation: Relation): Column | null {
  return relation.byName.get(relation.name === 'pg_class' ? 'oid' : 'relid') ?? null;
}

export function spoken(column: Column): string {
  return `${column.relation.schema}.${column.relation.name}.${column.name}`;
}

function stricter(left: MaskMethod | null, right: MaskMethod | null): MaskMethod | null {
  if (left === null || right === null) return left ?? right;
  return strictness(right) > strictness(left) ? right : left;
}

const keyOf = (...parts: string[]) => JSON.stringify(parts);

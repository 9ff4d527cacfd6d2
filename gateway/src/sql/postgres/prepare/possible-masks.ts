import { type ColumnMask, type MaskMethod, tellsEquality } from '../../../../contract/decision.ts';
import { RuleId } from '../../../../contract/ids.ts';
import type { Catalogue, Column, Relation } from '../catalogue/catalogue.ts';
import { triggerSources } from '../facts/filled-by-trigger.ts';
import { Findings } from '../facts/findings.ts';
import { generatedFlow } from '../facts/generated.ts';
import { Names } from '../facts/names.ts';
import { copiedBy, viewFlow } from '../facts/view.ts';
import { computedMask, EffectiveMasks, shownMask } from '../masks/effective.ts';
import type { MaskVariants } from './masking-view.ts';
import { canonical, MASKING_SCHEMA } from './names.ts';
import type { PolicyReach } from './policy-reach.ts';

const NULL: MaskMethod = { method: 'null' };
const REDACT: MaskMethod = { method: 'redact' };
const ANYBODY = RuleId.parse('anybody');

/**
 * Every method by which a column may come masked for anybody. Goes the ways of `EffectiveMasks` (parents and
 * children, generated columns, views), but takes all masks along where that takes the strictest.
 */
export class PossibleMasks {
  readonly #names: Names;
  readonly #reach: PolicyReach;
  readonly #named = new Map<Relation, ReadonlyMap<string, readonly MaskMethod[]>>();
  readonly #known = new Map<Column, Map<string, MaskMethod>>();
  readonly #strictest: EffectiveMasks;

  constructor(catalogue: Catalogue, reach: PolicyReach) {
    this.#names = new Names(catalogue, new Findings(), {
      searchPath: ['pg_catalog'],
      temporary: [],
      reviewedFunctions: reach.reviewedFunctions,
    });
    this.#reach = reach;
    this.#strictest = new EffectiveMasks(this.#names, this.#allNamed());
  }

  /** The columns of a relation that may be masked, with the methods in a fixed order. */
  variantsOf(relation: Relation): MaskVariants {
    const variants = new Map<string, MaskMethod[]>();
    for (const column of relation.columns) {
      const methods = this.#of(column);
      if (methods.size === 0) continue;
      const inOrder = [...methods].toSorted(([left], [right]) => (left < right ? -1 : 1));
      variants.set(
        column.name,
        inOrder.map(([, method]) => method),
      );
    }
    return variants;
  }

  /** Why nobody for whom everything is masked may read a relation at all; null when they may. */
  refusalOf(relation: Relation): string | null {
    const why = this.#strictest.refusal(relation);
    return why?.replaceAll('masked for you', 'masked') ?? null;
  }

  #allNamed(): ColumnMask[] {
    return [...this.#names.catalogue.userRelations()].flatMap((relation) =>
      [...this.#namedOf(relation)].flatMap(([name, methods]) =>
        methods.map((mask) => ({
          column: { schema: relation.schema, relation: relation.name, column: name },
          mask,
          rule: ANYBODY,
        })),
      ),
    );
  }

  #namedOf(relation: Relation): ReadonlyMap<string, readonly MaskMethod[]> {
    const known = this.#named.get(relation);
    if (known !== undefined) return known;
    if (relation.schema === MASKING_SCHEMA) return new Map();
    const ref = { schema: relation.schema, relation: relation.name };
    const columns = relation.columns.map(({ name }) => name);
    const { masks } = this.#reach.of(ref, columns);
    this.#named.set(relation, masks);
    return masks;
  }

  #of(column: Column): Map<string, MaskMethod> {
    const known = this.#known.get(column);
    if (known !== undefined) return known;
    const methods = new Map<string, MaskMethod>();
    // A cycle ends here; the server has none.
    this.#known.set(column, methods);
    const add = (method: MaskMethod) => methods.set(canonical(method), method);
    for (const method of this.#ofFamily(column)) {
      // For some it may be told by no name of its own, as `EffectiveMasks` says.
      if (column.relation.definition !== null && tellsEquality(method)) add(REDACT);
      if (this.#mayTell(column, method)) add(method);
    }
    for (const method of this.#ofView(column)) add(method);
    // What `EffectiveMasks` would say of everything at once is among them, whatever way it took.
    const strictest = this.#strictest.maskOf(column);
    if (strictest !== null) add(strictest);
    return methods;
  }

  #ofFamily({ relation, name }: Column): MaskMethod[] {
    const { catalogue } = this.#names;
    const { oid } = relation;
    return [oid, ...catalogue.ancestors(oid), ...catalogue.descendants(oid)].flatMap((kinOid) => {
      const kin = catalogue.relationByOid(kinOid);
      const same = kin?.byName.get(name);
      if (kin === undefined || same === undefined) return [];
      const named = this.#namedOf(kin).get(name) ?? [];
      if (!same.generated) return [...named, ...this.#ofTrigger(same)];
      const { sources, unknowns, nullAsSources } = generatedFlow(this.#names, same);
      // What is not understood may have computed on anything: the gateway blocks it, and the role doesn't read it.
      if (sources === null || unknowns.size > 0) return [...named, NULL];
      const found = [...sources].flatMap((source) => [...this.#of(source).values()]);
      return [...named, ...found.map((mask) => computedMask(nullAsSources, mask))];
    });
  }

  /** Whether a view's column may come so for anybody: only where what it shows comes so too. */
  #mayTell(column: Column, method: MaskMethod): boolean {
    if (column.relation.definition === null || !tellsEquality(method)) return true;
    const source = copiedBy(this.#names, column);
    return source !== null && [...this.#of(source).values()].some(tellsEquality);
  }

  #ofTrigger(column: Column): MaskMethod[] {
    const sources = triggerSources(this.#names.catalogue, column) ?? [];
    return [...sources].some((source) => this.#of(source).size > 0) ? [NULL] : [];
  }

  #ofView(column: Column): MaskMethod[] {
    const { relation } = column;
    if (relation.definition === null) return [];
    const shown = viewFlow(this.#names, relation).columns[relation.columns.indexOf(column)];
    if (shown === undefined) return [];
    return [...shown.sources].flatMap((source) =>
      [...this.#of(source).values()].map((mask) => shownMask(shown, source, mask)),
    );
  }
}

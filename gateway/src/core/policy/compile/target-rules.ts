import type { ColumnRef } from '../../../../contract/facts.ts';
import type { Target } from '../../../../contract/target.ts';
import { isSystemSchema } from './on.ts';
import type { ActionRule, CompiledRule, DetectRule, MaskRule, RowRule } from './rule.ts';
import { type TagPattern, tagsOn } from './tags.ts';

const MAX_REMEMBERED_COLUMNS = 100_000;

/**
 * The rules that can matter on one target, made once. What is known of a column (its tags, the masks that are
 * about it) is the same for everybody, and is remembered.
 */
export class TargetRules {
  readonly actions: readonly ActionRule[];
  readonly rows: readonly RowRule[];
  readonly detects: readonly DetectRule[];
  readonly #here: readonly CompiledRule[];
  readonly #masks: readonly MaskRule[];
  readonly #tagsOf: (column: ColumnRef) => ReadonlySet<string>;
  readonly #columns = new Map<string, { tags: ReadonlySet<string>; masks: readonly MaskRule[] }>();

  constructor(target: Target, rules: readonly CompiledRule[], tags: readonly TagPattern[]) {
    const here = rules.filter((rule) => rule.on.target(target));
    this.#here = here;
    this.actions = here.filter((rule) => rule.about === 'actions');
    this.rows = here.filter((rule) => rule.about === 'rows');
    this.detects = here.filter((rule) => rule.about === 'values');
    this.#masks = here.filter((rule) => rule.about === 'columns');
    this.#tagsOf = tagsOn(tags, target.name);
  }

  tagsOf(column: ColumnRef): ReadonlySet<string> {
    return this.#known(column).tags;
  }

  /** Masks about this column, for whomever. */
  masksAbout(column: ColumnRef): readonly MaskRule[] {
    return this.#known(column).masks;
  }

  /** Rules that name tables or columns to keep something in, and are about none of these. */
  keepingNothing(columns: readonly ColumnRef[]): CompiledRule[] {
    const named = this.#here.filter(
      (rule) =>
        (rule.on.relation !== null || rule.on.column !== null) &&
        !(rule.about === 'actions' && rule.outcome === 'allow'),
    );
    return named.filter((rule) => !columns.some((column) => isAbout(rule, column, this.tagsOf(column))));
  }

  #known(column: ColumnRef): { tags: ReadonlySet<string>; masks: readonly MaskRule[] } {
    // NUL is in no PostgreSQL identifier.
    const key = `${column.schema}\0${column.relation}\0${column.column}`;
    const known = this.#columns.get(key);
    if (known !== undefined) return known;
    const tags = this.#tagsOf(column);
    const masks = this.#masks.filter((rule) => isAbout(rule, column, tags));
    if (this.#columns.size >= MAX_REMEMBERED_COLUMNS) this.#columns.clear();
    this.#columns.set(key, { tags, masks });
    return { tags, masks };
  }
}

/** Whether a rule is about this column, or about its relation where it names no columns. */
export function isAbout({ on }: CompiledRule, column: ColumnRef, tags: ReadonlySet<string>): boolean {
  // A mask on everything is not meant for the server's own catalogue, without which no client works.
  if (on.relation === null && on.column === null) return !isSystemSchema(column.schema);
  return (on.relation?.(column) ?? true) && (on.column?.(column, tags) ?? true);
}

import type { VNode } from 'preact';
import { useEffect, useLayoutEffect, useRef, useState } from 'preact/hooks';
import { type ColumnFilter, FilterOperator } from '../../../../../extension/contract/arrange.ts';
import { Icon } from '../../../icons.tsx';
import type { GridColumn } from './grid-columns.ts';

const TYPING_RESTS_MS = 250;

const WORDS: Record<FilterOperator, string> = {
  contains: 'contains',
  equals: '=',
  notEquals: '≠',
  startsWith: 'starts with',
  atLeast: '≥',
  atMost: '≤',
  isNull: 'is NULL',
  isNotNull: 'is not NULL',
};

export type FilterBarProps = {
  readonly columns: readonly GridColumn[];
  readonly filters: readonly ColumnFilter[];
  /** A column that a new filter was asked for, or null. */
  readonly seed: number | null;
  readonly onChange: (filters: readonly ColumnFilter[]) => void;
  readonly onClose: () => void;
};

/** Filters on the rows that were fetched; all of them must pass. */
export function FilterBar({ columns, filters, seed, onChange, onClose }: FilterBarProps): VNode {
  const [draft, setDraft] = useState<readonly ColumnFilter[]>(
    filters.length > 0 ? filters : [emptyFilter(seed)],
  );
  const root = useRef<HTMLFormElement>(null);
  const sent = useRef(JSON.stringify(filters));
  useLayoutEffect(() => {
    if (seed !== null && !draft.some(({ column }) => column === seed))
      setDraft([...draft, emptyFilter(seed)]);
    [...(root.current?.querySelectorAll('input') ?? [])].at(-1)?.focus();
  }, [seed]);
  useEffect(() => {
    const active = draft.filter(({ text, operator }) => text !== '' || isUnary(operator));
    const timer = setTimeout(() => {
      if (JSON.stringify(active) === sent.current) return;
      sent.current = JSON.stringify(active);
      onChange(active);
    }, TYPING_RESTS_MS);
    return () => clearTimeout(timer);
  }, [draft]);
  useEffect(() => {
    if (JSON.stringify(filters) === sent.current) return;
    sent.current = JSON.stringify(filters);
    setDraft(filters.length > 0 ? filters : [emptyFilter(null)]);
  }, [filters]);

  const change = (at: number, part: Partial<ColumnFilter>) =>
    setDraft(draft.map((filter, index) => (index === at ? { ...filter, ...part } : filter)));
  const remove = (at: number) => {
    if (draft.length === 1) close();
    else setDraft(draft.filter((_, index) => index !== at));
  };
  const close = () => {
    if (filters.length > 0) onChange([]);
    onClose();
  };
  return (
    <form
      ref={root}
      class="filters"
      aria-label="Filter the fetched rows"
      onSubmit={(event) => event.preventDefault()}
      onKeyDown={(event) => {
        if (event.key !== 'Escape') return;
        event.stopPropagation();
        close();
      }}
    >
      {draft.map((filter, index) => (
        <fieldset key={index} aria-label={`Filter ${index + 1}`}>
          <select
            aria-label="Column"
            value={filter.column === null ? 'any' : String(filter.column)}
            onChange={(event) => {
              const { value } = event.currentTarget;
              change(index, { column: value === 'any' ? null : Number(value) });
            }}
          >
            <option value="any">Any column</option>
            {columns.map((column) => (
              <option key={column.index} value={String(column.index)}>
                {column.name}
              </option>
            ))}
          </select>
          <select
            aria-label="Condition"
            value={filter.operator}
            onChange={(event) => change(index, { operator: FilterOperator.parse(event.currentTarget.value) })}
          >
            {FilterOperator.options.map((operator) => (
              <option key={operator} value={operator}>
                {WORDS[operator]}
              </option>
            ))}
          </select>
          {isUnary(filter.operator) ? null : (
            <input
              type="text"
              aria-label="Value"
              placeholder="Filter fetched rows"
              spellcheck={false}
              value={filter.text}
              onInput={(event) => change(index, { text: event.currentTarget.value })}
            />
          )}
          <button type="button" class="tool" aria-label="Remove this filter" onClick={() => remove(index)}>
            <Icon name="close" />
          </button>
        </fieldset>
      ))}
      <button
        type="button"
        class="tool"
        aria-label="Add a filter"
        title="Add a filter"
        onClick={() => setDraft([...draft, emptyFilter(null)])}
      >
        <Icon name="add" />
      </button>
    </form>
  );
}

function emptyFilter(column: number | null): ColumnFilter {
  return { column, operator: 'contains', text: '' };
}

function isUnary(operator: FilterOperator): boolean {
  return operator === 'isNull' || operator === 'isNotNull';
}

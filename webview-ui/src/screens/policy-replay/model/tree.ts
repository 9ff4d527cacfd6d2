import { printable } from '../../../../../extension/contract/printable.ts';
import type { ChangeDirection, DecisionChangeKind } from '../../../../../gateway/contract/decision-change.ts';
import type {
  ReplayDifference,
  ReplayExample,
  ReplayGroup,
  ReplayReport,
} from '../../../../../gateway/contract/policy-replay.ts';
import { actions, wayInWords } from './words.ts';

/** A statement of a group, with what it is searched by. */
export type Action = {
  readonly key: string;
  readonly example: ReplayExample;
  readonly target: string;
  readonly statement: string;
  readonly searched: string;
};

export type Group = {
  readonly key: string;
  readonly group: ReplayGroup;
  readonly rules: string;
  readonly searched: string;
  readonly actions: readonly Action[];
};

export type Way = {
  readonly key: string;
  readonly kind: DecisionChangeKind;
  readonly direction: ChangeDirection;
  readonly name: string;
  readonly count: number;
  readonly groups: readonly Group[];
};

/** One line of the tree; `at` of `of` are its place among those beside it. */
export type Row = { readonly at: number; readonly of: number } & (
  | { readonly kind: 'way'; readonly way: Way; readonly isOpen: boolean }
  | { readonly kind: 'group'; readonly group: Group; readonly isOpen: boolean; readonly found: number }
  | { readonly kind: 'action'; readonly action: Action; readonly group: Group }
  | { readonly kind: 'more'; readonly key: string; readonly text: string }
);

const DANGER: Record<ChangeDirection, number> = { looser: 0, other: 1, stricter: 2 };

/** A report as ways, groups and statements: what lets more through stands first, then what changes most. */
export function waysOf(report: ReplayReport): Way[] {
  const ways = report.ways.map(({ kind, direction, count }): Way => {
    const groups = report.groups.filter((group) => group.kind === kind && group.direction === direction);
    const key = `${kind}/${direction}`;
    return {
      key,
      kind,
      direction,
      count,
      name: wayInWords(kind, direction),
      groups: groups.map((group, index) => groupOf(`${key}/${index}`, group)),
    };
  });
  return ways.toSorted((a, b) => DANGER[a.direction] - DANGER[b.direction] || b.count - a.count);
}

function groupOf(key: string, group: ReplayGroup): Group {
  const rules = group.rules.map(({ id }) => id).join(', ');
  const words = [
    group.shape,
    group.detail,
    group.target,
    ...group.rules.flatMap(({ id, owner }) => [id, owner]),
  ];
  return {
    key,
    group,
    rules: printable(rules),
    searched: words.join('\n').toLowerCase(),
    actions: group.examples.map((example, index) => {
      const statement = printable(example.statement.trim().replaceAll(/\s+/g, ' '));
      const searched = `${example.who}\n${statement}`.toLowerCase();
      return { key: `${key}/${index}`, example, target: group.target, statement, searched };
    }),
  };
}

export type Shown = {
  /** Words that are looked for; empty: everything. */
  readonly filter: string;
  /** Keys of what is not open or closed as at first. */
  readonly toggled: ReadonlySet<string>;
};

/** The lines that are shown. While something is looked for everything stands open. */
export function rowsOf(ways: readonly Way[], { filter, toggled }: Shown): Row[] {
  const words = filter.trim().toLowerCase();
  const found = ways.flatMap((way) => {
    const groups = way.groups.flatMap((group) => matching(group, words));
    return groups.length === 0 && (words !== '' || way.groups.length > 0) ? [] : [{ way, groups }];
  });
  return found.flatMap(({ way, groups }, at): Row[] => {
    const isOpen = !toggled.has(way.key);
    const row: Row = { kind: 'way', way, isOpen, at: at + 1, of: found.length };
    return isOpen
      ? [row, ...groups.flatMap((one, index) => groupRows(one, index, groups.length, words, toggled))]
      : [row];
  });
}

type Matching = { group: Group; actions: readonly Action[] };

function matching(group: Group, words: string): Matching[] {
  if (words === '' || group.searched.includes(words)) return [{ group, actions: group.actions }];
  const actions = group.actions.filter(({ searched }) => searched.includes(words));
  return actions.length === 0 ? [] : [{ group, actions }];
}

function groupRows(
  { group, actions: found }: Matching,
  index: number,
  of: number,
  words: string,
  toggled: ReadonlySet<string>,
): Row[] {
  const isOpen = toggled.has(group.key) === (words === '');
  const row: Row = { kind: 'group', group, isOpen, found: found.length, at: index + 1, of };
  if (!isOpen) return [row];
  const left = group.group.count - group.actions.length;
  const size = found.length + (left > 0 ? 1 : 0);
  const more: Row[] =
    left > 0
      ? [
          {
            kind: 'more',
            key: `${group.key}/more`,
            text: `${actions(left)} more, not listed`,
            at: size,
            of: size,
          },
        ]
      : [];
  return [
    row,
    ...found.map((action, at): Row => ({ kind: 'action', action, group, at: at + 1, of: size })),
    ...more,
  ];
}

export function keyOf(row: Row): string {
  if (row.kind === 'way') return row.way.key;
  if (row.kind === 'group') return row.group.key;
  return row.kind === 'action' ? row.action.key : row.key;
}

export const LEVELS: Record<Row['kind'], 1 | 2 | 3> = { way: 1, group: 2, action: 3, more: 3 };

/** The difference that a statement has. */
export function differenceOf(report: ReplayReport, { example }: Action): ReplayDifference | null {
  return report.differences[example.difference] ?? null;
}

import type { Item, Maker, Named, Scope } from './maker.ts';
import { allRows, anyRows, oneRow } from './queries.ts';
import { AGGREGATE, RISKY, SCALAR, WINDOW } from './templates.ts';
import { COMPARABLE, LITERALS, TYPES, type Type } from './types.ts';

/** How likely an expression of a type that may raise an error on some values is to be one. */
const RISK = 0.012;
const PLACE = new RegExp(
  `\\{(any|n|row|exists|(?:one:|all:|field:|attribute:)?(?:${TYPES.join('|')}))\\}`,
  'g',
);

/** An expression of a type, at most `depth` deep. */
export function expression(maker: Maker, type: Type, scope: Scope, depth: number): string {
  const { random } = maker;
  if (depth <= 0 || random.chance(0.25)) return leaf(maker, type, scope);
  const risky = RISKY[type];
  if (risky !== undefined && random.chance(RISK)) return filled(maker, random.pick(risky), scope, depth - 1);
  return filled(maker, random.pick(SCALAR[type]), scope, depth - 1);
}

/** An aggregate of a type over expressions of the rows in `scope`; `group` is an expression that they are grouped by. */
export function aggregate(
  maker: Maker,
  type: Type,
  scope: Scope,
  group: string | null,
  depth: number,
): string {
  const templates = [...(AGGREGATE[type] ?? []), `(array_agg({${type}}))[1]`];
  const usable = group === null ? templates.filter((template) => !template.includes('{group}')) : templates;
  return filled(maker, maker.random.pick(usable).replaceAll('{group}', group ?? ''), scope, depth);
}

export function windowed(maker: Maker, type: Type, scope: Scope, over: string, depth: number): string {
  const templates = WINDOW[type] ?? WINDOW.int ?? [];
  return filled(maker, maker.random.pick(templates).replaceAll('{over}', over), scope, depth);
}

export function windowedTypes(): readonly Type[] {
  return ['int', 'numeric', 'text'];
}

/** Any type; mostly one that columns in reach have. */
export function someType(maker: Maker, scope: Scope, comparable = false): Type {
  const { random } = maker;
  const types = scope.items.flatMap((item) => item.columns.map((column) => column.type));
  const fitting = comparable ? types.filter((type) => COMPARABLE.includes(type)) : types;
  if (fitting.length > 0 && random.chance(0.8)) return random.pick(fitting);
  return random.pick(comparable ? COMPARABLE : TYPES);
}

export function filled(maker: Maker, template: string, scope: Scope, depth: number): string {
  let row: Item | undefined;
  return template.replace(PLACE, (whole, what: string) => {
    const { random } = maker;
    const [kind, type] = what.includes(':') ? what.split(':') : [what, what];
    switch (kind) {
      case 'n':
        return String(random.int(0, 6));
      case 'any':
        return expression(maker, someType(maker, scope), scope, depth);
      case 'row':
        row = rowOf(maker, scope);
        return row?.alias ?? 'ROW(1, 2)';
      case 'field':
        return row?.columns.find((column) => column.type === type)?.name ?? 'id';
      case 'attribute': {
        const from = rowOf(maker, scope);
        return from === undefined ? `lower('A')` : attribute(from, type);
      }
      case 'exists':
        return anyRows(maker, scope, depth - 1);
      case 'one':
        return oneRow(maker, asType(type), scope, depth - 1);
      case 'all':
        return allRows(maker, asType(type), scope, depth - 1);
      default:
        return expression(maker, asType(whole.slice(1, -1)), scope, depth);
    }
  });
}

/** A column as a function of its row. */
function attribute({ alias, columns }: Item, type: string | undefined): string {
  return `${columns.find((column) => column.type === type)?.name ?? 'id'}(${alias})`;
}

function asType(name: string | undefined): Type {
  return TYPES.find((type) => type === name) ?? 'text';
}

/** A column of the type in reach, or a constant. */
function leaf(maker: Maker, type: Type, scope: Scope): string {
  const { random } = maker;
  const literal = () => {
    const text = random.pick(LITERALS[type]);
    // Mostly with its type: without one many functions can't be told apart.
    return maker.constant(type === 'text' && random.chance(0.7) ? `${text}::text` : text, type);
  };
  if (random.chance(0.18)) return literal();
  const found = columnsOf(scope, type);
  if (found.length > 0) return reference(maker, random.pick(found), scope);
  if (scope.outer !== null && random.chance(0.5)) {
    const outside = columnsOf(scope.outer, type);
    if (outside.length > 0) return reference(maker, random.pick(outside), null);
  }
  return literal();
}

type Found = { item: Item; column: Named };

function columnsOf(scope: Scope, type: Type): Found[] {
  return scope.items.flatMap((item) =>
    item.columns.filter((column) => column.type === type).map((column) => ({ item, column })),
  );
}

/** Without its alias where no other column in reach has the name. */
export function reference(maker: Maker, { item, column }: Found, scope: Scope | null): string {
  if (maker.shadows && maker.random.chance(0.5)) return column.name;
  const alone =
    scope !== null &&
    scope.outer === null &&
    scope.items.flatMap((other) => other.columns).filter((other) => other.name === column.name).length === 1;
  return alone && maker.random.chance(0.3) ? column.name : `${item.alias}.${column.name}`;
}

function rowOf(maker: Maker, scope: Scope): Item | undefined {
  const items = scope.items.filter((item) => item.whole);
  return items.length === 0 ? undefined : maker.random.pick(items);
}

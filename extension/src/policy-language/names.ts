import type { TargetName } from '../../../gateway/contract/ids.ts';
import type { NamedSchema } from '../../../gateway/contract/policy-draft.ts';
import type { Target } from '../../../gateway/contract/target.ts';
import { coversText } from '../../../gateway/contract/wildcards.ts';
import type { Scope } from './expected-names.ts';

/** What the gateway has told of the names that a policy may speak of. */
export type KnownNames = {
  targets: readonly Target[];
  groups: readonly string[];
  people: readonly { id: string; name: string }[];
  /** Of the targets that were asked about. */
  catalogues: ReadonlyMap<TargetName, readonly NamedSchema[]>;
};

export const NO_NAMES: KnownNames = { targets: [], groups: [], people: [], catalogues: new Map() };

export type NamedTable = {
  target: string;
  schema: string;
  relation: string;
  columns: readonly string[];
  isMeant: boolean;
};

/** The targets that a scope may mean; all where it says nothing. A hint for order and choice, never a decision. */
export function targetsWithin({ targets, labels }: Scope, known: readonly Target[]): Target[] {
  return known.filter(
    (target) =>
      covers(targets, target.name) &&
      Object.entries(labels).every(([label, wanted]) => covers(wanted, target.labels[label] ?? '')),
  );
}

/** Every table of the scope's targets; `isMeant`: the scope's schemas and tables name it. */
export function tablesWithin(scope: Scope, names: KnownNames): NamedTable[] {
  return targetsWithin(scope, names.targets).flatMap(({ name: target }) =>
    (names.catalogues.get(target) ?? []).flatMap(({ name: schema, relations }) => {
      const isSchema = covers(scope.schemas, schema);
      return relations.map(({ name: relation, columns }) => {
        const isMeant =
          isSchema && (covers(scope.tables, relation) || covers(scope.tables, `${schema}.${relation}`));
        return { target, schema, relation, columns, isMeant };
      });
    }),
  );
}

export function functionsWithin(scope: Scope, names: KnownNames): string[] {
  const all = targetsWithin(scope, names.targets).flatMap(({ name }) =>
    (names.catalogues.get(name) ?? []).flatMap((schema) =>
      schema.functions.map((routine) => `${part(schema.name)}.${part(routine)}`),
    ),
  );
  return [...new Set(all)];
}

function covers(patterns: readonly string[] | null, text: string): boolean {
  return patterns === null || patterns.some((pattern) => coversText(pattern, text));
}

/** A part of a name as policies write it: one with a dot in it stands in double quotes. */
export function part(name: string): string {
  return /[."*?]/.test(name) ? `"${name.replaceAll('"', '""')}"` : name;
}

const PLAIN = /^[A-Za-z_][\w./@-]*$/;
const RESERVED = /^(true|false|null|yes|no|on|off|y|n|everyone|everything|anything)$/i;

/** A text as YAML writes it: in quotes where it would read as something else. */
export function yamlText(text: string): string {
  return PLAIN.test(text) && !RESERVED.test(text) ? text : JSON.stringify(text);
}

import type { CatalogueRelation, CatalogueSchema, CatalogueView } from '../../../../contract/catalogue.ts';
import type { Principal } from '../../../../contract/principal.ts';
import type { Target } from '../../../../contract/target.ts';
import type { MaskReason } from '../../../../contract/verdict.ts';
import type { Policy } from '../../../core/policy/policy.ts';
import type { SnapshotRelation } from '../../../sql/postgres/catalogue/snapshot.ts';
import { MASKING_SCHEMA } from '../../../sql/postgres/prepare/names.ts';
import { unmaskWords } from '../editor/masked-columns.ts';
import type { LoadedCatalogue } from './keeper.ts';

const KINDS: ReadonlyMap<string, CatalogueRelation['kind']> = new Map([
  ['r', 'table'],
  ['v', 'view'],
  ['m', 'materializedView'],
  ['p', 'partitionedTable'],
  ['f', 'foreignTable'],
  ['S', 'sequence'],
]);

const SYSTEM_SCHEMAS: ReadonlySet<string> = new Set(['pg_catalog', 'information_schema']);

/** The explorer's view of a catalogue for one principal: schemas people made, with the masks they would see. */
export function catalogueView(
  catalogue: LoadedCatalogue,
  policy: Policy,
  principal: Principal,
  target: Target,
  at: Date,
): CatalogueView {
  const schemas = new Map<string, CatalogueSchema>();
  const schemaOf = (name: string): CatalogueSchema => {
    const known = schemas.get(name) ?? { name, relations: [], functions: [] };
    schemas.set(name, known);
    return known;
  };
  for (const relation of catalogue.snapshot.relations) {
    const kind = KINDS.get(relation.kind);
    if (kind === undefined || SYSTEM_SCHEMAS.has(relation.schema)) continue;
    if (target.mode === 'prepared' && relation.schema === MASKING_SCHEMA) continue;
    const masks = masksOn(relation, policy, principal, target, at);
    schemaOf(relation.schema).relations.push({
      name: relation.name,
      kind,
      columns: relation.columns.map((column) => ({
        name: column.name,
        type: column.type,
        nullable: !column.notNull,
        primaryKey: catalogue.explorer.primaryKeys.get(relation.oid)?.has(column.number) ?? false,
        masked: masks.get(column.name) ?? null,
      })),
    });
  }
  for (const { schema, ...routine } of catalogue.explorer.routines) schemaOf(schema).functions.push(routine);
  const sorted = [...schemas.values()].sort(byName);
  for (const schema of sorted) {
    schema.relations.sort(byName);
    schema.functions.sort(byName);
  }
  return { version: catalogue.version, schemas: sorted };
}

function masksOn(
  relation: SnapshotRelation,
  policy: Policy,
  principal: Principal,
  target: Target,
  at: Date,
): Map<string, MaskReason> {
  const columns = relation.columns.map(({ name }) => name);
  const ref = { schema: relation.schema, relation: relation.name };
  return new Map(
    policy.masksOn(principal, target, ref, columns, at).map(({ mask, rule }) => [
      mask.column.column,
      {
        rule: mask.rule,
        owner: rule.owner,
        because: rule.because,
        mask: mask.mask,
        sources: [mask.column],
        ...unmaskWords([mask]),
      },
    ]),
  );
}

function byName(left: { name: string }, right: { name: string }): number {
  return left.name < right.name ? -1 : left.name > right.name ? 1 : 0;
}

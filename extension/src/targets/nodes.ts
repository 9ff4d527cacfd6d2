import type {
  CatalogueColumn,
  CatalogueFunction,
  CatalogueRelation,
  CatalogueSchema,
  CatalogueView,
} from '../../../gateway/contract/catalogue.ts';
import type { SluiceError } from '../../../gateway/contract/error.ts';
import type { FileEntry } from '../../../gateway/contract/file-endpoints.ts';
import type { Target } from '../../../gateway/contract/target.ts';
import { type HostPlace, within } from '../files/host-place.ts';

/** A line of the explorer. `id` is stable: it names the thing, not its place. */
export type TargetNode =
  | { kind: 'target'; id: string; target: Target }
  | { kind: 'host'; id: string; target: Target }
  | { kind: 'folder'; id: string; target: Target; place: HostPlace; label: string }
  | { kind: 'file'; id: string; target: Target; place: HostPlace; entry: FileEntry }
  | { kind: 'schema'; id: string; target: Target; schema: CatalogueSchema }
  | { kind: 'group'; id: string; target: Target; schema: CatalogueSchema; group: GroupName; count: number }
  | { kind: 'relation'; id: string; target: Target; schema: CatalogueSchema; relation: CatalogueRelation }
  | { kind: 'function'; id: string; target: Target; schema: CatalogueSchema; routine: CatalogueFunction }
  | { kind: 'column'; id: string; target: Target; relation: CatalogueRelation; column: CatalogueColumn }
  /** The target's catalogue could not be read. */
  | { kind: 'fault'; id: string; target: Target; error: SluiceError };

export type GroupName = 'tables' | 'views' | 'sequences' | 'functions';

const GROUP_OF: Record<CatalogueRelation['kind'], GroupName> = {
  table: 'tables',
  partitionedTable: 'tables',
  foreignTable: 'tables',
  view: 'views',
  materializedView: 'views',
  sequence: 'sequences',
};

export function targetNode(target: Target): TargetNode {
  return { kind: target.kind === 'ssh' ? 'host' : 'target', id: idOf(target.name), target };
}

/** @param under the node that could not be looked into; the target itself where none is named */
export function faultNode(target: Target, error: SluiceError, under = idOf(target.name)): TargetNode {
  return { kind: 'fault', id: `${under}/fault`, target, error };
}

/** A folder that a host is browsed from. */
export function rootNode(target: Target, place: HostPlace): TargetNode {
  const { account = '', path } = place;
  const label = account === '' ? path : `${path} (${account})`;
  return { kind: 'folder', id: idOf(target.name, account, path), target, place, label };
}

/** What is in a folder of a host. */
export function fileNodes(
  folder: Extract<TargetNode, { kind: 'folder' }>,
  entries: FileEntry[],
): TargetNode[] {
  const { target } = folder;
  return entries.map((entry) => {
    const place = within(folder.place, entry.name);
    const id = `${folder.id}/${encodeURIComponent(entry.name)}`;
    return entry.kind === 'folder'
      ? { kind: 'folder', id, target, place, label: entry.name }
      : { kind: 'file', id, target, place, entry };
  });
}

export function schemaNodes(target: Target, catalogue: CatalogueView): TargetNode[] {
  return catalogue.schemas.map((schema) => ({
    kind: 'schema',
    id: idOf(target.name, schema.name),
    target,
    schema,
  }));
}

/** What stands under a schema, group, relation … that is at hand already. A target's catalogue is asked for. */
export function childNodes(node: TargetNode): TargetNode[] {
  switch (node.kind) {
    case 'schema':
      return groupNodes(node.target, node.schema);
    case 'group':
      return node.group === 'functions'
        ? node.schema.functions.map((routine) => functionNode(node.target, node.schema, routine))
        : inGroup(node.schema, node.group).map((relation) =>
            relationNode(node.target, node.schema, relation),
          );
    case 'relation':
      return node.relation.columns.map((column) => ({
        kind: 'column',
        id: `${node.id}/${encodeURIComponent(column.name)}`,
        target: node.target,
        relation: node.relation,
        column,
      }));
    default:
      return [];
  }
}

export function maskedColumns(relation: CatalogueRelation): CatalogueColumn[] {
  return relation.columns.filter((column) => column.masked !== null);
}

function groupNodes(target: Target, schema: CatalogueSchema): TargetNode[] {
  const groups: [GroupName, number][] = [
    ['tables', inGroup(schema, 'tables').length],
    ['views', inGroup(schema, 'views').length],
    ['functions', schema.functions.length],
    ['sequences', inGroup(schema, 'sequences').length],
  ];
  return groups
    .filter(([, count]) => count > 0)
    .map(([group, count]) => ({
      kind: 'group',
      id: idOf(target.name, schema.name, `:${group}`),
      target,
      schema,
      group,
      count,
    }));
}

function inGroup(schema: CatalogueSchema, group: GroupName): CatalogueRelation[] {
  return schema.relations.filter((relation) => GROUP_OF[relation.kind] === group);
}

function relationNode(target: Target, schema: CatalogueSchema, relation: CatalogueRelation): TargetNode {
  return { kind: 'relation', id: idOf(target.name, schema.name, relation.name), target, schema, relation };
}

/** Functions share names; their arguments tell them apart. */
function functionNode(target: Target, schema: CatalogueSchema, routine: CatalogueFunction): TargetNode {
  const id = idOf(target.name, schema.name, `${routine.name}(${routine.arguments})`);
  return { kind: 'function', id, target, schema, routine };
}

function idOf(...parts: string[]): string {
  return parts.map(encodeURIComponent).join('/');
}

import * as vscode from 'vscode';
import { assertNever } from '../../../gateway/contract/assert-never.ts';
import type { Target } from '../../../gateway/contract/target.ts';
import type { HostFiles } from '../files/host-files.ts';
import type { HostPlace } from '../files/host-place.ts';
import {
  childNodes,
  faultNode,
  fileNodes,
  type GroupName,
  maskedColumns,
  rootNode,
  schemaNodes,
  type TargetNode,
  targetNode,
} from '../targets/nodes.ts';
import type { TargetList } from '../targets/target-list.ts';
import { escapeMarkdown, maskTooltip } from '../verdicts/wording.ts';
import { asSluiceError } from './errors.ts';

const { None, Collapsed, Expanded } = vscode.TreeItemCollapsibleState;

/** The explorer: target → schema → tables, views, functions → columns with their masks. */
export class TargetsTree implements vscode.TreeDataProvider<TargetNode> {
  readonly #changed = new vscode.EventEmitter<TargetNode | undefined>();
  readonly onDidChangeTreeData = this.#changed.event;
  readonly #list: TargetList;
  readonly #files: HostFiles;
  /** Folders that hosts are browsed from, where others than `/` were named. */
  readonly #added = new Map<string, readonly HostPlace[]>();
  /** Nodes as the view knows them, so that a single one can be refreshed. */
  readonly #targets = new Map<string, TargetNode>();

  constructor(list: TargetList, files: HostFiles) {
    this.#list = list;
    this.#files = files;
    list.state.follow(() => {
      this.#targets.clear();
      this.#changed.fire(undefined);
    });
  }

  /** Reads one target's catalogue again. */
  refresh(node: TargetNode): void {
    this.#list.forgetCatalogue(node.target.name);
    this.#changed.fire(this.#targets.get(node.target.name));
  }

  async getChildren(node?: TargetNode): Promise<TargetNode[]> {
    if (node === undefined)
      return [...this.#list.targets, ...this.#list.hosts].map((target) => this.#known(targetNode(target)));
    try {
      if (node.kind === 'target')
        return schemaNodes(node.target, await this.#list.catalogue(node.target.name));
      if (node.kind === 'host') return this.#roots(node.target).map((place) => rootNode(node.target, place));
      if (node.kind === 'folder') return fileNodes(node, (await this.#files.list(node.place)).entries);
      return childNodes(node);
    } catch (error) {
      return [faultNode(node.target, asSluiceError(error), node.id)];
    }
  }

  /** For `reveal`: folders that hosts are browsed from. */
  getParent(node: TargetNode): TargetNode | undefined {
    return node.kind === 'folder' ? this.#targets.get(node.target.name) : undefined;
  }

  /** Browses a host from this folder too. */
  addRoot(target: Target, place: HostPlace): TargetNode {
    const root = rootNode(target, place);
    const roots = this.#roots(target);
    if (!roots.some((known) => rootNode(target, known).id === root.id)) {
      this.#added.set(target.name, [...roots, place]);
      this.#changed.fire(this.#targets.get(target.name));
    }
    return root;
  }

  #roots({ name }: Target): readonly HostPlace[] {
    return this.#added.get(name) ?? [{ target: name, account: undefined, path: '/' }];
  }

  getTreeItem(node: TargetNode): vscode.TreeItem {
    const item = itemOf(node);
    item.id = node.id;
    return item;
  }

  #known(node: TargetNode): TargetNode {
    this.#targets.set(node.target.name, node);
    return node;
  }
}

function itemOf(node: TargetNode): vscode.TreeItem {
  switch (node.kind) {
    case 'target':
      return targetItem(node);
    case 'host':
      return hostItem(node);
    case 'folder': {
      const folder = item(node.label, Collapsed, 'folder', node);
      folder.tooltip = node.place.path;
      return folder;
    }
    case 'file':
      return fileItem(node);
    case 'schema':
      return item(
        node.schema.name,
        node.schema.name === 'public' ? Expanded : Collapsed,
        'symbol-namespace',
        node,
      );
    case 'group': {
      const group = item(
        GROUP_LABELS[node.group],
        node.group === 'tables' ? Expanded : Collapsed,
        'folder',
        node,
      );
      group.description = String(node.count);
      return group;
    }
    case 'relation':
      return relationItem(node);
    case 'function': {
      const routine = item(node.routine.name, None, 'symbol-function', node);
      routine.description = `(${node.routine.arguments}) → ${node.routine.returns}`;
      routine.tooltip = `${node.routine.name}${routine.description}`;
      return routine;
    }
    case 'column':
      return columnItem(node);
    case 'fault': {
      const fault = item(node.error.message, None, 'warning', node);
      fault.tooltip = `${node.error.message}\n${node.error.next}`;
      return fault;
    }
    default:
      return assertNever(node);
  }
}

const GROUP_LABELS: Record<GroupName, string> = {
  tables: 'Tables',
  views: 'Views',
  functions: 'Functions',
  sequences: 'Sequences',
};

function item(
  label: string,
  state: vscode.TreeItemCollapsibleState,
  icon: string,
  node: TargetNode,
): vscode.TreeItem {
  const made = new vscode.TreeItem(label, state);
  made.iconPath = new vscode.ThemeIcon(icon);
  made.contextValue = `sluice.${node.kind}`;
  return made;
}

function targetItem(node: Extract<TargetNode, { kind: 'target' }>): vscode.TreeItem {
  const { target } = node;
  const made = item(target.name, Collapsed, 'database', node);
  const labels = Object.entries(target.labels).map(([name, value]) => `${name}: ${value}`);
  made.description = Object.values(target.labels).join(' · ');
  made.tooltip = [`${target.name} (${target.kind})`, coverage(target), ...labels].join('\n');
  return made;
}

function hostItem(node: Extract<TargetNode, { kind: 'host' }>): vscode.TreeItem {
  const { target } = node;
  const made = item(target.name, Collapsed, 'server', node);
  const accounts = target.accounts ?? [];
  made.description = [...accounts.slice(0, 1), ...Object.values(target.labels)].join(' · ');
  const labels = Object.entries(target.labels).map(([name, value]) => `${name}: ${value}`);
  made.tooltip = [
    `${target.name} (host)`,
    `Accounts: ${accounts.join(', ')}`,
    'In a terminal each line is decided and recorded before it runs',
    ...labels,
  ].join('\n');
  made.command = { command: 'sluice.showTerminal', title: 'Open Terminal', arguments: [node] };
  return made;
}

const FILE_ICONS = {
  file: 'file',
  folder: 'folder',
  link: 'file-symlink-file',
  other: 'circle-slash',
} as const;

function fileItem({ entry, place, ...node }: Extract<TargetNode, { kind: 'file' }>): vscode.TreeItem {
  const made = item(entry.name, None, FILE_ICONS[entry.kind], { ...node, entry, place });
  const facts = [
    ...(entry.bytes === null ? [] : [`${entry.bytes.toLocaleString('en')} bytes`]),
    ...(entry.changedAtMs === null ? [] : [`changed ${new Date(entry.changedAtMs).toLocaleString()}`]),
  ];
  made.tooltip = [place.path, ...facts].join('\n');
  made.command = { command: 'sluice.openHostFile', title: 'Open', arguments: [{ ...node, entry, place }] };
  return made;
}

/** Who enforces the target's masks: where it is the gateway alone, that is the weaker way. */
function coverage({ mode }: Target): string {
  return mode === 'prepared'
    ? 'Prepared: the database withholds masked columns too'
    : 'Zero-footprint: masks are enforced by the gateway alone';
}

const RELATION_ICONS = {
  table: 'table',
  partitionedTable: 'layers',
  foreignTable: 'link-external',
  view: 'eye',
  materializedView: 'eye-watch',
  sequence: 'list-ordered',
} as const;

const RELATION_WORDS = {
  table: 'table',
  partitionedTable: 'partitioned table',
  foreignTable: 'foreign table',
  view: 'view',
  materializedView: 'materialized view',
  sequence: 'sequence',
} as const;

function relationItem(node: Extract<TargetNode, { kind: 'relation' }>): vscode.TreeItem {
  const { relation, schema } = node;
  const made = item(
    relation.name,
    relation.columns.length > 0 ? Collapsed : None,
    RELATION_ICONS[relation.kind],
    node,
  );
  const masked = maskedColumns(relation);
  if (masked.length > 0) made.description = `${masked.length} masked`;
  const names = masked.map((column) => column.name).join(', ');
  made.tooltip = [
    `${schema.name}.${relation.name}, ${RELATION_WORDS[relation.kind]}, ${relation.columns.length} columns`,
    ...(masked.length > 0 ? [`Masked for you: ${names}`] : []),
  ].join('\n');
  return made;
}

function columnItem(node: Extract<TargetNode, { kind: 'column' }>): vscode.TreeItem {
  const { column } = node;
  const icon = column.masked !== null ? 'shield' : column.primaryKey ? 'key' : 'symbol-field';
  const made = item(column.name, None, icon, node);
  if (column.masked?.unmask !== undefined) made.contextValue = 'sluice.column.liftable';
  made.description = [column.type, ...(column.masked === null ? [] : ['masked'])].join(' · ');
  const facts = [
    column.type,
    column.nullable ? 'may be NULL' : 'not NULL',
    ...(column.primaryKey ? ['primary key'] : []),
  ];
  const lines = [`**${escapeMarkdown(column.name)}** ${escapeMarkdown(facts.join(', '))}`];
  if (column.masked !== null) lines.push(...maskTooltip(column.masked).split('\n').map(escapeMarkdown));
  made.tooltip = new vscode.MarkdownString(lines.join('\n\n'));
  made.accessibilityInformation = { label: `${column.name}, ${made.description}` };
  return made;
}

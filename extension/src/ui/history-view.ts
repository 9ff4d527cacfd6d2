import * as vscode from 'vscode';
import type { TargetName } from '../../../gateway/contract/ids.ts';
import { type HistoryEntry, readHistory, withEntry } from '../runs/history.ts';

const STATE_KEY = 'sluice.history';

type HistoryNode = { kind: 'target'; target: TargetName } | { kind: 'entry'; entry: HistoryEntry };

/** What was run, by target, newest first. */
export class HistoryView implements vscode.TreeDataProvider<HistoryNode> {
  readonly #changed = new vscode.EventEmitter<undefined>();
  readonly onDidChangeTreeData = this.#changed.event;
  readonly #memory: vscode.Memento;
  #history: HistoryEntry[];

  constructor(memory: vscode.Memento) {
    this.#memory = memory;
    this.#history = readHistory(memory.get(STATE_KEY));
  }

  add(entry: HistoryEntry): void {
    this.#keep(withEntry(this.#history, entry));
  }

  clear(): void {
    this.#keep([]);
  }

  find(id: unknown): HistoryEntry | undefined {
    return this.#history.find((entry) => entry.id === id);
  }

  /** Lets the person search all entries; undefined when they leave. */
  async pick(): Promise<HistoryEntry | undefined> {
    const items = this.#history.map((entry) => ({
      label: oneLine(entry.text),
      description: entry.target,
      detail: describe(entry),
      entry,
    }));
    const options = { matchOnDescription: true, placeHolder: 'Statements run before; choose one to open it' };
    return (await vscode.window.showQuickPick(items, options))?.entry;
  }

  getChildren(node?: HistoryNode): HistoryNode[] {
    if (node === undefined) {
      const targets = new Set(this.#history.map((entry) => entry.target));
      return [...targets].map((target) => ({ kind: 'target', target }));
    }
    if (node.kind === 'entry') return [];
    return this.#history
      .filter((entry) => entry.target === node.target)
      .map((entry) => ({ kind: 'entry', entry }));
  }

  getTreeItem(node: HistoryNode): vscode.TreeItem {
    if (node.kind === 'target') {
      const item = new vscode.TreeItem(node.target, vscode.TreeItemCollapsibleState.Expanded);
      item.id = `history/${node.target}`;
      item.iconPath = new vscode.ThemeIcon('database');
      return item;
    }
    const { entry } = node;
    const item = new vscode.TreeItem(oneLine(entry.text), vscode.TreeItemCollapsibleState.None);
    item.id = `history/${entry.target}/${entry.id}`;
    item.description = describe(entry);
    item.tooltip = `${entry.text}\n\n${new Date(entry.atMs).toLocaleString()}`;
    item.iconPath = new vscode.ThemeIcon(ICONS[entry.status]);
    item.command = { command: 'sluice.openHistoryEntry', title: 'Open', arguments: [entry.id] };
    return item;
  }

  #keep(history: HistoryEntry[]): void {
    this.#history = history;
    void this.#memory.update(STATE_KEY, history);
    this.#changed.fire(undefined);
  }
}

const ICONS: Record<HistoryEntry['status'], string> = {
  running: 'sync',
  cancelling: 'sync',
  done: 'pass',
  failed: 'error',
  cancelled: 'circle-slash',
};

function describe(entry: HistoryEntry): string {
  const rows = entry.rows === 1 ? '1 row' : `${entry.rows.toLocaleString('en')} rows`;
  const outcome = entry.status === 'done' ? rows : entry.status;
  return `${outcome} · ${(entry.elapsedMs / 1000).toFixed(entry.elapsedMs < 10_000 ? 2 : 0)} s`;
}

function oneLine(text: string): string {
  return text.trim().replaceAll(/\s+/g, ' ').slice(0, 120);
}

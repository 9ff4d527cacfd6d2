import * as vscode from 'vscode';
import { surfaceInWords } from '../../../gateway/contract/surface.ts';
import type { SessionList } from '../replay/session-list.ts';
import { inWords, type SessionSummary } from '../replay/sessions.ts';
import { setContext } from './context-keys.ts';
import { asSluiceError, logError } from './errors.ts';
import { searchInWords } from './find-sessions.ts';

export type SessionNode = { kind: 'session'; session: SessionSummary };
type Node = SessionNode | { kind: 'more' };

/** Sessions that this person may see again, newest first. Nothing is asked for before somebody looks. */
export class SessionsTree implements vscode.TreeDataProvider<Node>, vscode.Disposable {
  readonly #list: SessionList;
  readonly #changed = new vscode.EventEmitter<undefined>();
  readonly onDidChangeTreeData = this.#changed.event;
  readonly #view: vscode.TreeView<Node>;
  readonly #subscriptions: vscode.Disposable[];

  constructor(list: SessionList) {
    this.#list = list;
    this.#view = vscode.window.createTreeView('sluice.sessions', { treeDataProvider: this });
    this.#subscriptions = [
      this.#view,
      this.#changed,
      { dispose: list.state.follow(() => this.#show()) },
      this.#view.onDidChangeVisibility(({ visible }) => {
        if (visible) this.look();
      }),
    ];
  }

  /** Asks for the sessions where somebody looks and none are known. */
  look(): void {
    if (this.#view.visible && this.#list.state.value.kind === 'unknown') void this.#list.refresh();
  }

  getChildren(node?: Node): Node[] {
    const state = this.#list.state.value;
    if (node !== undefined || state.kind !== 'known') return [];
    const sessions = state.sessions.map((session): Node => ({ kind: 'session', session }));
    return state.hasMore ? [...sessions, { kind: 'more' }] : sessions;
  }

  getTreeItem(node: Node): vscode.TreeItem {
    if (node.kind === 'more') {
      const item = new vscode.TreeItem('Show Older Sessions');
      item.command = { command: 'sluice.moreSessions', title: 'Show Older Sessions' };
      return item;
    }
    return itemOf(node);
  }

  dispose(): void {
    for (const subscription of this.#subscriptions) subscription.dispose();
  }

  #show(): void {
    const state = this.#list.state.value;
    if (state.kind === 'failed') logError(asSluiceError(state.error));
    const isEmpty = state.kind === 'known' && state.sessions.length === 0;
    setContext('sluice.sessions', state.kind === 'failed' ? 'failed' : isEmpty ? 'none' : 'some');
    this.#view.description = searchInWords(this.#list.search);
    this.#changed.fire(undefined);
  }
}

function itemOf(node: SessionNode): vscode.TreeItem {
  const { session } = node;
  const item = new vscode.TreeItem(`${session.who} on ${session.target}`);
  const words = inWords(session);
  item.id = `session/${session.id}`;
  item.description = `${when(session.fromMs)} · ${words}`;
  item.tooltip = [
    `${session.who} on ${session.target}, from ${surfaceInWords(session.surface)}`,
    `${new Date(session.fromMs).toLocaleString()} to ${new Date(session.toMs).toLocaleString()}`,
    words,
    session.id,
  ].join('\n');
  item.iconPath = new vscode.ThemeIcon(iconOf(session));
  item.contextValue = 'sluice.session';
  item.accessibilityInformation = { label: `Session of ${session.who} on ${session.target}, ${words}` };
  item.command = { command: 'sluice.openReplay', title: 'Replay Session', arguments: [node] };
  return item;
}

function iconOf({ live, surface, terminals }: SessionSummary): string {
  if (live !== null) return 'record';
  return surface === 'ssh' || terminals.length > 0 ? 'terminal' : 'database';
}

/** The time for what was today, the day for the rest. */
function when(ms: number): string {
  const at = new Date(ms);
  const isToday = at.toDateString() === new Date().toDateString();
  return isToday
    ? at.toLocaleTimeString([], { hour: '2-digit', minute: '2-digit' })
    : at.toLocaleDateString();
}

/** The session that a menu or an entry hands over; null when none was. */
export function sessionOf(value: unknown): SessionSummary | null {
  const isNode = typeof value === 'object' && value !== null && 'kind' in value && value.kind === 'session';
  return isNode && 'session' in value ? (value as SessionNode).session : null;
}

import * as vscode from 'vscode';
import { terminalTitle, watchersInWords } from '../terminals/wording.ts';
import type { HostTerminal } from './host-terminal.ts';

/** In the status bar while a terminal on a host is in front: where one is, as whom, and who looks on. */
export class TerminalItem implements vscode.Disposable {
  readonly #item = vscode.window.createStatusBarItem('sluice.terminal', vscode.StatusBarAlignment.Left, 7);

  constructor() {
    this.#item.name = 'Sluice: Terminal';
  }

  show(terminal: HostTerminal | null): void {
    const line = terminal?.line ?? null;
    if (terminal === null || line === null) {
      this.#item.hide();
      return;
    }
    const { state, watchers, account } = line;
    const title = terminalTitle(terminal.place, account, state.value);
    const watched = watchersInWords(watchers.value);
    const icon = ICONS[state.value.kind];
    this.#item.text = [`$(${icon}) ${title}`, ...(watched === '' ? [] : [`$(eye) ${watched}`])].join('  ');
    this.#item.tooltip = [
      'Each line is decided and recorded before it runs',
      ...(state.value.kind === 'lost'
        ? ['The connection is lost; the session is kept and looked for again']
        : []),
      ...watchers.value.map(({ name }) => `${name} sees this terminal`),
    ].join('\n');
    this.#item.show();
  }

  dispose(): void {
    this.#item.dispose();
  }
}

const ICONS = {
  connecting: 'sync~spin',
  open: 'server',
  lost: 'sync~spin',
  ended: 'debug-disconnect',
} as const;

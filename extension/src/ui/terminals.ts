import * as vscode from 'vscode';
import { SluiceError } from '../../../gateway/contract/error.ts';
import type { TargetName } from '../../../gateway/contract/ids.ts';
import type { TargetList } from '../targets/target-list.ts';
import type { TerminalLineOptions, TerminalPlace } from '../terminals/terminal-line.ts';
import { showError } from './errors.ts';
import { pickHost } from './host-picker.ts';
import { HostTerminal } from './host-terminal.ts';
import { TerminalItem } from './terminal-item.ts';

const PROFILE_ID = 'sluice.terminal';
const ICON = new vscode.ThemeIcon('server');

export type TerminalsOptions = {
  list: TargetList;
  /** Signs in when needed. @throws when the person gives up or the gateway is away */
  requireSignIn: () => Promise<void>;
  access: TerminalLineOptions['access'];
};

/** Terminals on hosts: from the terminal's own drop-down, the explorer and the palette. */
export class Terminals implements vscode.TerminalProfileProvider, vscode.Disposable {
  readonly #options: TerminalsOptions;
  readonly #item = new TerminalItem();
  readonly #subscriptions: vscode.Disposable[];

  constructor(options: TerminalsOptions) {
    this.#options = options;
    this.#subscriptions = [
      vscode.window.registerTerminalProfileProvider(PROFILE_ID, this),
      // One that comes from the drop-down opens behind the terminal that was in front.
      vscode.window.onDidOpenTerminal((terminal) => {
        if (hostTerminalOf(terminal) !== null) terminal.show();
      }),
      vscode.window.onDidChangeActiveTerminal(() => this.#show()),
      vscode.window.onDidCloseTerminal(() => this.#show()),
    ];
  }

  async provideTerminalProfile(): Promise<vscode.TerminalProfile | undefined> {
    try {
      const place = await this.choose();
      return place === null ? undefined : new vscode.TerminalProfile(this.#optionsOf(place));
    } catch (error) {
      showError(error);
      return undefined;
    }
  }

  /** Opens a terminal on `target`, or on a host that is chosen now. */
  async open(target: TargetName | null): Promise<void> {
    const place = await this.choose(target);
    if (place !== null) vscode.window.createTerminal(this.#optionsOf(place));
  }

  /** Shows a terminal that is open on `target`; opens one where there is none. */
  async show(target: TargetName): Promise<void> {
    const open = vscode.window.terminals.find((terminal) => {
      const ours = hostTerminalOf(terminal);
      return ours?.place.target === target && ours.line?.state.value.kind !== 'ended';
    });
    if (open === undefined) await this.open(target);
    else open.show();
  }

  /** A host and an account, chosen now where there are several; null when the person leaves. @throws SluiceError */
  async choose(target: TargetName | null = null): Promise<TerminalPlace | null> {
    const { list, requireSignIn } = this.#options;
    await requireSignIn();
    if (list.state.value.kind !== 'known') await list.refresh();
    if (list.state.value.kind === 'failed') throw list.state.value.error;
    if (list.hosts.length === 0) {
      throw new SluiceError(
        'target.unknown',
        'The gateway knows no host that you may use.',
        'Ask its administrator to give one of your groups access.',
      );
    }
    return pickHost(target === null ? list.hosts : list.hosts.filter(({ name }) => name === target));
  }

  dispose(): void {
    for (const subscription of this.#subscriptions) subscription.dispose();
    this.#item.dispose();
  }

  #optionsOf(place: TerminalPlace): vscode.ExtensionTerminalOptions {
    const pty = new HostTerminal(place, this.#options.access, () => this.#show());
    const name = place.account === undefined ? place.target : `${place.account}@${place.target}`;
    return { name, pty, iconPath: ICON, isTransient: true };
  }

  #show(): void {
    const active = vscode.window.activeTerminal;
    this.#item.show(active === undefined ? null : hostTerminalOf(active));
  }
}

function hostTerminalOf({ creationOptions }: vscode.Terminal): HostTerminal | null {
  return 'pty' in creationOptions && creationOptions.pty instanceof HostTerminal ? creationOptions.pty : null;
}

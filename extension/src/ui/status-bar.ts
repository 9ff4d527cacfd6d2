import * as vscode from 'vscode';
import { assertNever } from '../../../gateway/contract/assert-never.ts';
import type { TargetName } from '../../../gateway/contract/ids.ts';
import type { GatewayState } from '../gateway/connection.ts';
import type { Account } from '../identity/account.ts';

export type StatusBarFacts = {
  gateway: GatewayState;
  account: Account | null;
  /** Undefined: no SQL file is in front. */
  target: TargetName | null | undefined;
  transaction: 'idle' | 'inTransaction' | 'failed';
};

/** Who, at which gateway, on which target. */
export class StatusBar implements vscode.Disposable {
  readonly #who = vscode.window.createStatusBarItem('sluice.who', vscode.StatusBarAlignment.Left, 10);
  readonly #target = vscode.window.createStatusBarItem('sluice.target', vscode.StatusBarAlignment.Left, 9);

  constructor() {
    this.#who.name = 'Sluice: Account and Gateway';
    this.#target.name = 'Sluice: Target';
    this.#target.command = 'sluice.chooseTarget';
  }

  show(facts: StatusBarFacts): void {
    this.#showWho(facts);
    this.#showTarget(facts);
  }

  dispose(): void {
    this.#who.dispose();
    this.#target.dispose();
  }

  #showWho({ gateway, account }: StatusBarFacts): void {
    const { text, tooltip, command } = whoOf(gateway, account);
    this.#who.text = text;
    this.#who.tooltip = tooltip;
    this.#who.command = command;
    if (gateway.kind === 'off') this.#who.hide();
    else this.#who.show();
  }

  #showTarget({ gateway, account, target, transaction }: StatusBarFacts): void {
    if (target === undefined || gateway.kind !== 'ready' || account === null) {
      this.#target.hide();
      return;
    }
    const open = transaction === 'idle' ? '' : ` · ${transaction === 'failed' ? 'failed ' : ''}transaction`;
    this.#target.text = target === null ? '$(database) choose target' : `$(database) ${target}${open}`;
    this.#target.tooltip =
      target === null
        ? 'Choose the target on which this file runs'
        : `This file runs on ${target}${open === '' ? '' : ', inside an open transaction: COMMIT or ROLLBACK ends it'}`;
    this.#target.show();
  }
}

function whoOf(
  gateway: GatewayState,
  account: Account | null,
): { text: string; tooltip: string; command: string } {
  switch (gateway.kind) {
    case 'off':
    case 'starting':
      return { text: '$(sync~spin) Sluice', tooltip: 'Connecting to the gateway', command: 'sluice.showLog' };
    case 'unreachable':
    case 'mismatch':
      return {
        text: '$(warning) Sluice',
        tooltip: `${gateway.error.message}\n${gateway.error.next}`,
        command: 'sluice.chooseGateway',
      };
    case 'ready': {
      const at = new URL(gateway.url).host;
      return account === null
        ? { text: '$(account) Sluice: sign in', tooltip: `Signed out at ${at}`, command: 'sluice.signIn' }
        : {
            text: `$(shield) ${account.name}`,
            tooltip: `${account.name} (${account.id})\nGateway ${at}, version ${gateway.hello.version}`,
            command: 'sluice.targets.focus',
          };
    }
    default:
      return assertNever(gateway);
  }
}

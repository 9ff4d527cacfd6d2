import * as vscode from 'vscode';
import { bundledSource } from '../gateway/bundled-source.ts';
import { type GatewaySource, remoteSource } from '../gateway/connection.ts';
import { isLoopback } from '../identity/loopback-host.ts';
import { log } from './log.ts';
import { changeSetting, setting } from './settings.ts';

/** The gateway that the settings name, and whose account counts there. */
export type ChosenGateway = { source: GatewaySource; account: string; isBundled: boolean };

const BUNDLED = 'bundled';

export function chosenGateway(context: vscode.ExtensionContext): ChosenGateway {
  const url = setting('sluice.gateway.url').trim();
  if (url !== '') return { source: remoteSource(url), account: new URL(url).origin, isBundled: false };
  return {
    account: BUNDLED,
    isBundled: true,
    source: bundledSource({
      program: vscode.Uri.joinPath(context.extensionUri, 'dist', 'gateway', 'sluice.mjs').fsPath,
      configFile: setting('sluice.gateway.config').trim(),
      folder: context.globalStorageUri.fsPath,
      log: (line) => log().info(`gateway: ${line}`),
    }),
  };
}

/** Lets the person choose; the settings change, and the extension follows them. */
export async function chooseGateway(): Promise<void> {
  const bundled = {
    label: '$(package) The gateway that comes with the extension',
    description: 'on this computer, while a window is open',
  };
  const remote = { label: '$(cloud) Another gateway…', description: setting('sluice.gateway.url') };
  const chosen = await vscode.window.showQuickPick([bundled, remote], { placeHolder: 'Which gateway?' });
  if (chosen === bundled) await changeSetting('sluice.gateway.url', '');
  if (chosen !== remote) return;
  const url = await vscode.window.showInputBox({
    title: 'Address of the gateway',
    placeHolder: 'https://gateway.example',
    value: setting('sluice.gateway.url'),
    validateInput: problemWithAddress,
  });
  if (url !== undefined) await changeSetting('sluice.gateway.url', url.trim());
}

function problemWithAddress(text: string): string | null {
  if (!URL.canParse(text.trim()) || !/^https?:/.test(text.trim())) {
    return 'An address starts with https:// (or http:// on this computer).';
  }
  const { protocol, hostname } = new URL(text.trim());
  return protocol === 'https:' || isLoopback(hostname)
    ? null
    : 'A gateway on another computer is reached by https:// only.';
}

import * as vscode from 'vscode';
import type { Target } from '../../../gateway/contract/target.ts';
import type { HostPlace } from '../files/host-place.ts';
import type { TerminalPlace } from '../terminals/terminal-line.ts';

/** Lets the person choose a host and who they are there; null when they leave. The only one needs no question. */
export async function pickHost(hosts: readonly Target[]): Promise<TerminalPlace | null> {
  const places = hosts.flatMap(placesOn);
  const [only] = places;
  if (only !== undefined && places.length === 1) return only.place;
  const placeHolder = 'On which host?';
  return (
    (await vscode.window.showQuickPick(places, { placeHolder, matchOnDescription: true }))?.place ?? null
  );
}

function placesOn({
  name,
  accounts = [],
  labels,
}: Target): Array<vscode.QuickPickItem & { place: TerminalPlace }> {
  const description = Object.values(labels).join(' · ');
  if (accounts.length === 0) return [{ label: `$(server) ${name}`, description, place: { target: name } }];
  return accounts.map((account) => ({
    label: `$(server) ${name}`,
    description: [`as ${account}`, description].filter((part) => part !== '').join(' · '),
    place: { target: name, account },
  }));
}

/** Asks for a folder of a host; undefined when the person leaves. */
export function askForFolder(host: string): Thenable<string | undefined> {
  return vscode.window.showInputBox({
    title: `Files of ${host}`,
    prompt: 'Which folder? Each look at a folder or file is decided and recorded.',
    value: '/',
    validateInput: (text) => (text.startsWith('/') ? undefined : 'Begin with /.'),
  });
}

const COPY = 'Copy a Request';

/** Says why a file is not shown; whoever needs it gets words to send to those who may change that. */
export async function tellRefused({ target, path }: HostPlace, sentence: string): Promise<void> {
  const chosen = await vscode.window.showWarningMessage(sentence, COPY);
  if (chosen === undefined) return;
  await vscode.env.clipboard.writeText(`Please let me read ${path} on ${target}. I was told: ${sentence}`);
}

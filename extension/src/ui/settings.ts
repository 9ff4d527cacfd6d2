import * as vscode from 'vscode';
import { type SettingId, settings } from '../contributions.ts';

type Widened<T> = T extends string ? string : T extends boolean ? boolean : T extends number ? number : never;
export type SettingValue<Id extends SettingId> = Widened<(typeof settings)[Id]['default']>;

/** A setting's value, or its default when what stands there has another type. */
export function setting<Id extends SettingId>(id: Id): SettingValue<Id> {
  const standard = settings[id].default;
  const value: unknown = vscode.workspace.getConfiguration().get(id);
  return (typeof value === typeof standard ? value : standard) as SettingValue<Id>;
}

/** Changes a setting for this computer. */
export function changeSetting<Id extends SettingId>(id: Id, value: SettingValue<Id>): Thenable<void> {
  return vscode.workspace.getConfiguration().update(id, value, vscode.ConfigurationTarget.Global);
}

export function onSettingChange(prefix: string, listener: () => void): vscode.Disposable {
  return vscode.workspace.onDidChangeConfiguration((event) => {
    if (event.affectsConfiguration(prefix)) listener();
  });
}

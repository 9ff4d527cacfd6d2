import * as vscode from 'vscode';
import { SluiceError } from '../../../gateway/contract/error.ts';
import type { TargetName } from '../../../gateway/contract/ids.ts';
import type { TargetList } from '../targets/target-list.ts';

/** Lets the person choose among the targets they may see; null when they leave. */
export async function pickTarget(list: TargetList, placeHolder: string): Promise<TargetName | null> {
  if (list.state.value.kind !== 'known') await list.refresh();
  const state = list.state.value;
  if (state.kind === 'failed') throw state.error;
  const items = list.targets.map((target) => ({
    label: `$(database) ${target.name}`,
    description: Object.values(target.labels).join(' · '),
    name: target.name,
  }));
  if (items.length === 0) {
    throw new SluiceError(
      'target.unknown',
      'The gateway knows no target that you may see.',
      'Ask its administrator to give one of your groups access.',
    );
  }
  return (await vscode.window.showQuickPick(items, { placeHolder }))?.name ?? null;
}

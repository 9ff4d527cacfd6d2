import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { commands } from '../src/contributions.ts';
import type { SluiceApi } from '../src/extension.ts';

const MAX_ACTIVATION_MS = 50;

/** What holds as soon as the extension has started, with no gateway in sight. */
export function startSuite(): void {
  describe('start', () => {
    let api: SluiceApi;
    before(async () => {
      const extension = vscode.extensions.getExtension<SluiceApi>('sluice.sluice');
      assert.ok(extension !== undefined, 'the extension is installed');
      api = await extension.activate();
    });

    it(`activates in under ${MAX_ACTIVATION_MS} ms`, () => {
      console.log(`      activation: ${api.activationMs.toFixed(1)} ms`);
      assert.ok(api.activationMs < MAX_ACTIVATION_MS, `${api.activationMs.toFixed(1)} ms`);
    });

    it('registers every command of the table', async () => {
      const registered = new Set(await vscode.commands.getCommands(true));
      for (const id of Object.keys(commands)) assert.ok(registered.has(id), id);
    });

    it('shows its views', async () => {
      await vscode.commands.executeCommand('sluice.targets.focus');
      await vscode.commands.executeCommand('sluice.approvals.focus');
      await vscode.commands.executeCommand('sluice.history.focus');
      await vscode.commands.executeCommand('sluice.results.focus');
    });

    it('keeps the gateway’s address out of reach of a workspace', () => {
      const inspected = vscode.workspace.getConfiguration().inspect('sluice.gateway.url');
      assert.equal(inspected?.workspaceValue, undefined);
      assert.equal(inspected?.defaultValue, '');
    });
  });
}

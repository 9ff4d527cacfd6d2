import assert from 'node:assert/strict';
import * as vscode from 'vscode';

const TEXT = "select * from customers where name = ';';\n\nupdate orders set paid = true;\n";

/** What a SQL file shows while nobody is signed in. */
export function editorSuite(): void {
  describe('a SQL file, signed out', () => {
    let document: vscode.TextDocument;
    before(async () => {
      document = await vscode.workspace.openTextDocument({ language: 'sql', content: TEXT });
      await vscode.window.showTextDocument(document);
    });

    it('is outlined without a gateway, and says that it was not checked', async () => {
      const symbols = await vscode.commands.executeCommand<vscode.DocumentSymbol[]>(
        'vscode.executeDocumentSymbolProvider',
        document.uri,
      );
      assert.equal(symbols.length, 2);
      assert.match(symbols[0]?.detail ?? '', /customers.*not checked/);
    });

    it('has a lens above each statement that says what is missing', async () => {
      const lenses = await vscode.commands.executeCommand<vscode.CodeLens[]>(
        'vscode.executeCodeLensProvider',
        document.uri,
        10,
      );
      assert.deepEqual(
        lenses.map((lens) => lens.range.start.line),
        [0, 2],
      );
      for (const lens of lenses) assert.match(lens.command?.title ?? '', /not checked/);
    });

    it('explains itself on hover', async () => {
      const hovers = await vscode.commands.executeCommand<vscode.Hover[]>(
        'vscode.executeHoverProvider',
        document.uri,
        new vscode.Position(0, 3),
      );
      const texts = hovers
        .flatMap((hover) => hover.contents)
        .map((c) => (typeof c === 'string' ? c : c.value));
      assert.ok(texts.some((text) => text.includes('Not checked')));
    });
  });
}

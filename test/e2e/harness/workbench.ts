import assert from 'node:assert/strict';
import type { FrameLocator, Locator, Page } from 'playwright-core';

/** A loaded machine brings up the workbench in five to seven seconds; the rest is patience. */
export const WAIT_MS = 60_000;

/** One try of several at what takes well under a second. */
const TRY_MS = 15_000;

/** How long the dialog for files may take to list a folder and suggest a name. */
const SUGGESTING_MS = 300;
const NEXT_FRAME = 'new Promise((shown) => requestAnimationFrame(shown))';

/** The workbench of VS Code in a page: what a person sees and clicks, by its accessible names where it has them. */
export class Workbench {
  readonly page: Page;

  constructor(page: Page) {
    this.page = page;
    page.setDefaultTimeout(WAIT_MS);
  }

  async open(address: string): Promise<void> {
    await this.page.goto(address);
    await this.page.locator('.monaco-workbench .activitybar').waitFor();
    await this.page.locator('.monaco-workbench .statusbar').waitFor();
  }

  /** Shows a container of the activity bar. */
  async showContainer(name: string): Promise<void> {
    const label = this.page.locator(`a.action-label[aria-label^="${name}"]`);
    const tab = this.page.locator('.activitybar [role="tab"]', { has: label }).first();
    await tab.waitFor();
    if ((await tab.getAttribute('aria-selected')) !== 'true') await tab.click();
  }

  /** Runs a command by its title, as people do. */
  async runCommand(title: string): Promise<void> {
    await this.#choose('F1', `>${title}`, title);
  }

  /** Opens a file of the workspace with the cursor in `line` (from 1). */
  async openFile(name: string, line = 1): Promise<void> {
    await this.#choose('ControlOrMeta+p', `${name}:${line}`, name);
    await this.page.locator('.tab.active', { hasText: name }).waitFor();
    await this.page.locator('.editor-instance .monaco-editor.focused').waitFor();
  }

  /** Opens a quick pick by its key, types, and takes the row that says `row`. */
  async #choose(key: string, text: string, row: string): Promise<void> {
    const widget = this.page.locator('.quick-input-widget');
    const input = widget.locator('input[type="text"]').first();
    // What takes the focus late, as a view that the last command shows, closes the pick: it is opened again.
    for (const deadline = Date.now() + WAIT_MS; ; ) {
      await widget.waitFor({ state: 'hidden' });
      await this.page.keyboard.press(key);
      try {
        await input.fill(text, { timeout: TRY_MS });
        return await this.quickPick(row).click({ timeout: TRY_MS });
      } catch (error) {
        if (Date.now() > deadline) throw error;
        if (await widget.isVisible()) await this.page.keyboard.press('Escape');
      }
    }
  }

  /** Answers a question that the editor asks in one line. */
  async typeInto(prompt: string, text: string): Promise<void> {
    const widget = this.page.locator('.quick-input-widget', { hasText: prompt });
    await widget.waitFor();
    await widget.locator('input[type="text"]').first().fill(text);
    await this.page.keyboard.press('Enter');
  }

  /** Names the file that the editor asks for. */
  async typeFile(path: string): Promise<void> {
    const widget = this.page.locator('.quick-input-widget');
    const input = widget.locator('input[type="text"]').first();
    // What asked for the dialog stood in the same place, and has no such button.
    const done = widget.getByRole('button', { name: /^(OK|Save)$/ });
    await done.waitFor();
    // The dialog suggests a place of its own first, and would make one of it and of what came before.
    while (!(await input.inputValue()).startsWith('/')) await this.page.evaluate(NEXT_FRAME);
    // While it lists folders it takes no click, and may write its suggestion anew: said again until it is gone.
    for (const deadline = Date.now() + 30_000; await done.isVisible(); ) {
      assert.ok(Date.now() < deadline, `The dialog for files does not take ${path}.`);
      if ((await input.inputValue({ timeout: 1_000 }).catch(() => path)) !== path)
        await input.fill(path, { timeout: 1_000 }).catch(() => {});
      // A suggestion that comes late takes the place of what was filled in.
      await this.page.waitForTimeout(SUGGESTING_MS);
      if ((await input.inputValue({ timeout: 1_000 }).catch(() => path)) !== path) continue;
      await done.click({ timeout: 1_000 }).catch(() => {});
      await widget.waitFor({ state: 'hidden', timeout: 1_000 }).catch(() => {});
    }
  }

  /** Everything that stands above statements now. */
  lenses(): Locator {
    return this.page.locator('.editor-instance .codelens-decoration');
  }

  /** The lens that says `text`. */
  lens(text: string): Locator {
    return this.lenses().filter({ hasText: text }).first();
  }

  dialogButton(label: string): Locator {
    return this.page.locator('.monaco-dialog-box').getByRole('button', { name: label });
  }

  quickPick(text: string): Locator {
    return this.page.locator('.quick-input-list .monaco-list-row', { hasText: text }).first();
  }

  treeItem(label: string): Locator {
    return this.page.locator('.sidebar .monaco-list-row', { hasText: label }).first();
  }

  /** The document inside the results view. */
  results(): Promise<FrameLocator> {
    return this.#webview('main.screen');
  }

  /** The document inside the side panel of requests. */
  approvals(): Promise<FrameLocator> {
    return this.#webview('main.inbox');
  }

  /** The document inside the replay of a session; one is open. */
  replay(): Promise<FrameLocator> {
    return this.#webview('main.replay');
  }

  /** The document inside the replay of recorded actions against a policy; one is open. */
  policyReplay(): Promise<FrameLocator> {
    return this.#webview('main.policy-replay');
  }

  /** The webview that shows `content`. They carry no name, and are made anew whenever they are shown again. */
  async #webview(content: string): Promise<FrameLocator> {
    const deadline = Date.now() + WAIT_MS;
    for (;;) {
      const frames = this.page.locator('iframe.webview.ready');
      for (let index = 0; index < (await frames.count()); index++) {
        const inside = frames.nth(index).contentFrame().frameLocator('#active-frame');
        if (
          (await inside
            .locator(content)
            .count()
            .catch(() => 0)) > 0
        )
          return inside;
      }
      if (Date.now() > deadline) throw new Error(`No webview shows ${content}.`);
      await this.page.waitForTimeout(100);
    }
  }

  statusBar(): Locator {
    return this.page.locator('.statusbar');
  }

  notifications(): Locator {
    return this.page.locator('.notification-toast');
  }
}

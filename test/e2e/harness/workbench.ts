import type { FrameLocator, Locator, Page } from 'playwright-core';

/** A loaded machine brings up the workbench in five to seven seconds; the rest is patience. */
export const WAIT_MS = 60_000;

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
    const tab = this.page
      .locator(
        `.activitybar .action-item[aria-label^="${name}"], .activitybar [role="tab"][aria-label^="${name}"]`,
      )
      .first();
    await tab.waitFor();
    if ((await tab.getAttribute('aria-selected')) !== 'true') await tab.click();
  }

  /** Runs a command by its title, as people do. */
  async runCommand(title: string): Promise<void> {
    await this.page.keyboard.press('F1');
    const input = this.page.locator('.quick-input-widget input[type="text"]').first();
    await input.waitFor();
    await input.fill(`>${title}`);
    await this.page.locator('.quick-input-list .monaco-list-row', { hasText: title }).first().click();
  }

  /** Opens a file of the workspace and waits for its text. */
  async openFile(name: string): Promise<void> {
    await this.page.keyboard.press('ControlOrMeta+p');
    const input = this.page.locator('.quick-input-widget input[type="text"]').first();
    await input.waitFor();
    await input.fill(name);
    await this.page.locator('.quick-input-list .monaco-list-row', { hasText: name }).first().click();
    await this.page.locator('.tab.active', { hasText: name }).waitFor();
  }

  /** Puts the cursor into the first line that shows `text`. */
  async clickLine(text: string): Promise<void> {
    await this.line(text).click();
  }

  line(text: string): Locator {
    return this.page.locator('.editor-instance .view-line', { hasText: text }).first();
  }

  /** Everything that stands above statements now. */
  lenses(): Locator {
    return this.page.locator('.editor-instance .codelens-decoration');
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

  /** The document inside a webview; Sluice's results are the only one open. */
  webview(): FrameLocator {
    return this.page.frameLocator('iframe.webview.ready').first().frameLocator('#active-frame');
  }

  notifications(): Locator {
    return this.page.locator('.notification-toast');
  }
}

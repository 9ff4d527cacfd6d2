import type { Locator, Page } from 'playwright-core';
import { WAIT_MS } from './workbench.ts';

/** The terminal that is in front in the panel, as a person reads it and types into it. */
export class TerminalPanel {
  readonly #page: Page;

  constructor(page: Page) {
    this.#page = page;
  }

  /** What is on the screen now, line by line, without the blanks at their ends. */
  async text(): Promise<string> {
    const rows = await this.#terminal().locator('.xterm-rows > div').allInnerTexts();
    return rows.map((row) => row.replaceAll('\u00a0', ' ').trimEnd()).join('\n');
  }

  /** Waits until the screen says that, and gives all of it. */
  async shows(what: RegExp): Promise<string> {
    const deadline = Date.now() + WAIT_MS;
    for (;;) {
      const text = await this.text().catch(() => '');
      if (what.test(text)) return text;
      if (Date.now() > deadline) throw new Error(`The terminal does not show ${what}; it shows:\n${text}`);
      await this.#page.waitForTimeout(100);
    }
  }

  async type(text: string): Promise<void> {
    await this.#terminal().locator('.xterm-helper-textarea').focus();
    await this.#page.keyboard.type(text, { delay: 5 });
  }

  async press(key: string): Promise<void> {
    await this.#terminal().locator('.xterm-helper-textarea').focus();
    await this.#page.keyboard.press(key);
  }

  /** Waits for a prompt, clears the screen and enters a line. */
  async enter(line: string): Promise<void> {
    await this.shows(/\$\s*$/);
    await this.press('Control+l');
    await this.type(line);
    await this.press('Enter');
  }

  #terminal(): Locator {
    return this.#page.locator('.terminal-wrapper.active .xterm').first();
  }
}

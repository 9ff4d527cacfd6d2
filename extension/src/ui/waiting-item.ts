import * as vscode from 'vscode';
import type { ApprovalRequest } from '../../../gateway/contract/approval-request.ts';
import { awaited, byUrgency, timeLeft, wish } from '../../contract/requests.ts';

const TICK_MS = 10_000;

/** In the status bar while something of this person waits for others. */
export class WaitingItem implements vscode.Disposable {
  readonly #item = vscode.window.createStatusBarItem('sluice.waiting', vscode.StatusBarAlignment.Left, 8);
  #waiting: readonly ApprovalRequest[] = [];
  #clock: NodeJS.Timeout | undefined;

  constructor() {
    this.#item.name = 'Sluice: Waiting for Approval';
  }

  show(mine: readonly ApprovalRequest[]): void {
    this.#waiting = mine;
    clearInterval(this.#clock);
    this.#draw();
    if (mine.length > 0) this.#clock = setInterval(() => this.#draw(), TICK_MS);
  }

  dispose(): void {
    clearInterval(this.#clock);
    this.#item.dispose();
  }

  #draw(): void {
    const [first, ...others] = this.#waiting
      .map((request) => ({ request, acts: [] }))
      .sort(byUrgency)
      .map(({ request }) => request);
    if (first === undefined) {
      this.#item.hide();
      return;
    }
    const left = timeLeft(first.lapsesAt, Date.now());
    const more = others.length === 0 ? '' : ` +${others.length}`;
    this.#item.text = `$(watch) waiting for ${awaited(first)}${more}`;
    this.#item.tooltip = `To ${wish(first)} on ${first.target} waits for ${awaited(first)}; ${left} left.`;
    this.#item.command = {
      command: 'sluice.showRequest',
      title: 'Show Request',
      arguments: [first.id],
    };
    this.#item.show();
  }
}

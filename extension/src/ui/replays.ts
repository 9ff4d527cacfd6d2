import type * as vscode from 'vscode';
import { SluiceError } from '../../../gateway/contract/error.ts';
import type { RecordId, SessionId } from '../../../gateway/contract/ids.ts';
import type { HttpClient } from '../gateway/http-client.ts';
import { ReplayPanel } from './replay-panel.ts';

export type ReplayAccess = {
  /** Folder of the webviews' bundles. */
  folder: vscode.Uri;
  client: () => Promise<HttpClient>;
  /** Where the gateway is, and a token for it. */
  access: () => Promise<{ url: string; token: string }>;
};

/** Replays that are open, one tab for each session. */
export class Replays implements vscode.Disposable {
  readonly #access: ReplayAccess;
  readonly #open = new Map<SessionId, ReplayPanel>();

  constructor(access: ReplayAccess) {
    this.#access = access;
  }

  /** Exports what the replay in front shows; false when there is none. */
  exportActive(): boolean {
    const panel = [...this.#open.values()].find(({ isActive }) => isActive);
    panel?.export();
    return panel !== undefined;
  }

  show(session: SessionId, title: string): ReplayPanel {
    const known = this.#open.get(session);
    if (known !== undefined) {
      known.reveal();
      return known;
    }
    const panel = new ReplayPanel(session, title, this.#access, () => this.#open.delete(session));
    this.#open.set(session, panel);
    return panel;
  }

  /**
   * Shows a session where one of its actions happened.
   * @throws SluiceError where the person may not see it, or it is gone
   */
  async showAction(session: SessionId, record: RecordId): Promise<void> {
    const client = await this.#access.client();
    const [first] = (await client.ask('records', { params: { session, limit: 1 } })).records;
    if (first === undefined) {
      throw new SluiceError(
        'session.unknown',
        'There is no recorded session with this action that you may see.',
        'Auditors see everybody’s; records that were purged are gone.',
      );
    }
    this.show(session, `${first.principalName} on ${first.target}`).showAction(record);
  }

  /** What one person could see is nothing for the next at this computer. */
  close(): void {
    for (const panel of [...this.#open.values()]) panel.dispose();
  }

  dispose(): void {
    this.close();
  }
}

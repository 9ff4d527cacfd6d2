import * as vscode from 'vscode';
import type { RecordId, SessionId } from '../../../gateway/contract/ids.ts';
import type { RecordedAnswer } from '../../../gateway/contract/record.ts';
import type { Channel } from '../../contract/channel.ts';
import {
  type ReplayHost,
  type ReplaySession,
  type ReplayView,
  replayHost,
  replayView,
} from '../../contract/replay-messages.ts';
import type { Cast } from '../replay/cast.ts';
import { DownloadedCast } from '../replay/downloaded-cast.ts';
import { type FoundSession, findSession, replayOf } from '../replay/replay-session.ts';
import { WatchedCast } from '../replay/watched-cast.ts';
import { asSluiceError, logError, showError } from './errors.ts';
import { exportRecording } from './replay-export.ts';
import type { ReplayAccess } from './replays.ts';
import { openViewChannel } from './view-channel.ts';

/** Actions of a session that is open come so often. */
const LOOK_AGAIN_MS = 2_000;

/** One session shown again, in a tab. */
export class ReplayPanel implements vscode.Disposable {
  readonly #session: SessionId;
  readonly #access: ReplayAccess;
  readonly #panel: vscode.WebviewPanel;
  readonly #channel: Channel<ReplayHost>;
  readonly #closed = new AbortController();
  #found: FoundSession = { records: [], live: null };
  #cast: Cast | null = null;
  #terminal = 1;
  #wanted: RecordId | null = null;

  constructor(session: SessionId, title: string, access: ReplayAccess, onClosed: () => void) {
    this.#session = session;
    this.#access = access;
    this.#panel = vscode.window.createWebviewPanel('sluice.replay', title, vscode.ViewColumn.Active, {
      // What was downloaded stays while another tab is in front.
      retainContextWhenHidden: true,
    });
    this.#channel = openViewChannel<ReplayHost, ReplayView>(this.#panel, {
      folder: access.folder,
      name: 'replay',
      title: 'Replay',
      mine: replayHost,
      theirs: replayView,
      handlers: {
        requests: {
          ready: async () => {
            const replay = await this.#load();
            // Said after the answer: what is to be shown is of the session in it.
            setImmediate(() => this.#tellWanted());
            return replay;
          },
          open: ({ terminal }) => this.#openCast(terminal),
          read: () => this.#read(),
          answer: ({ record }) => this.#answer(record),
          export: () => {
            this.export();
            return {};
          },
        },
        events: {},
      },
    });
    this.#panel.onDidDispose(() => {
      this.#closed.abort();
      this.#cast?.close();
      onClosed();
    });
  }

  get isActive(): boolean {
    return this.#panel.active;
  }

  reveal(): void {
    this.#panel.reveal();
  }

  /** Shows an action of the session, as soon as there is something to see. */
  showAction(record: RecordId): void {
    this.#wanted = record;
    if (this.#found.records.length > 0) this.#tellWanted();
  }

  /** Asks for a file and writes what is shown. */
  export(): void {
    const { kind } = replayOf(this.#session, this.#found);
    const terminal = kind === 'terminal' ? this.#terminal : null;
    void exportRecording(this.#access.client, { session: this.#session, terminal }).catch(showError);
  }

  dispose(): void {
    this.#panel.dispose();
  }

  async #load(): Promise<ReplaySession> {
    this.#found = await findSession(await this.#access.client(), this.#session, this.#found);
    const replay = replayOf(this.#session, this.#found);
    // A terminal tells by itself what happens.
    if (replay.isLive && replay.kind === 'database') this.#lookAgain();
    return replay;
  }

  #tellWanted(): void {
    const record = this.#wanted;
    if (record === null) return;
    this.#wanted = null;
    const found = this.#found.records.find(({ id }) => id === record);
    this.#channel.tell('show', { record, terminal: found?.recording?.terminal ?? null });
  }

  #lookAgain(): void {
    if (this.#closed.signal.aborted) return;
    const clock = setTimeout(() => {
      this.#load()
        .then((replay) => this.#channel.tell('session', replay))
        .catch((error) => {
          logError(asSluiceError(error));
          // A gateway that is gone for a moment is back in another.
          this.#lookAgain();
        });
    }, LOOK_AGAIN_MS);
    this.#closed.signal.addEventListener('abort', () => clearTimeout(clock));
  }

  async #openCast(terminal: number): Promise<Record<string, never>> {
    this.#cast?.close();
    this.#cast = null;
    this.#terminal = terminal;
    const session = this.#session;
    if (this.#found.live?.acts.includes('watch') === true) {
      this.#cast = new WatchedCast({ ...(await this.#access.access()), session, terminal });
    } else {
      const client = await this.#access.client();
      const ask = { params: { session, terminal } };
      this.#cast = new DownloadedCast(await client.stream('recording', ask, this.#closed.signal));
    }
    return {};
  }

  async #read() {
    return this.#cast?.read() ?? { lines: '', at: 'ended' as const };
  }

  #answer(id: RecordId): RecordedAnswer | null {
    return this.#found.records.find((record) => record.id === id)?.outcome?.answer ?? null;
  }
}

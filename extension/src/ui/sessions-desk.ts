import * as vscode from 'vscode';
import { SluiceError } from '../../../gateway/contract/error.ts';
import { type RecordId, SessionId } from '../../../gateway/contract/ids.ts';
import { SessionList } from '../replay/session-list.ts';
import type { TargetList } from '../targets/target-list.ts';
import { askForSearch } from './find-sessions.ts';
import { exportRecording } from './replay-export.ts';
import { type ReplayAccess, Replays } from './replays.ts';
import { SessionsTree, sessionOf } from './sessions-tree.ts';

export type SessionsDeskOptions = ReplayAccess & {
  targets: TargetList;
  requireSignIn: () => Promise<void>;
};

/** Everything about sessions that were recorded: their list, and their replays. */
export class SessionsDesk implements vscode.Disposable {
  readonly list: SessionList;
  readonly #options: SessionsDeskOptions;
  readonly #tree: SessionsTree;
  readonly #replays: Replays;

  constructor(options: SessionsDeskOptions) {
    this.#options = options;
    this.list = new SessionList(options.client);
    this.#tree = new SessionsTree(this.list);
    this.#replays = new Replays(options);
  }

  /** The gateway or the person is another one. */
  changed(isSamePerson: boolean): void {
    if (!isSamePerson) this.#replays.close();
    this.list.clear();
    this.#tree.look();
  }

  async find(): Promise<void> {
    await this.#options.requireSignIn();
    const search = await askForSearch(this.list.search, this.#options.targets);
    if (search === undefined) return;
    await this.list.find(search);
    await vscode.commands.executeCommand('sluice.sessions.focus');
  }

  /** Opens the replay of a node, or of a session that the person names. */
  async open(node: unknown): Promise<void> {
    await this.#options.requireSignIn();
    const session = sessionOf(node);
    if (session !== null) {
      this.#replays.show(session.id, `${session.who} on ${session.target}`);
      return;
    }
    const prompt = 'Which session? Its whole id: records and “sluice sessions --json” have it.';
    const id = await vscode.window.showInputBox({ prompt, ignoreFocusOut: true });
    if (id === undefined || id.trim() === '') return;
    this.#replays.show(SessionId.parse(id.trim()), 'Replay');
  }

  /** Opens the replay of a session where one of its actions happened. */
  openAction(session: SessionId, record: RecordId): Promise<void> {
    return this.#replays.showAction(session, record);
  }

  /** Writes the recording of a node, or of the replay in front, to a file. */
  async export(node: unknown): Promise<void> {
    const session = sessionOf(node);
    if (session === null && this.#replays.exportActive()) return;
    if (session === null) {
      throw new SluiceError(
        'request.invalid',
        'No recording is chosen.',
        'Open a session’s replay, or choose one in the Sessions view.',
      );
    }
    const terminal = await terminalOf(session.terminals);
    if (terminal !== undefined)
      await exportRecording(this.#options.client, { session: session.id, terminal });
  }

  dispose(): void {
    this.#tree.dispose();
    this.#replays.dispose();
  }
}

/** Null where there are statements alone; undefined when the person leaves. */
async function terminalOf(terminals: readonly number[]): Promise<number | null | undefined> {
  if (terminals.length <= 1) return terminals[0] ?? null;
  const items = terminals.map((terminal) => ({ label: `Terminal ${terminal}`, terminal }));
  return (await vscode.window.showQuickPick(items, { placeHolder: 'Which recording?' }))?.terminal;
}

import * as vscode from 'vscode';
import { SluiceError } from '../../../gateway/contract/error.ts';
import type { RecordId, SessionId, TargetName } from '../../../gateway/contract/ids.ts';
import type { ReplayChoice, ReplaySpan } from '../../contract/policy-replay-messages.ts';
import type { HttpClient } from '../gateway/http-client.ts';
import { rootOf } from '../policy-language/policy-files.ts';
import { policyRoot } from '../policy-replay/policy-root.ts';
import type { TargetList } from '../targets/target-list.ts';
import type { PolicyPlace } from './policy-files.ts';
import { PolicyReplayPanel } from './policy-replay-panel.ts';

export type PolicyReplaysOptions = {
  /** Folder of the webviews' bundles. */
  folder: vscode.Uri;
  targets: TargetList;
  client: () => Promise<HttpClient>;
  requireSignIn: () => Promise<void>;
  /** Opens the replay of a session where one of its actions happened. */
  showAction: (session: SessionId, record: RecordId) => Promise<void>;
};

/** Around a file no more folders than these are looked at. */
const MAX_FOLDERS = 6;
/** So many names of the policy in force tell its folder. */
const MAX_NAMES = 50;

const SPANS: readonly { label: string; span: ReplaySpan }[] = [
  { label: 'The last 7 days', span: 'week' },
  { label: 'The last day', span: 'day' },
  { label: 'The last 30 days', span: 'month' },
  { label: 'All that is recorded', span: 'all' },
];

/** Replays of recorded actions against policies in the editor, one tab for each policy. */
export class PolicyReplays implements vscode.Disposable {
  readonly #options: PolicyReplaysOptions;
  readonly #open = new Map<string, PolicyReplayPanel>();
  readonly #subscriptions: vscode.Disposable[];

  constructor(options: PolicyReplaysOptions) {
    this.#options = options;
    this.#subscriptions = [
      vscode.workspace.onDidChangeTextDocument(({ document, contentChanges }) => {
        if (contentChanges.length === 0) return;
        for (const panel of this.#open.values()) panel.edited(document.uri);
      }),
    ];
  }

  /** Asks what to ask again, and shows what the policy of a file or folder would do. */
  async open(resource: unknown): Promise<void> {
    const uri = resource instanceof vscode.Uri ? resource : vscode.window.activeTextEditor?.document.uri;
    if (uri === undefined) {
      throw new SluiceError(
        'request.invalid',
        'No policy is open.',
        'Open a file of the policy, or choose its folder in the explorer.',
      );
    }
    await this.#options.requireSignIn();
    const place = await this.#placeOf(uri);
    const choice = await this.#choose();
    if (choice !== null) this.#show(place, choice);
  }

  /** What one person may ask is nothing for the next at this computer. */
  close(): void {
    for (const panel of [...this.#open.values()]) panel.dispose();
  }

  dispose(): void {
    this.close();
    for (const subscription of this.#subscriptions) subscription.dispose();
  }

  #show(place: PolicyPlace, choice: ReplayChoice): void {
    const key = place.uri.toString();
    const known = this.#open.get(key);
    if (known !== undefined) {
      known.reveal();
      void known.run(choice);
      return;
    }
    const panel = new PolicyReplayPanel(place, choice, this.#options, () => this.#open.delete(key));
    this.#open.set(key, panel);
    void panel.run(choice);
  }

  async #choose(): Promise<ReplayChoice | null> {
    const title = 'Replay Recorded Actions';
    const chosen = await vscode.window.showQuickPick(SPANS, {
      title,
      placeHolder: 'Which recorded actions are asked again? Nothing runs, and the policy stays as it is.',
    });
    if (chosen === undefined) return null;
    const targets = await this.#chooseTargets(title);
    return targets === null ? null : { span: chosen.span, targets, against: 'inForce', dryRun: false };
  }

  /** Empty: all of them, also those that this person sees nothing of. */
  async #chooseTargets(title: string): Promise<TargetName[] | null> {
    const { targets: list } = this.#options;
    if (list.state.value.kind !== 'known') await list.refresh();
    const known = [...list.targets, ...list.hosts].map(({ name }) => name);
    if (known.length < 2) return [];
    const items = known.map((name) => ({ label: name, name, picked: true }));
    const placeHolder = 'On which targets? All of them, unless you take some out.';
    const chosen = await vscode.window.showQuickPick(items, { title, placeHolder, canPickMany: true });
    if (chosen === undefined || chosen.length === 0) return null;
    return chosen.length === known.length ? [] : chosen.map(({ name }) => name);
  }

  async #placeOf(uri: vscode.Uri): Promise<PolicyPlace> {
    if (uri.scheme === 'untitled') return { uri, isFolder: false };
    const { type } = await vscode.workspace.fs.stat(uri);
    const client = await this.#options.client();
    const { activations } = await client.ask('policyVersions');
    if (type === vscode.FileType.Directory) return { uri, isFolder: true };
    const inForce = Object.keys(activations[0]?.files ?? {});
    const around = foldersAround(uri);
    const folders = await Promise.all(
      around.map(async (folder) => ({ path: folder.path, hits: await hitsIn(folder, inForce) })),
    );
    const base = vscode.workspace.getWorkspaceFolder(uri)?.uri.path;
    const root = policyRoot({ inForce, folders, byName: rootOf(uri.path, base) });
    return { uri: uri.with({ path: root.path }), isFolder: root.kind === 'folder' };
  }
}

/** The nearest first, up to the folder that the window has open. */
function foldersAround(file: vscode.Uri): vscode.Uri[] {
  const top = vscode.workspace.getWorkspaceFolder(file)?.uri.path;
  const around = Array.from({ length: MAX_FOLDERS }, (_, up) =>
    vscode.Uri.joinPath(file, ...Array.from({ length: up + 1 }, () => '..')),
  );
  return around.filter(({ path }, index) => (top === undefined ? index === 0 : path.startsWith(top)));
}

async function hitsIn(folder: vscode.Uri, names: readonly string[]): Promise<number> {
  const found = await Promise.all(
    names.slice(0, MAX_NAMES).map((name) =>
      vscode.workspace.fs.stat(vscode.Uri.joinPath(folder, name)).then(
        () => 1,
        () => 0,
      ),
    ),
  );
  return found.reduce<number>((sum, one) => sum + one, 0);
}

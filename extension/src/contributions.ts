/**
 * Everything the extension adds to the editor, once. `scripts/manifest.ts` writes `contributes` of
 * package.json and package.nls.json from here; `ui/commands.ts` registers by these types.
 */

import { POLICY_GLOBS, TEST_GLOBS } from './policy-language/policy-files.ts';

type Placement = { when?: string; group: string };

export type CommandContribution = {
  readonly title: string;
  readonly icon?: string;
  readonly enablement?: string;
  /** Shown in the command palette unless false; a string is its `when`. */
  readonly palette?: string | false;
  readonly key?: { readonly key: string; readonly mac?: string; readonly when: string };
  readonly menus?: Readonly<Record<string, Placement>>;
};

const sqlEditor = 'editorTextFocus && editorLangId == sql';
const targetNode = 'view == sluice.targets && viewItem =~ /^sluice\\.target\\b/';
const relationNode = 'view == sluice.targets && viewItem =~ /^sluice\\.relation\\b/';
const namedNode = 'view == sluice.targets && viewItem =~ /^sluice\\.(relation|column|function|schema)\\b/';
const columnOrRelation = 'view == sluice.targets && viewItem =~ /^sluice\\.(relation|column)\\b/';
const hostNode = 'view == sluice.targets && viewItem == sluice.host';
const sessionNode = 'view == sluice.sessions && viewItem == sluice.session';
/** As `policy-language/policy-files.ts` has them, in the words of `when`. */
const policyFile = 'resourcePath =~ /\\/policy\\/.*\\.ya?ml$|[\\/.]policy\\.ya?ml$/';
const policyResource = `${policyFile} || (explorerResourceIsFolder && resourceFilename == policy)`;
const refreshable = 'view == sluice.targets && viewItem =~ /^sluice\\.(target|host|folder|fault)\\b/';

export const commands = {
  'sluice.signIn': { title: 'Sign In', icon: '$(account)' },
  'sluice.signOut': { title: 'Sign Out', palette: 'sluice.signedIn' },
  'sluice.chooseGateway': { title: 'Choose Gateway…', icon: '$(plug)' },
  'sluice.restartGateway': { title: 'Restart Bundled Gateway' },
  'sluice.refreshTargets': {
    title: 'Refresh Targets',
    icon: '$(refresh)',
    menus: { 'view/title': { when: 'view == sluice.targets', group: 'navigation@2' } },
  },
  'sluice.refreshNode': {
    title: 'Refresh',
    icon: '$(refresh)',
    palette: false,
    menus: { 'view/item/context': { when: refreshable, group: 'inline@3' } },
  },
  'sluice.chooseTarget': { title: 'Choose Target for This File…', icon: '$(database)' },
  'sluice.useTarget': {
    title: 'Use for This File',
    icon: '$(check)',
    palette: false,
    menus: { 'view/item/context': { when: targetNode, group: '1_target@1' } },
  },
  'sluice.newQuery': {
    title: 'New Query',
    icon: '$(new-file)',
    menus: { 'view/item/context': { when: targetNode, group: 'inline@1' } },
  },
  'sluice.openTerminal': {
    title: 'Open Terminal on a Host…',
    icon: '$(terminal)',
    menus: { 'view/item/context': { when: hostNode, group: 'inline@1' } },
  },
  'sluice.browseFiles': {
    title: 'Browse Files of a Host…',
    icon: '$(folder-opened)',
    menus: { 'view/item/context': { when: hostNode, group: 'inline@2' } },
  },
  'sluice.openHostFile': { title: 'Open File of a Host', palette: false },
  'sluice.showTerminal': { title: 'Show Terminal', palette: false },
  'sluice.copyConnection': {
    title: 'Copy psql Command with a Short-lived Credential',
    palette: false,
    menus: { 'view/item/context': { when: targetNode, group: '2_copy@1' } },
  },
  'sluice.selectTop': {
    title: 'Select Top 100',
    icon: '$(play)',
    palette: false,
    menus: { 'view/item/context': { when: relationNode, group: 'inline@1' } },
  },
  'sluice.copyName': {
    title: 'Copy Name',
    palette: false,
    menus: { 'view/item/context': { when: namedNode, group: '2_copy@1' } },
  },
  'sluice.runStatement': {
    title: 'Run Statement or Selection',
    icon: '$(play)',
    palette: 'editorLangId == sql',
    key: { key: 'ctrl+enter', mac: 'cmd+enter', when: sqlEditor },
    menus: {
      'editor/title/run': { when: 'editorLangId == sql', group: 'navigation@1' },
      'editor/context': { when: 'editorLangId == sql', group: '1_sluice@1' },
    },
  },
  'sluice.runFile': {
    title: 'Run File',
    icon: '$(run-all)',
    palette: 'editorLangId == sql',
    key: { key: 'ctrl+shift+enter', mac: 'cmd+shift+enter', when: sqlEditor },
    menus: {
      'editor/title/run': { when: 'editorLangId == sql', group: 'navigation@2' },
      'editor/context': { when: 'editorLangId == sql', group: '1_sluice@2' },
    },
  },
  'sluice.cancelRun': {
    title: 'Cancel Running Statement',
    icon: '$(debug-stop)',
    enablement: 'sluice.running',
    key: { key: 'ctrl+alt+c', mac: 'cmd+alt+c', when: 'sluice.running && editorLangId == sql' },
    menus: {
      'view/title': { when: 'view == sluice.results && sluice.running', group: 'navigation@1' },
      'editor/title': { when: 'editorLangId == sql && sluice.running', group: 'navigation@3' },
    },
  },
  'sluice.showResults': { title: 'Show Results' },
  'sluice.exportCsv': {
    title: 'Export Result as CSV…',
    enablement: 'sluice.hasResult',
    menus: { 'view/title': { when: 'view == sluice.results', group: '2_export@1' } },
  },
  'sluice.exportJson': {
    title: 'Export Result as JSON…',
    enablement: 'sluice.hasResult',
    menus: { 'view/title': { when: 'view == sluice.results', group: '2_export@2' } },
  },
  'sluice.showVerdict': { title: 'Show What the Policy Says', palette: 'editorLangId == sql' },
  'sluice.requestAccess': { title: 'Ask for Approval Beforehand…', palette: false },
  'sluice.askToSee': {
    title: 'Ask to See It Unmasked…',
    icon: '$(unlock)',
    palette: false,
    menus: {
      'view/item/context': {
        when: 'view == sluice.targets && viewItem == sluice.column.liftable',
        group: 'inline@1',
      },
    },
  },
  'sluice.copyRequest': { title: 'Copy a Request to Allow This Statement', palette: false },
  'sluice.showApprovals': { title: 'Show Approvals', icon: '$(pass)' },
  'sluice.withdrawRequest': { title: 'Withdraw Request', palette: false },
  'sluice.showRequest': { title: 'Show Request', palette: false },
  'sluice.searchHistory': {
    title: 'Search History…',
    icon: '$(search)',
    menus: { 'view/title': { when: 'view == sluice.history', group: 'navigation@1' } },
  },
  'sluice.openHistoryEntry': { title: 'Open from History', palette: false },
  'sluice.clearHistory': {
    title: 'Clear History',
    icon: '$(clear-all)',
    menus: { 'view/title': { when: 'view == sluice.history', group: 'navigation@2' } },
  },
  'sluice.refreshSessions': {
    title: 'Refresh Sessions',
    icon: '$(refresh)',
    menus: { 'view/title': { when: 'view == sluice.sessions', group: 'navigation@2' } },
  },
  'sluice.findSessions': {
    title: 'Find Sessions…',
    icon: '$(filter)',
    menus: { 'view/title': { when: 'view == sluice.sessions', group: 'navigation@1' } },
  },
  'sluice.moreSessions': { title: 'Show Older Sessions', palette: false },
  'sluice.openReplay': {
    title: 'Replay Session…',
    icon: '$(play-circle)',
    menus: { 'view/item/context': { when: sessionNode, group: 'inline@1' } },
  },
  'sluice.exportRecording': {
    title: 'Export Recording…',
    icon: '$(save)',
    menus: { 'view/item/context': { when: sessionNode, group: '1_session@1' } },
  },
  'sluice.replayPolicy': {
    title: 'Replay Recorded Actions Against This Policy…',
    icon: '$(history)',
    menus: {
      'editor/title': {
        when: `${policyFile} && !isInDiffEditor`,
        group: 'navigation@1',
      },
      'editor/context': { when: policyFile, group: '1_sluice@3' },
      'explorer/context': { when: policyResource, group: '7_sluice@1' },
    },
  },
  'sluice.whoMaySee': {
    title: 'Who May See This Column, and Why…',
    menus: { 'view/item/context': { when: columnOrRelation, group: '3_policy@1' } },
  },
  'sluice.whatMayTheyDo': {
    title: 'What May This Person Do on…',
    menus: { 'view/item/context': { when: targetNode, group: '3_policy@1' } },
  },
  'sluice.showLog': { title: 'Show Log' },
  'sluice.openWalkthrough': { title: 'Get Started' },
} as const satisfies Record<`sluice.${string}`, CommandContribution>;

export type CommandId = keyof typeof commands;

export type SettingContribution = {
  readonly type: 'string' | 'boolean' | 'integer';
  readonly default: string | boolean | number;
  readonly minimum?: number;
  readonly scope: 'machine' | 'window' | 'resource';
  /** A cloned repository must not be able to set it. */
  readonly restricted: boolean;
  readonly description: string;
};

export const settings = {
  'sluice.gateway.url': {
    type: 'string',
    default: '',
    scope: 'machine',
    restricted: true,
    description:
      'Address of the gateway, `https://gateway.example`. Empty: the gateway that comes with the extension runs on this computer while the window is open.',
  },
  'sluice.gateway.config': {
    type: 'string',
    default: '',
    scope: 'machine',
    restricted: true,
    description:
      'Path of the configuration file for the gateway that comes with the extension. Empty: its built-in defaults. Not used when an address is set.',
  },
  'sluice.results.maxRows': {
    type: 'integer',
    default: 1_000_000,
    minimum: 1,
    scope: 'window',
    restricted: false,
    description: 'A result longer than this is cancelled on the server, and says so.',
  },
  'sluice.lens.enabled': {
    type: 'boolean',
    default: true,
    scope: 'window',
    restricted: false,
    description: 'Show above each statement of a SQL file what the policy would do to it.',
  },
} as const satisfies Record<`sluice.${string}`, SettingContribution>;

export type SettingId = keyof typeof settings;

export type ViewContribution = {
  readonly container: 'sluice' | 'sluicePanel';
  readonly name: string;
  readonly type?: 'webview';
  /** Share of the container's height at first. */
  readonly initialSize?: number;
  readonly icon?: string;
  /** At first. */
  readonly isCollapsed?: true;
};

export const views = {
  'sluice.targets': { container: 'sluice', name: 'Targets', initialSize: 2 },
  'sluice.approvals': { container: 'sluice', name: 'Approvals', type: 'webview', initialSize: 4 },
  'sluice.sessions': { container: 'sluice', name: 'Sessions', isCollapsed: true, initialSize: 1 },
  'sluice.history': { container: 'sluice', name: 'History', initialSize: 1 },
  'sluice.results': { container: 'sluicePanel', name: 'Results', type: 'webview', icon: '$(table)' },
} as const satisfies Record<`sluice.${string}`, ViewContribution>;

export type ViewId = keyof typeof views;

/** The published schemas, for whoever has an extension for YAML: Sluice's own completions need none. */
export const yamlSchemas = [
  {
    fileMatch: [...POLICY_GLOBS.flatMap(bothEndings), '!*.test.yaml', '!*.test.yml'],
    url: './dist/extension/policy.schema.json',
  },
  {
    fileMatch: [...TEST_GLOBS, '**/policy/**/*.test.{yaml,yml}'].flatMap(bothEndings),
    url: './dist/extension/expectations.schema.json',
  },
] as const;

function bothEndings(glob: string): string[] {
  return ['yaml', 'yml'].map((ending) => glob.replace('{yaml,yml}', ending));
}

/** What the terminal's own drop-down offers. */
export const terminalProfiles = [{ id: 'sluice.terminal', title: 'Sluice', icon: '$(server)' }] as const;

/** What the targets view says when its tree is empty; `sluice.state` is set by `ui/context-keys.ts`. */
export const welcomes = [
  {
    view: 'sluice.targets',
    when: 'sluice.state == starting || !sluice.state',
    contents: 'Connecting to the gateway…',
  },
  {
    view: 'sluice.targets',
    when: 'sluice.state == unreachable',
    contents:
      'The gateway does not answer.\n[Try Again](command:sluice.refreshTargets)\n[Choose Gateway](command:sluice.chooseGateway)\n[Show Log](command:sluice.showLog)',
  },
  {
    view: 'sluice.targets',
    when: 'sluice.state == mismatch',
    contents:
      'This extension and the gateway do not speak the same version. Update the older of the two; the log says which.\n[Show Log](command:sluice.showLog)\n[Choose Gateway](command:sluice.chooseGateway)',
  },
  {
    view: 'sluice.targets',
    when: 'sluice.state == signedOut',
    contents:
      'Sign in to see the databases you may query.\n[Sign In](command:sluice.signIn)\nNew here? [Get started](command:sluice.openWalkthrough).',
  },
  {
    view: 'sluice.targets',
    when: 'sluice.state == noTargets && sluice.bundledGateway',
    contents:
      'The gateway on this computer knows no database yet. Name your databases and your policy in a configuration file.\n[Choose the Configuration File](command:workbench.action.openSettings?%5B%22sluice.gateway.config%22%5D)\n[Choose Another Gateway](command:sluice.chooseGateway)',
  },
  {
    view: 'sluice.targets',
    when: 'sluice.state == noTargets && !sluice.bundledGateway',
    contents:
      'The gateway knows no target that you may see. Ask its administrator to give one of your groups access.\n[Refresh](command:sluice.refreshTargets)',
  },
  {
    view: 'sluice.targets',
    when: 'sluice.state == failed',
    contents:
      'The targets could not be listed; the log says why.\n[Try Again](command:sluice.refreshTargets)\n[Show Log](command:sluice.showLog)',
  },
  {
    view: 'sluice.sessions',
    when: 'sluice.sessions == none',
    contents: 'No recorded session is found.\n[Find Others](command:sluice.findSessions)',
  },
  {
    view: 'sluice.sessions',
    when: 'sluice.sessions == failed',
    contents:
      'The sessions could not be listed; the log says why.\n[Try Again](command:sluice.refreshSessions)\n[Show Log](command:sluice.showLog)',
  },
  {
    view: 'sluice.sessions',
    when: '!sluice.signedIn',
    contents:
      'Sign in to see sessions that were recorded, and to replay them.\n[Sign In](command:sluice.signIn)',
  },
  {
    view: 'sluice.history',
    contents: 'Statements you run appear here, for each target. They stay on this computer.',
  },
] as const;

export type WalkthroughStep = {
  readonly title: string;
  readonly description: string;
  readonly media: string;
  readonly alt: string;
  readonly completionEvents: readonly string[];
};

export const walkthrough = {
  id: 'start',
  title: 'Get started with Sluice',
  description: 'From install to the first masked result in two minutes.',
  steps: {
    signIn: {
      title: 'Sign in',
      description:
        'Sluice shows a short code and opens a page where you confirm it. Your password never passes through the editor.\n[Sign In](command:sluice.signIn)',
      media: 'media/walkthrough/sign-in.svg',
      alt: 'A code in the editor and the same code on the sign-in page',
      completionEvents: ['onContext:sluice.signedIn'],
    },
    explore: {
      title: 'Look around',
      description:
        'The explorer lists targets, schemas, tables and columns. A column with a shield is masked for you; its tooltip says by which rule, whose, and why.\n[Open Targets](command:sluice.targets.focus)',
      media: 'media/walkthrough/explore.svg',
      alt: 'A tree of targets with masked columns marked by a shield',
      completionEvents: ['onView:sluice.targets'],
    },
    preview: {
      title: 'See the verdict before you run',
      description:
        'Open a query: the line above each statement says what the policy will do to it.\n[New Query](command:sluice.newQuery)',
      media: 'media/walkthrough/preview.svg',
      alt: 'A statement with the line “2 columns masked · allowed” above it',
      completionEvents: ['onCommand:sluice.newQuery'],
    },
    run: {
      title: 'Run it',
      description:
        'Ctrl+Enter (⌘ Enter) runs the statement at the cursor. Masked cells say why they are masked; copying and exporting can never carry more than you see.\n[Run Statement](command:sluice.runStatement)',
      media: 'media/walkthrough/run.svg',
      alt: 'A grid of rows whose e-mail column is masked',
      completionEvents: ['onCommand:sluice.runStatement'],
    },
  } satisfies Record<string, WalkthroughStep>,
} as const;

import {
  type CommandContribution,
  commands,
  type SettingContribution,
  settings,
  terminalProfiles,
  type ViewContribution,
  views,
  walkthrough,
  welcomes,
  yamlSchemas,
} from './contributions.ts';
import { POLICY_GLOBS } from './policy-language/policy-files.ts';

type Json = string | number | boolean | Json[] | { [key: string]: Json };

/** Collects the English text of the manifest and gives back its `%key%`. */
class Strings {
  readonly entries: Record<string, string> = {};

  add(key: string, text: string): string {
    this.entries[key] = text;
    return `%${key}%`;
  }
}

/** The manifest fields that follow from the table, and the strings they refer to. Pure. */
export function manifest(): { fields: { [key: string]: Json }; strings: Record<string, string> } {
  const strings = new Strings();
  const contributes: { [key: string]: Json } = {
    commands: commandList(strings),
    menus: menus(),
    keybindings: keybindings(),
    configuration: { title: 'Sluice', properties: properties(strings) },
    viewsContainers: {
      activitybar: [{ id: 'sluice', title: 'Sluice', icon: 'media/sluice.svg' }],
      panel: [
        { id: 'sluicePanel', title: strings.add('sluicePanel.title', 'Query Results'), icon: '$(table)' },
      ],
    },
    views: viewLists(strings),
    viewsWelcome: welcomes.map((welcome, index) => ({
      ...welcome,
      contents: strings.add(`welcome.${index}`, welcome.contents),
    })),
    walkthroughs: [walkthroughEntry(strings)],
    authentication: [{ id: 'sluice', label: 'Sluice' }],
    yamlValidation: yamlSchemas.map(({ fileMatch, url }) => ({ fileMatch: [...fileMatch], url })),
    terminal: {
      profiles: terminalProfiles.map(({ id, title, icon }) => ({
        id,
        title: strings.add(`${id}.title`, title),
        icon,
      })),
    },
  };
  return {
    fields: {
      activationEvents: [
        'onLanguage:sql',
        'onUri',
        'onAuthenticationRequest:sluice',
        'onWalkthrough:start',
        'onFileSystem:sluice-host',
        // A policy is written in a repository of policies: other YAML wakes nobody.
        ...POLICY_GLOBS.map((glob) => `workspaceContains:${glob}`),
      ],
      extensionKind: ['ui', 'workspace'],
      capabilities: {
        untrustedWorkspaces: {
          supported: 'limited',
          description: strings.add(
            'untrusted.description',
            'A folder that is not trusted cannot change the gateway; statements run only when you run them.',
          ),
          restrictedConfigurations: Object.entries(settings).flatMap(([id, s]) => (s.restricted ? [id] : [])),
        },
        virtualWorkspaces: true,
      },
      contributes,
    },
    strings: strings.entries,
  };
}

function entries<T>(table: Record<string, T>): [string, T][] {
  return Object.entries(table);
}

function commandList(strings: Strings): Json[] {
  return entries<CommandContribution>(commands).map(([command, c]) => ({
    command,
    title: strings.add(`${command}.title`, c.title),
    category: 'Sluice',
    ...(c.icon === undefined ? {} : { icon: c.icon }),
    ...(c.enablement === undefined ? {} : { enablement: c.enablement }),
  }));
}

function menus(): { [key: string]: Json } {
  const byMenu: Record<string, Json[]> = {};
  const place = (menu: string, item: { [key: string]: Json }) => {
    const list = byMenu[menu] ?? [];
    byMenu[menu] = [...list, item];
  };
  for (const [command, c] of entries<CommandContribution>(commands)) {
    for (const [menu, placement] of Object.entries(c.menus ?? {})) place(menu, { command, ...placement });
    if (c.palette === false) place('commandPalette', { command, when: 'false' });
    else if (c.palette !== undefined) place('commandPalette', { command, when: c.palette });
  }
  return byMenu;
}

function keybindings(): Json[] {
  return entries<CommandContribution>(commands).flatMap(([command, c]) =>
    c.key === undefined ? [] : [{ command, ...c.key }],
  );
}

function properties(strings: Strings): { [key: string]: Json } {
  return Object.fromEntries(
    entries<SettingContribution>(settings).map(([id, s], order) => [
      id,
      {
        type: s.type,
        default: s.default,
        ...(s.minimum === undefined ? {} : { minimum: s.minimum }),
        scope: s.scope,
        order,
        markdownDescription: strings.add(`${id}.description`, s.description),
      },
    ]),
  );
}

function viewLists(strings: Strings): { [key: string]: Json } {
  const byContainer: Record<string, Json[]> = {};
  for (const [id, view] of entries<ViewContribution>(views)) {
    const item = {
      id,
      name: strings.add(`${id}.name`, view.name),
      icon: view.icon ?? 'media/sluice.svg',
      ...(view.type === undefined ? {} : { type: view.type }),
      ...(view.isCollapsed === true ? { visibility: 'collapsed' } : {}),
      ...(view.initialSize === undefined ? {} : { initialSize: view.initialSize }),
    };
    byContainer[view.container] = [...(byContainer[view.container] ?? []), item];
  }
  return byContainer;
}

function walkthroughEntry(strings: Strings): Json {
  const key = `walkthrough.${walkthrough.id}`;
  return {
    id: walkthrough.id,
    title: strings.add(`${key}.title`, walkthrough.title),
    description: strings.add(`${key}.description`, walkthrough.description),
    steps: Object.entries(walkthrough.steps).map(([id, step]) => ({
      id,
      title: strings.add(`${key}.${id}.title`, step.title),
      description: strings.add(`${key}.${id}.description`, step.description),
      media: { svg: step.media, altText: strings.add(`${key}.${id}.alt`, step.alt) },
      completionEvents: [...step.completionEvents],
    })),
  };
}

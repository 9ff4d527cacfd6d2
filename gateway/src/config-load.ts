import { readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, isAbsolute, join, resolve } from 'node:path';
import { type Document, isNode, LineCounter, parseDocument } from 'yaml';
import type { z } from 'zod';
import { SluiceError } from '../contract/error.ts';
import {
  type ConfigFile,
  type ConfigInput,
  configSchema,
  type ExportConfig,
  type GatewayConfig,
} from './config.ts';

const NEXT = 'Correct the file and start again; docs/CONFIG.md lists every setting.';

/** Settings of the command line, which count before those of the file. */
export type ConfigOverrides = Partial<Pick<ConfigInput, 'listen' | 'dataDir' | 'policy' | 'targets'>>;

/**
 * Reads a configuration file; null gives the bundled default.
 *
 * @throws SluiceError `config.unreadable` or `config.invalid`, one line for each mistake with file and line.
 */
export function loadConfig(
  file: string | null,
  environment: NodeJS.ProcessEnv,
  overrides: ConfigOverrides = {},
): GatewayConfig {
  if (file === null) {
    const origin = { name: 'the default configuration', folder: process.cwd() };
    return parseConfig('', origin, environment, overrides);
  }
  return parseConfig(readText(file), { name: file, folder: dirname(resolve(file)) }, environment, overrides);
}

/** Where a configuration came from: its name in messages, and the folder that its paths are relative to. */
export type ConfigOrigin = { name: string; folder: string };

/** As `loadConfig`, over a text that was read already. */
export function parseConfig(
  text: string,
  origin: ConfigOrigin,
  environment: NodeJS.ProcessEnv,
  overrides: ConfigOverrides = {},
): GatewayConfig {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  const syntax = document.errors.map(
    (error) => `${origin.name}:${lines.linePos(error.pos[0]).line}: ${error.message}`,
  );
  if (syntax.length > 0) throw new SluiceError('config.invalid', syntax.join('\n'), NEXT);
  const parsed = configSchema(environment).safeParse(overridden(document.toJS() ?? {}, overrides));
  if (parsed.success) return withPaths(checked(parsed.data, origin), origin, environment);
  const mistakes = parsed.error.issues.flatMap((issue) => sentences(issue, document, lines, origin));
  throw new SluiceError('config.invalid', mistakes.join('\n'), NEXT);
}

/** A file that holds no mapping is left as it is, for the schema to refuse. */
function overridden(file: unknown, overrides: ConfigOverrides): unknown {
  return typeof file === 'object' && !Array.isArray(file) ? { ...file, ...overrides } : file;
}

function readText(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (cause) {
    throw new SluiceError(
      'config.unreadable',
      `The configuration ${file} can't be read: ${cause instanceof Error ? cause.message : String(cause)}.`,
      'Check the path given to --config, or leave it out for the bundled default.',
      { cause },
    );
  }
}

function sentences(
  issue: z.core.$ZodIssue,
  document: Document,
  lines: LineCounter,
  origin: ConfigOrigin,
): string[] {
  const at = (path: readonly PropertyKey[]) => {
    const line = lineOf(document, lines, path);
    return line === null ? origin.name : `${origin.name}:${line}`;
  };
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map(
      (key) => `${at([...issue.path, key])}: ${dotted([...issue.path, key])} is no setting.`,
    );
  }
  // A union of {env} and {value}: the member that came furthest says what is really wrong.
  const nested =
    issue.code === 'invalid_union' ? issue.errors.flat().find(({ code }) => code === 'custom') : undefined;
  return [`${at(issue.path)}: ${dotted(issue.path)}: ${(nested ?? issue).message}.`];
}

/** The line of the node at `path`, or of its closest parent that stands in the file. */
function lineOf(document: Document, lines: LineCounter, path: readonly PropertyKey[]): number | null {
  for (let length = path.length; length > 0; length -= 1) {
    const node = document.getIn(path.slice(0, length), true);
    if (isNode(node) && node.range) return lines.linePos(node.range[0]).line;
  }
  return null;
}

function dotted(path: readonly PropertyKey[]): string {
  const text = path.map((key) => (typeof key === 'number' ? `[${key}]` : `.${String(key)}`)).join('');
  return text.replace(/^\./, '') || 'the file';
}

/** What one setting alone can't show: names that repeat, settings that need each other. */
function checked(config: ConfigFile, origin: ConfigOrigin): ConfigFile {
  const mistakes = [
    ...repeated('targets and hosts', [...config.targets, ...config.hosts]),
    ...repeated('webhooks', config.webhooks),
    ...repeated('exports', config.exports),
    ...repeated('identity.serviceAccounts', config.identity.serviceAccounts),
    ...repeated('identity.oidc', config.identity.oidc),
  ];
  if ((config.tls.certificate === undefined) !== (config.tls.key === undefined)) {
    mistakes.push('tls.certificate and tls.key belong together: give both or neither.');
  }
  for (const { name, mode, exemptUrl } of config.targets) {
    if (exemptUrl === undefined || mode === 'prepared') continue;
    mistakes.push(
      `targets: ${name} has an exemptUrl, which only a prepared target uses: set mode: prepared.`,
    );
  }
  if (mistakes.length === 0) return config;
  throw new SluiceError('config.invalid', mistakes.map((text) => `${origin.name}: ${text}`).join('\n'), NEXT);
}

function repeated(setting: string, named: readonly { name: string }[]): string[] {
  const names = named.map(({ name }) => name);
  const twice = names.filter((name, at) => names.indexOf(name) !== at);
  return twice.map((name) => `${setting}: the name ${name} is there twice; names must differ.`);
}

function withPaths(config: ConfigFile, origin: ConfigOrigin, environment: NodeJS.ProcessEnv): GatewayConfig {
  const absolute = (path: string) => (isAbsolute(path) ? path : resolve(origin.folder, path));
  const optional = (path: string | undefined) => (path === undefined ? undefined : absolute(path));
  return {
    ...config,
    dataDir: config.dataDir === undefined ? defaultDataDir(environment) : absolute(config.dataDir),
    policy: optional(config.policy),
    tls: { ...config.tls, certificate: optional(config.tls.certificate), key: optional(config.tls.key) },
    audit: { ...config.audit, witness: witnessPath(config.audit.witness, absolute) },
    exports: config.exports.map((one) => exportWithPaths(one, absolute)),
    targets: config.targets.map((target) => ({ ...target, ca: optional(target.ca) })),
    hosts: config.hosts.map((host) => ({
      ...host,
      accounts: host.accounts.map((account) => ({ ...account, key: absolute(account.key) })),
    })),
  };
}

function witnessPath(where: string | undefined, absolute: (path: string) => string): string | undefined {
  return where === undefined || /^https?:/.test(where) ? where : absolute(where);
}

function exportWithPaths(one: ExportConfig, absolute: (path: string) => string): ExportConfig {
  const { file, syslog, http } = one;
  const pem = <Name extends string>(
    names: readonly Name[],
    given: Partial<Record<Name, string | undefined>>,
  ) =>
    Object.fromEntries(
      names.flatMap((name) => (given[name] === undefined ? [] : [[name, absolute(given[name])]])),
    );
  return {
    ...one,
    ...(file === undefined ? {} : { file: { ...file, path: absolute(file.path) } }),
    ...(syslog === undefined ? {} : { syslog: { ...syslog, ...pem(['ca', 'certificate', 'key'], syslog) } }),
    ...(http === undefined ? {} : { http: { ...http, ...pem(['ca'], http) } }),
  };
}

/** `sluice` in the folder where this system keeps a user's data (XDG Base Directory, and its siblings). */
export function defaultDataDir(environment: NodeJS.ProcessEnv): string {
  return join(userDataFolder(environment), 'sluice');
}

function userDataFolder(environment: NodeJS.ProcessEnv): string {
  if (process.platform === 'win32') return environment.LOCALAPPDATA ?? join(homedir(), 'AppData', 'Local');
  if (process.platform === 'darwin') return join(homedir(), 'Library', 'Application Support');
  return environment.XDG_DATA_HOME || join(homedir(), '.local', 'share');
}

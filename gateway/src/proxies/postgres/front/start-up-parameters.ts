/** Start-up parameters that are passed on: how values look, how long things may take, what transactions may do. */
const PASSED = new Set([
  'application_name',
  'datestyle',
  'default_transaction_isolation',
  'default_transaction_read_only',
  'extra_float_digits',
  'idle_in_transaction_session_timeout',
  'intervalstyle',
  'jit',
  'lock_timeout',
  'search_path',
  'statement_timeout',
  'timezone',
]);

const UTF8_NAMES = new Set(['utf8', 'unicode', 'sqlascii']);

export type StartUpParameters =
  | { kind: 'accepted'; parameters: ReadonlyMap<string, string> }
  | { kind: 'refused'; message: string; hint: string };

/**
 * Checks what a client asks for at start-up against the allow-list, and gives what the gateway sends upstream.
 * `user` and `database` are left out: upstream has its own. `options` is read strictly, `-c name=value` only.
 * PostgreSQL manual, "Message Formats", StartupMessage.
 */
export function checkStartUpParameters(asked: ReadonlyMap<string, string>): StartUpParameters {
  const parameters = new Map<string, string>([
    ['client_encoding', 'UTF8'],
    ['standard_conforming_strings', 'on'],
  ]);
  const settings: Array<[string, string]> = [];
  for (const [name, value] of asked) {
    if (name === 'user' || name === 'database' || name.startsWith('_pq_.')) continue;
    if (name !== 'options') {
      settings.push([name, value]);
      continue;
    }
    const options = parseOptions(value);
    if (options === null) {
      return refuse(
        `the start-up option string ${JSON.stringify(value)} is not understood`,
        'Use -c name=value only.',
      );
    }
    settings.push(...options);
  }
  for (const [name, value] of settings) {
    const refusal = acceptSetting(name.toLowerCase(), value, parameters);
    if (refusal !== null) return refusal;
  }
  return { kind: 'accepted', parameters };
}

function acceptSetting(name: string, value: string, into: Map<string, string>): StartUpParameters | null {
  switch (name) {
    case 'replication':
      if (/^(false|off|no|0)$/i.test(value)) return null;
      return refuse(
        'replication connections do not pass through this gateway: their rows cannot be governed',
        'Connect without the replication parameter.',
      );
    case 'client_encoding':
      if (UTF8_NAMES.has(value.toLowerCase().replaceAll(/[^a-z0-9]/g, ''))) return null;
      return refuse(
        `client encoding ${JSON.stringify(value)} is not offered: this gateway speaks UTF-8`,
        'Set the client encoding to UTF8.',
      );
    case 'standard_conforming_strings':
      if (/^(on|true|yes|1)$/i.test(value)) return null;
      return refuse(
        'standard_conforming_strings must stay on: statements are read by that rule',
        'Leave this setting out.',
      );
    default:
      if (!PASSED.has(name)) {
        return refuse(
          `the start-up parameter ${JSON.stringify(name)} is not on this gateway's list`,
          `Leave it out; allowed are ${[...PASSED].join(', ')}.`,
        );
      }
      into.set(name, value);
      return null;
  }
}

function refuse(message: string, hint: string): StartUpParameters {
  return { kind: 'refused', message, hint };
}

/** Splits like the server does (blanks, backslash escapes); null for anything but `-c name=value` and `--name=value`. */
function parseOptions(options: string): Array<[string, string]> | null {
  const words = [...options.matchAll(/(?:\\.|[^\s\\])+/gsu)].map((word) =>
    word[0].replaceAll(/\\(.)/gsu, '$1'),
  );
  const settings: Array<[string, string]> = [];
  for (let at = 0; at < words.length; at += 1) {
    let word = words[at] ?? '';
    if (word === '-c') {
      at += 1;
      word = words[at] ?? '';
    } else if (word.startsWith('-c')) {
      word = word.slice(2);
    } else if (word.startsWith('--')) {
      word = word.slice(2).replaceAll('-', '_');
    } else {
      return null;
    }
    const equals = word.indexOf('=');
    if (equals <= 0) return null;
    settings.push([word.slice(0, equals), word.slice(equals + 1)]);
  }
  return settings;
}

import { parseArgs } from 'node:util';

export type StartOptions = {
  editor: boolean;
  httpPort: number;
  postgresPort: number;
  databasePort: number;
  editorPort: number;
};

export const usage = `npm start -- [options]

  --no-editor            start gateway and database only, and print connection strings
  --http-port N          the gateway's API and sign-in pages  (4000, SLUICE_HTTP_PORT)
  --postgres-port N      the gateway for PostgreSQL clients   (5433, SLUICE_POSTGRES_PORT)
  --database-port N      the sample database itself           (54320, SLUICE_DATABASE_PORT)
  --editor-port N        VS Code in the browser               (8080, SLUICE_EDITOR_PORT)
`;

const defaults = { 'http-port': 4000, 'postgres-port': 5433, 'database-port': 54320, 'editor-port': 8080 };
const MAX_PORT = 65_535;

/** Reads the arguments and the environment. Throws an Error that says what is wrong with them. */
export function startOptions(args: readonly string[], env: NodeJS.ProcessEnv): StartOptions | 'help' {
  const { values } = parseArgs({
    args: [...args],
    options: {
      'no-editor': { type: 'boolean' },
      help: { type: 'boolean', short: 'h' },
      'http-port': { type: 'string' },
      'postgres-port': { type: 'string' },
      'database-port': { type: 'string' },
      'editor-port': { type: 'string' },
    },
  });
  if (values.help) return 'help';
  const port = (name: keyof typeof defaults): number => {
    const variable = `SLUICE_${name.toUpperCase().replace('-', '_')}`;
    const text = values[name] ?? env[variable];
    const number = text === undefined || text === '' ? defaults[name] : Number(text);
    if (Number.isInteger(number) && number > 0 && number <= MAX_PORT) return number;
    throw new Error(`--${name} ${text} is no port; choose one from 1 to ${MAX_PORT}.`);
  };
  return {
    editor: !values['no-editor'],
    httpPort: port('http-port'),
    postgresPort: port('postgres-port'),
    databasePort: port('database-port'),
    editorPort: port('editor-port'),
  };
}

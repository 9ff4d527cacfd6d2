import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { z } from 'zod';
import type { Captured } from './capture/frontend-messages.ts';

const Statements = z.array(
  z.object({
    sql: z.string(),
    values: z.array(z.string().nullable()).optional(),
    types: z.array(z.int()).optional(),
    binary: z.array(z.boolean()).optional(),
    binaryResults: z.literal(true).optional(),
    copied: z.string().optional(),
    connection: z.int().optional(),
  }),
);

/** Every tool's statements in the order in which they were sent, those written by hand included. */
export function statementsByTool(): Map<string, Captured[]> {
  const tools = new Map<string, Captured[]>();
  for (const [tool, text] of files('captured', '.json')) tools.set(tool, Statements.parse(JSON.parse(text)));
  for (const [tool, text] of files('written', '.sql')) tools.set(tool, paragraphs(text));
  return tools;
}

function files(folder: string, ending: string): Array<[string, string]> {
  const path = join(import.meta.dirname, folder);
  return readdirSync(path)
    .filter((file) => file.endsWith(ending))
    .sort()
    .map((file) => [basename(file, ending), readFileSync(join(path, file), 'utf8')]);
}

/** A statement is what stands between empty lines; lines that begin with `--` are for the reader. */
function paragraphs(text: string): Captured[] {
  return text
    .split(/\n\s*\n/)
    .map((part) => part.replaceAll(/^--.*\n?/gm, '').trim())
    .filter((sql) => sql !== '')
    .map((sql) => ({ sql }));
}

import { writeFileSync } from 'node:fs';
import { z } from 'zod';
import { DEFAULT_PEOPLE } from './config/identity.ts';
import { LATER_SURFACES } from './config/listen.ts';
import { configSchema } from './config.ts';

const Node = z.looseObject({
  type: z.string().optional(),
  description: z.string().optional(),
  default: z.unknown().optional(),
  enum: z.array(z.unknown()).optional(),
  anyOf: z.array(z.unknown()).optional(),
  properties: z.record(z.string(), z.unknown()).optional(),
  items: z.unknown().optional(),
  required: z.array(z.string()).optional(),
});
type Node = z.infer<typeof Node>;

const HEAD = `# Configuration

\`sluice start --config FILE\` reads one YAML file. Every setting has a default, so every one may be left out,
except where it says *required* (then only inside an entry that you write). A setting that does not exist, or a
value that can't be meant, stops the start with the file, the line and what to do. Without \`--config\` all the
defaults below hold. \`examples/gateway.yaml\` is a configuration that the tests start.

Paths are relative to the file. A secret is written \`{env: NAME}\` (read from the environment variable NAME), or in
place where the type says so; it is never printed.

This file is generated: \`node gateway/src/config-docs.ts\`.

| Setting | Type | Default | Meaning |
| --- | --- | --- | --- |
`;

/** docs/CONFIG.md: every setting of the schema, with type, default and meaning. */
export function configDocument(): string {
  const schema = Node.parse(z.toJSONSchema(configSchema({}), { io: 'input', unrepresentable: 'any' }));
  return `${HEAD}${rows('', schema).join('\n')}\n${people()}`;
}

function people(): string {
  const lines = DEFAULT_PEOPLE.map(
    ({ email, name, groups }) => `| ${email} | ${name} | ${groups.join(', ')} |`,
  );
  return `\n## People of the built-in identity provider\n\n| email | name | groups |\n| --- | --- | --- |\n${lines.join('\n')}\n`;
}

function rows(prefix: string, node: Node): string[] {
  return Object.entries(node.properties ?? {})
    .filter(([name]) => prefix !== 'listen.' || !LATER_SURFACES.some((surface) => surface === name))
    .flatMap(([name, value]) =>
      rowsOf(`${prefix}${name}`, Node.parse(value), node.required?.includes(name) === true),
    );
}

function rowsOf(path: string, node: Node, required: boolean): string[] {
  if (node.properties !== undefined) return rows(`${path}.`, node);
  const items = node.items === undefined ? null : Node.parse(node.items);
  const inside = items?.properties === undefined ? [] : rows(`${path}[].`, items);
  const cells = [
    `\`${path}\``,
    typeOf(node),
    required ? '*required*' : defaultOf(node),
    node.description ?? '',
  ];
  return [`| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`, ...inside];
}

function typeOf(node: Node): string {
  if (node.enum !== undefined) return node.enum.map((value) => `\`${String(value)}\``).join(', ');
  if (node.anyOf !== undefined) return node.anyOf.map((one) => typeOf(Node.parse(one))).join(' or ');
  if (node.type === 'array') return `list of ${typeOf(Node.parse(node.items ?? {}))}`;
  if (node.type === 'object' && node.properties !== undefined) {
    return `{${Object.keys(node.properties).join(', ')}}`;
  }
  return node.type === 'object' ? 'map' : (node.type ?? 'any');
}

function defaultOf(node: Node): string {
  if (node.default === undefined) return node.type === 'array' ? '`[]`' : 'none';
  const isLong = Array.isArray(node.default) && node.default.some((one) => typeof one === 'object');
  return isLong ? 'see below' : `\`${JSON.stringify(node.default)}\``;
}

if (import.meta.main) writeFileSync(new URL('../../docs/CONFIG.md', import.meta.url), configDocument());

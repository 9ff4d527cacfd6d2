import type { Path } from './place.ts';

/** The part of JSON Schema that the published schemas use. */
export type Schema = {
  type?: string | readonly string[];
  description?: string;
  properties?: Readonly<Record<string, Schema>>;
  required?: readonly string[];
  additionalProperties?: boolean | Schema;
  propertyNames?: Schema;
  items?: Schema;
  anyOf?: readonly Schema[];
  oneOf?: readonly Schema[];
  const?: unknown;
  enum?: readonly unknown[];
  pattern?: string;
  minItems?: number;
  minLength?: number;
  minimum?: number;
  maximum?: number;
};

/** The alternatives of a schema, each with the description that stands nearest. */
export function alternatives(schema: Schema): Schema[] {
  const branches = schema.anyOf ?? schema.oneOf;
  if (branches === undefined) return [schema];
  const { description } = schema;
  return branches
    .flatMap(alternatives)
    .map((branch) => (description === undefined ? branch : { description, ...branch }));
}

/** Everything that the schema allows at `path` of a document, given what stands there already. */
export function schemasAt(root: Schema, path: Path, value: unknown): Schema[] {
  let schemas = alternatives(root);
  let here = value;
  for (const step of path) {
    const meant = thoseMeant(schemas, here);
    schemas = meant.flatMap((schema) => stepInto(schema, step)).flatMap(alternatives);
    here = childOf(here, step);
  }
  return thoseMeant(schemas, here);
}

function stepInto(schema: Schema, step: string | number): Schema[] {
  if (typeof step === 'number') return schema.items === undefined ? [] : [schema.items];
  const property = ownProperty(schema, step);
  if (property !== undefined) return [property];
  return typeof schema.additionalProperties === 'object' ? [schema.additionalProperties] : [];
}

export function ownProperty({ properties = {} }: Schema, name: string): Schema | undefined {
  return Object.hasOwn(properties, name) ? properties[name] : undefined;
}

/** Of several mappings those whose constants agree with what stands there, and that know all of its keys if any does. */
export function thoseMeant(schemas: readonly Schema[], value: unknown): Schema[] {
  if (!isMapping(value)) return [...schemas];
  const agreeing = schemas.filter((schema) =>
    Object.entries(value).every(([key, inner]) => isPossible(ownProperty(schema, key), inner)),
  );
  const knowing = agreeing.filter((schema) => Object.keys(value).every((key) => knows(schema, key)));
  if (knowing.length > 0) return knowing;
  return agreeing.length > 0 ? agreeing : [...schemas];
}

function isPossible(schema: Schema | undefined, value: unknown): boolean {
  if (schema === undefined || value === undefined || typeof value === 'object') return true;
  const possible = alternatives(schema).flatMap((one) => constantsOf(one) ?? []);
  return possible.length === 0 || possible.includes(value) || alternatives(schema).some(isOpen);
}

function isOpen(schema: Schema): boolean {
  return constantsOf(schema) === null;
}

function knows(schema: Schema, key: string): boolean {
  return schema.properties === undefined
    ? schema.additionalProperties !== undefined
    : ownProperty(schema, key) !== undefined || typeof schema.additionalProperties === 'object';
}

/** The values that a schema lists; null where it lists none. */
export function constantsOf(schema: Schema): readonly unknown[] | null {
  if (schema.const !== undefined) return [schema.const];
  return schema.enum ?? null;
}

export function isMapping(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function childOf(value: unknown, step: string | number): unknown {
  if (Array.isArray(value)) return value[Number(step)];
  return isMapping(value) && Object.hasOwn(value, step) ? value[step] : undefined;
}

export function valueAt(value: unknown, path: Path): unknown {
  return path.reduce<unknown>(childOf, value);
}

import { z } from 'zod';
import { ShownRequest } from '../../contract/approval-request.ts';
import { Decision } from '../../contract/decision.ts';
import type { Endpoint } from '../../contract/endpoint.ts';
import { endpoints, QUERY_CHANNEL_PATH, QUERY_CHANNEL_SUBPROTOCOL } from '../../contract/endpoints.ts';
import { ErrorBody, type ErrorCode } from '../../contract/error.ts';
import { Facts } from '../../contract/facts.ts';
import { CONTRACT_VERSION } from '../../contract/hello.ts';
import { ToldRule } from '../../contract/policy-access.ts';
import { Principal } from '../../contract/principal.ts';
import { ActionRecord, RecordedQuestion } from '../../contract/record.ts';
import { LiveSession } from '../../contract/session-endpoints.ts';
import { STATUS } from './respond.ts';

type Schema = Record<string, unknown>;

/** The endpoint table as an OpenAPI 3.1 document. */
export function openApiDocument(): Schema {
  const paths: Record<string, Schema> = {};
  for (const [name, endpoint] of Object.entries<Endpoint>(endpoints)) {
    paths[endpoint.path] = {
      ...paths[endpoint.path],
      [endpoint.method.toLowerCase()]: operation(name, endpoint),
    };
  }
  const { replaced, schemas } = shared(paths);
  return {
    openapi: '3.1.0',
    info: {
      title: 'Sluice gateway',
      version: String(CONTRACT_VERSION),
      description: `Queries run over the WebSocket at \`${QUERY_CHANNEL_PATH}?target=NAME\`, subprotocol \`${QUERY_CHANNEL_SUBPROTOCOL}\`; gateway/contract/query-channel.ts describes its messages.`,
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    paths: replaced,
    components: {
      schemas: { ErrorBody: schemaOf(ErrorBody, 'output'), ...schemas },
      securitySchemes: {
        bearer: {
          type: 'http',
          scheme: 'bearer',
          description: 'An access token of the issuer that hello names.',
        },
      },
    },
  };
}

/** Nouns that many replies have in them; they stand in the document once. */
const NOUNS = {
  ActionRecord,
  ShownRequest,
  LiveSession,
  Decision,
  Facts,
  Principal,
  RecordedQuestion,
  ToldRule,
};

/** Puts a reference in the place of each noun. */
function shared(paths: Schema): { replaced: unknown; schemas: Schema } {
  const names = new Map(
    Object.entries(NOUNS).map(([name, noun]) => [JSON.stringify(schemaOf(noun, 'output')), name]),
  );
  const replace = (value: unknown, isOwn = false): unknown => {
    if (typeof value !== 'object' || value === null) return value;
    if (Array.isArray(value)) return value.map((item) => replace(item));
    const name =
      isOwn || !SCHEMA_KEYS.some((key) => key in value) ? undefined : names.get(JSON.stringify(value));
    if (name !== undefined) return { $ref: `#/components/schemas/${name}` };
    return Object.fromEntries(Object.entries(value).map(([key, inside]) => [key, replace(inside)]));
  };
  const schemas = Object.entries(NOUNS).map(([name, noun]) => [
    name,
    replace(schemaOf(noun, 'output'), true),
  ]);
  return { replaced: replace(paths), schemas: Object.fromEntries(schemas) };
}

const SCHEMA_KEYS = ['type', 'oneOf', 'anyOf'];

function operation(name: string, endpoint: Endpoint): Schema {
  const hasBody = endpoint.method === 'POST' && Object.keys(propertiesOf(endpoint.body)).length > 0;
  return {
    operationId: name,
    summary: endpoint.summary,
    ...(endpoint.auth === 'bearer' ? { security: [{ bearer: [] }] } : {}),
    parameters: parameters(endpoint),
    ...(hasBody ? { requestBody: { required: true, content: json(schemaOf(endpoint.body, 'input')) } } : {}),
    responses: {
      200: { description: 'Done.', content: replyOf(endpoint) },
      ...errors(endpoint),
    },
  };
}

function replyOf({ media, reply }: Endpoint): Schema {
  return media === undefined ? json(schemaOf(reply, 'output')) : { [media]: { schema: { type: 'string' } } };
}

function parameters(endpoint: Endpoint): Schema[] {
  const required = z.array(z.string()).catch([]).parse(schemaOf(endpoint.params, 'input').required);
  return Object.entries(propertiesOf(endpoint.params)).map(([name, schema]) => {
    const inPath = endpoint.path.includes(`{${name}}`);
    return { name, in: inPath ? 'path' : 'query', required: inPath || required.includes(name), schema };
  });
}

function errors(endpoint: Endpoint): Schema {
  const all: readonly ErrorCode[] =
    endpoint.auth === 'bearer'
      ? ['identity.signInRequired', ...endpoint.errors, 'internal.fault']
      : endpoint.errors;
  const byStatus = Map.groupBy(new Set(all), (code) => STATUS[code]);
  const content = json({ $ref: '#/components/schemas/ErrorBody' });
  return Object.fromEntries(
    [...byStatus].map(([status, codes]) => [status, { description: codes.join(', '), content }]),
  );
}

function propertiesOf(schema: z.ZodType): Record<string, unknown> {
  return z.record(z.string(), z.unknown()).catch({}).parse(schemaOf(schema, 'input').properties);
}

function schemaOf(schema: z.ZodType, io: 'input' | 'output'): Schema {
  const { $schema: _draft, ...rest } = z.toJSONSchema(schema, { io, unrepresentable: 'any' });
  return Parsed.parse(anyJson(rest));
}

const Parsed = z.record(z.string(), z.unknown());

/** The one recursive schema of the contract is `z.json()`; as JSON Schema, any JSON value is `{}`. */
function anyJson(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(anyJson);
  if (typeof value !== 'object' || value === null) return value;
  if ('$ref' in value) return {};
  return Object.fromEntries(
    Object.entries(value)
      .filter(([key]) => key !== '$defs')
      .map(([key, inside]) => [key, anyJson(inside)]),
  );
}

function json(schema: Schema): Schema {
  return { 'application/json': { schema } };
}

import type { z } from 'zod';
import type { ErrorCode } from './error.ts';

/** One HTTP endpoint. The server registers it, the client calls it, both parse; OpenAPI is generated from it. */
export type Endpoint<
  Params extends z.ZodType = z.ZodType,
  Body extends z.ZodType = z.ZodType,
  Reply extends z.ZodType = z.ZodType,
> = {
  readonly method: 'GET' | 'POST' | 'DELETE';
  /** `{name}` stands for a path parameter; every other key of `params` goes into the query string. */
  readonly path: `/${string}`;
  readonly summary: string;
  readonly auth: 'none' | 'bearer';
  readonly params: Params;
  readonly body: Body;
  /** What the reply is where it is no JSON: its bytes are then sent as they come. */
  readonly media?: string;
  /** Reads or changes much: whoever calls it waits as long as it takes. */
  readonly takesLong?: true;
  readonly reply: Reply;
  readonly errors: readonly ErrorCode[];
};

/** Keeps the exact types of an endpoint's schemas. */
export function endpoint<Params extends z.ZodType, Body extends z.ZodType, Reply extends z.ZodType>(
  definition: Endpoint<Params, Body, Reply>,
): Endpoint<Params, Body, Reply> {
  return definition;
}

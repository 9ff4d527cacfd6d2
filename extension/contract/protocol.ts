import type { z } from 'zod';

/** One question that may be asked, and its answer. */
export type Request<Body extends z.ZodType = z.ZodType, Reply extends z.ZodType = z.ZodType> = {
  readonly body: Body;
  readonly reply: Reply;
};

/** Everything that one end of a channel may say. */
export type Protocol = {
  readonly requests: Readonly<Record<string, Request>>;
  readonly events: Readonly<Record<string, z.ZodType>>;
};

/** Keeps the exact types of a request's schemas. */
export function request<Body extends z.ZodType, Reply extends z.ZodType>(
  body: Body,
  reply: Reply,
): Request<Body, Reply> {
  return { body, reply };
}

export type RequestName<P extends Protocol> = keyof P['requests'] & string;
export type EventName<P extends Protocol> = keyof P['events'] & string;
export type BodyOf<P extends Protocol, Name extends RequestName<P>> = z.input<P['requests'][Name]['body']>;
export type ReplyOf<P extends Protocol, Name extends RequestName<P>> = z.output<P['requests'][Name]['reply']>;
export type EventOf<P extends Protocol, Name extends EventName<P>> = z.input<P['events'][Name]>;

/** What an end must supply to hear everything the other end may say. */
export type Handlers<P extends Protocol> = {
  readonly requests: {
    readonly [Name in RequestName<P>]: (
      body: z.output<P['requests'][Name]['body']>,
    ) => z.input<P['requests'][Name]['reply']> | Promise<z.input<P['requests'][Name]['reply']>>;
  };
  readonly events: {
    readonly [Name in EventName<P>]: (body: z.output<P['events'][Name]>) => void;
  };
};

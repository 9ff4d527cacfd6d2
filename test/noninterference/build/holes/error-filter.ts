import type { withoutValues as whole } from '../../../../gateway/src/proxies/postgres/session/error-filter.ts';

export * from '../../../../gateway/src/proxies/postgres/session/error-filter.ts';

/** Errors and notices come as the server sent them. */
export const withoutValues: typeof whole = (fields) => fields;

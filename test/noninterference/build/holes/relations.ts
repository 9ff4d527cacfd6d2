export * from '../../../../gateway/src/sql/postgres/facts/allowed/relations.ts';

/** Every relation of the server's own may be read. */
export const deniedRelationReason = (): string | null => null;

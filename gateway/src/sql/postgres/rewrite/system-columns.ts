/** They say where a row lies and which transaction wrote it, and nothing of its values. */
export const HARMLESS_SYSTEM_COLUMNS: ReadonlySet<string> = new Set(['ctid', 'xmin', 'tableoid']);

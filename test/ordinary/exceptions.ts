/** Statements that don't pass, or whose results differ by more than masked columns, and why that is right. */
const EXCEPTIONS: ReadonlyArray<{ tool: RegExp; sql: RegExp; reason: string }> = [];

export function exceptionFor(tool: string, sql: string): string | null {
  return EXCEPTIONS.find((entry) => entry.tool.test(tool) && entry.sql.test(sql))?.reason ?? null;
}

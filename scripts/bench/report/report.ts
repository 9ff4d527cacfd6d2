export type Row = Record<string, number | string>;
export type Goal = { goal: string; found: string; met: boolean };

/** What one part of the bench found: tables to print, how it stands to its goals, and everything measured. */
export type Report = { tables: Row[][]; goals: Goal[]; measured: unknown };

export function atLeast(goal: string, found: number, wanted: number): Goal[] {
  if (Number.isNaN(found)) return [];
  return [{ goal: `${goal}: at least ${wanted}`, found: found.toFixed(2), met: found >= wanted }];
}

export function below(goal: string, found: number, wanted: number, unit: string): Goal[] {
  if (Number.isNaN(found)) return [];
  const digits = found < 10 ? 1 : 0;
  return [
    {
      goal: `${goal}: below ${wanted} ${unit}`,
      found: `${found.toFixed(digits)} ${unit}`,
      met: found < wanted,
    },
  ];
}
